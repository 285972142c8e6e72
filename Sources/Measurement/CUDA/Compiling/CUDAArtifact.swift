import FoundationEssentials

/// A compiled program: machine code for one architecture and what is known of it, in memory or in one file.
struct CUDAArtifact: Sendable, Equatable {
    /// The CUBIN.
    var image: [UInt8]
    /// Names in the machine code by the program's names: `matmul<float, 4>` is `_Z6matmulIfLi4EEvPT_`.
    var symbols: [String: String]
    /// By names in the machine code.
    var kernels: [String: CompiledResources]

    /// What the kernel of this name takes, as it is told to the user.
    func resources(of name: String) -> Resources {
        let kernel = symbols[name].flatMap { kernels[$0] }
        return Resources(
            registersPerThread: kernel?.registersPerThread, spillBytes: kernel?.spillBytes,
            sharedMemoryBytes: kernel?.sharedBytes, codeBytes: image.count)
    }

    /// The first line of a file; the image follows.
    private struct Head: Codable {
        var format = Head.currentFormat
        var symbols: [String: String]
        var kernels: [String: CompiledResources]
        var imageBytes: Int
        var imageHash: String

        static let currentFormat = 1
    }

    func encoded() throws -> [UInt8] {
        let head = Head(
            symbols: symbols, kernels: kernels, imageBytes: image.count, imageHash: ContentHash(image).text)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(head)) + [UInt8(ascii: "\n")] + image
    }

    /// Nil for anything but a whole file of this format.
    init?(decoding bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let head = try? JSONDecoder().decode(Head.self, from: Data(bytes[..<end])),
            head.format == Head.currentFormat
        else { return nil }
        let image = Array(bytes[(end + 1)...])
        guard image.count == head.imageBytes, ContentHash(image).text == head.imageHash else { return nil }
        self.init(image: image, symbols: head.symbols, kernels: head.kernels)
    }

    init(image: [UInt8], symbols: [String: String], kernels: [String: CompiledResources]) {
        (self.image, self.symbols, self.kernels) = (image, symbols, kernels)
    }
}
