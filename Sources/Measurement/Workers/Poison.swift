import KernelSpec

/// What outputs hold before a verified run, so that an element nobody wrote is seen.
///
/// Floating types hold a NaN that computing does not give, which never passes a comparison. An integer's pattern may be a
/// right result; where it appears, a second run with the other pattern tells.
enum Poison {
    case first
    case second

    func bytes(count: Int, for type: DataType) -> [UInt8] {
        let element = element(of: type)
        guard element.count > 1 else { return [UInt8](repeating: element.first ?? 0, count: count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        bytes += element
        // Doubling: a pattern of many megabytes is copied in a few steps.
        while bytes.count < count { bytes += bytes.prefix(count - bytes.count) }
        return bytes
    }

    /// One element's bytes, little-endian; of wide elements both halves are alike, as devices fill memory.
    func element(of type: DataType) -> [UInt8] {
        switch type {
        case .float8E4M3, .float8E5M2: return [0x7F]
        case .float16: return [0xA5, 0x7E]
        case .bfloat16: return [0xE5, 0x7F]
        case .float32: return [0xA5, 0xA5, 0xE5, 0x7F]
        case .float64: return [0xA5, 0xA5, 0xFC, 0x7F, 0xA5, 0xA5, 0xFC, 0x7F]
        case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64:
            return [UInt8](repeating: self == .first ? 0xA5 : 0x5A, count: type.byteCount)
        }
    }

    /// The elements that still hold the pattern, in order.
    func untouched(in bytes: [UInt8], of type: DataType) -> [Int] {
        let element = element(of: type)
        let width = element.count
        var indices: [Int] = []
        for index in 0..<bytes.count / width where bytes[index * width] == element[0] {
            if (1..<width).allSatisfy({ bytes[index * width + $0] == element[$0] }) { indices.append(index) }
        }
        return indices
    }
}
