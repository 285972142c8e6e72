#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A .npy file (format versions 1 to 3), little-endian, in C order.
struct NumPyFile {
    let path: String
    /// NumPy's type descriptor, such as `<f4`.
    let descriptor: String
    let shape: [Int]
    private let content: Data
    private let dataStart: Int

    /// Reads the header.
    init(path: String) throws(SpecError) {
        self.path = path
        let data = try InputFile.read(path)
        guard data.count >= 12, data.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw SpecError(file: path, message: "is not a .npy file", help: "write it with numpy.save")
        }
        let version = data[data.startIndex + 6]
        guard (1...3).contains(version) else {
            throw SpecError(file: path, message: "has .npy version \(version)", help: "versions 1 to 3 are read")
        }
        let lengthSize = version == 1 ? 2 : 4
        let length = (0..<lengthSize).reduce(0) { $0 | Int(data[data.startIndex + 8 + $1]) << (8 * $1) }
        let start = 8 + lengthSize + length
        guard length <= 1 << 20, start <= data.count else {
            throw SpecError(file: path, message: "ends inside its header", help: "write it again")
        }
        let text = String(decoding: data.dropFirst(8 + lengthSize).prefix(length), as: UTF8.self)
        guard let header = NumPyHeader(text) else {
            throw SpecError(
                file: path, message: "has a header that cannot be read: \(text.prefix(80))",
                help: "write a plain array (no record type) with numpy.save")
        }
        guard !header.descriptor.hasPrefix(">") else {
            throw SpecError(
                file: path, message: "is big-endian (\(header.descriptor))", help: "save it as little-endian")
        }
        guard !header.isFortranOrder || header.shape.filter({ $0 != 1 }).count <= 1 else {
            throw SpecError(
                file: path, message: "is in Fortran order", help: "save numpy.ascontiguousarray of it")
        }
        descriptor = header.descriptor
        shape = header.shape
        content = data
        dataStart = start
    }

    /// The elements' bytes as the argument lies in memory, if the file has its type and shape.
    func elements(for argument: Argument) throws(SpecError) -> [UInt8] {
        try check(argument)
        let rowMajor = [UInt8](content.dropFirst(dataStart).prefix(argument.byteCount))
        return argument.layout?.arranged(rowMajor, elementBytes: argument.dataType.byteCount) ?? rowMajor
    }

    /// - Throws: when type, shape or length differ from the argument's.
    func check(_ argument: Argument) throws(SpecError) {
        let type = argument.dataType
        guard type.numPyDescriptors.contains(String(descriptor.drop { "<=|".contains($0) })) else {
            throw SpecError(
                file: path, message: "holds \(descriptor), and \(argument.name) is \(type.rawValue)",
                help: "save it with the argument's type")
        }
        if case .array(let expected, _, _) = argument.kind, shape != expected {
            throw SpecError(
                file: path, message: "has shape \(shape), and \(argument.name) has \(expected)",
                help: "save it with the argument's shape")
        }
        let found = content.count - dataStart
        guard found >= argument.byteCount else {
            throw SpecError(
                file: path, message: "ends after \(found) of \(argument.byteCount) bytes", help: "write it again")
        }
    }
}

extension DataType {
    /// How NumPy's files name the type, without the byte order; types that NumPy does not have come as raw bytes or
    /// unsigned integers of their size.
    fileprivate var numPyDescriptors: [String] {
        switch self {
        case .bool: ["b1"]
        case .int8, .int16, .int32, .int64: ["i\(byteCount)"]
        case .uint8, .uint16, .uint32, .uint64: ["u\(byteCount)"]
        case .float16, .float32, .float64: ["f\(byteCount)"]
        case .float8E4M3, .float8E5M2: ["V1", "u1"]
        case .bfloat16: ["V2", "u2"]
        }
    }
}

/// The three entries of a .npy header, a Python dictionary literal.
private struct NumPyHeader {
    var descriptor = ""
    var isFortranOrder = false
    var shape: [Int] = []

    init?(_ text: String) {
        guard let type = Self.entry("descr", in: text), let quote = type.first, quote == "'" || quote == "\"",
            let end = type.dropFirst().firstIndex(of: quote)
        else { return nil }
        descriptor = String(type[type.index(after: type.startIndex)..<end])
        guard let order = Self.entry("fortran_order", in: text),
            order.hasPrefix("True") || order.hasPrefix("False")
        else { return nil }
        isFortranOrder = order.hasPrefix("True")
        guard let tuple = Self.entry("shape", in: text), tuple.first == "(", let close = tuple.firstIndex(of: ")")
        else { return nil }
        for extent in tuple[..<close].dropFirst().split(separator: ",") {
            let digits = extent.drop { $0 == " " }
            if digits.isEmpty { continue }
            guard let count = Int(digits), count >= 0 else { return nil }
            shape.append(count)
        }
    }

    /// What follows the key, from the value's first character on.
    private static func entry(_ name: String, in text: String) -> Substring? {
        for quote in ["'", "\""] {
            let key = "\(quote)\(name)\(quote)"
            guard let range = text.firstRange(of: key) else { continue }
            let rest = text[range.upperBound...].drop { $0 == " " }
            guard rest.first == ":" else { return nil }
            return rest.dropFirst().drop { $0 == " " }
        }
        return nil
    }
}
