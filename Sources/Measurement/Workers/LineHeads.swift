/// The beginnings of the lines of a byte stream; what a line has beyond the limit is not kept, however long it grows.
struct LineHeads: Sendable {
    let mostBytes: Int
    /// The beginning of what came after the last line feed.
    private(set) var unfinished: [UInt8] = []

    init(mostBytes: Int) {
        self.mostBytes = mostBytes
    }

    /// Takes in `chunk` and hands out the beginning of each line that it completes.
    mutating func append(_ chunk: some Collection<UInt8>, complete: ([UInt8]) -> Void) {
        var rest = chunk[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            extend(rest[..<end])
            complete(unfinished)
            unfinished.removeAll()
            rest = rest[rest.index(after: end)...]
        }
        extend(rest)
    }

    /// Forgets the beginning of an unfinished line.
    mutating func clear() {
        unfinished.removeAll()
    }

    private mutating func extend(_ bytes: some Collection<UInt8>) {
        unfinished.append(contentsOf: bytes.prefix(mostBytes - unfinished.count))
    }
}
