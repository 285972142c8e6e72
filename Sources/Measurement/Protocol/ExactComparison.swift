import KernelSpec

/// Integers that have to be the same bit by bit: as Doubles, neighbours beyond 2^53 would pass for each other.
struct ExactComparison {
    let argument: Argument

    /// Applies where no tolerance was asked for; bool and floats have values that several bit patterns stand for.
    init?(_ argument: Argument, _ tolerance: Tolerance) {
        guard argument.dataType.isInteger, tolerance == Tolerance(relative: 0, absolute: 0) else { return nil }
        self.argument = argument
    }

    /// Why the bytes are not the reference's, in words; nil if they are. Both have the same count.
    ///
    /// - Parameter untouched: elements that nobody wrote, which are wrong whatever they hold.
    func difference(_ bytes: [UInt8], from reference: [UInt8], untouched: [Int]) -> String? {
        let width = argument.dataType.byteCount
        var first: Int?
        var offCount = 0
        if bytes != reference {
            for index in 0..<bytes.count / width where !isSame(index, bytes, reference) {
                offCount += 1
                first = first ?? index
            }
        }
        if first == nil { offCount = untouched.count }
        guard let place = first ?? untouched.first else { return nil }
        return argument.description(
            ofElement: place, value: untouched.contains(place) ? nil : argument.text(of: element(place, of: bytes)),
            expected: argument.text(of: element(place, of: reference)), offCount: offCount,
            count: bytes.count / width)
    }

    private func isSame(_ index: Int, _ bytes: [UInt8], _ reference: [UInt8]) -> Bool {
        let place = place(index)
        return bytes[place] == reference[place]
    }

    private func place(_ index: Int) -> Range<Int> {
        let width = argument.dataType.byteCount
        return index * width..<(index + 1) * width
    }

    private func element(_ index: Int, of bytes: [UInt8]) -> [UInt8] { Array(bytes[place(index)]) }
}

extension Argument {
    /// One element's bytes as a value; integers to their last digit.
    func text(of element: [UInt8]) -> String {
        let bits = element.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch dataType {
        case .int64: return "\(Int64(bitPattern: bits))"
        case .uint64: return "\(bits)"
        default: return text(dataType.decode(element).first ?? .nan)
        }
    }
}
