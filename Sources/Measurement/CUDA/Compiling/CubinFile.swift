/// What a CUBIN, an ELF file of NVIDIA's, says of its kernels.
///
/// Not all that ptxas tells is in it (spills are not), but it is there when ptxas's words were lost.
struct CubinFile: Sendable {
    /// Registers and stack of each kernel and device function, by its symbol.
    private(set) var functions: [String: CompiledResources] = [:]

    /// A file that is not read to its end for being none, or for being cut off, has no functions.
    init(_ image: [UInt8]) {
        let file = LittleEndianBytes(image)
        guard image.starts(with: [0x7F, 0x45, 0x4C, 0x46]), let start = file.number(at: 0x28, 8),
            let size = file.number(at: 0x3A, 2), let count = file.number(at: 0x3C, 2),
            let sections = Self.sections(file, start, size, count),
            let symbols = sections.first(where: { $0.kind == Self.symbolTableKind }), symbols.link < sections.count,
            let functions = Self.functions(file, sections, symbols, names: sections[symbols.link])
        else { return }
        self.functions = functions
    }

    private struct Section {
        var kind: Int
        var offset: Int
        var size: Int
        var link: Int
    }

    private static let symbolTableKind = 2
    private static let symbolSize = 24
    /// The section ".nv.info", by its type.
    private static let informationKind = 0x7000_0000
    /// An entry with a size and a payload of so many bytes; other entries are 4 bytes long.
    private static let sizedFormat = 4
    private static let registersAttribute = 0x2F
    private static let frameAttribute = 0x11

    private static func sections(_ file: LittleEndianBytes, _ start: Int, _ size: Int, _ count: Int) -> [Section]? {
        var sections: [Section] = []
        for index in 0..<count {
            let place = start + index * size
            guard let kind = file.number(at: place + 4, 4), let offset = file.number(at: place + 24, 8),
                let bytes = file.number(at: place + 32, 8), let link = file.number(at: place + 40, 4)
            else { return nil }
            sections.append(Section(kind: kind, offset: offset, size: bytes, link: link))
        }
        return sections
    }

    private static func functions(
        _ file: LittleEndianBytes, _ sections: [Section], _ symbols: Section, names: Section
    ) -> [String: CompiledResources]? {
        var functions: [String: CompiledResources] = [:]
        for section in sections where section.kind == informationKind {
            var place = section.offset
            while place < section.offset + section.size {
                guard let format = file.number(at: place, 1), let attribute = file.number(at: place + 1, 1),
                    let size = file.number(at: place + 2, 2)
                else { return nil }
                if format == sizedFormat, attribute == registersAttribute || attribute == frameAttribute {
                    guard let symbol = file.number(at: place + 4, 4), let value = file.number(at: place + 8, 4),
                        let name = file.number(at: symbols.offset + symbol * symbolSize, 4),
                        let text = file.text(at: names.offset + name)
                    else { return nil }
                    if attribute == registersAttribute {
                        functions[text, default: CompiledResources()].registersPerThread = value
                    } else {
                        functions[text, default: CompiledResources()].stackBytes = value
                    }
                }
                place += 4 + (format == sizedFormat ? size : 0)
            }
        }
        return functions
    }
}

private struct LittleEndianBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Of `size` bytes; nil beyond the end, and for what no offset or count can be.
    func number(at offset: Int, _ size: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let value = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
        return value < 1 << 40 ? Int(value) : nil
    }

    /// Up to the next zero byte.
    func text(at offset: Int) -> String? {
        guard bytes.indices.contains(offset) else { return nil }
        return String(decoding: bytes[offset...].prefix { $0 != 0 }, as: UTF8.self)
    }
}
