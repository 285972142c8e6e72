import Testing

@testable import Measurement

@Suite("Lines of a byte stream")
struct LineSplitterTests {
    @Test("lines are the same however the bytes are cut")
    func chunks() {
        let text = Array("one\n\ntwo\u{2028}still two\nrest".utf8)
        for size in 1...text.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: size) {
                splitter.append(text[start..<min(start + size, text.count)])
                while let line = splitter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
            }
            #expect(lines == ["one", "", "two\u{2028}still two"])
            #expect(Array(splitter.rest) == Array("rest".utf8))
        }
    }
}
