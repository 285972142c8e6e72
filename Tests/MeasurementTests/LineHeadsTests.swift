import Testing

@testable import Measurement

@Suite("Beginnings of lines")
struct LineHeadsTests {
    @Test("beginnings are the same however the bytes are cut")
    func chunks() {
        let text = Array("one\n\nsomewhat longer\nthe rest".utf8)
        for size in 1...text.count {
            var heads = LineHeads(mostBytes: 5)
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: size) {
                heads.append(text[start..<min(start + size, text.count)]) {
                    lines.append(String(decoding: $0, as: UTF8.self))
                }
            }
            #expect(lines == ["one", "", "somew"])
            #expect(heads.unfinished == Array("the r".utf8))
        }
    }

    @Test("a line that never ends takes no more memory than its beginning, and is still the last words")
    func endless() {
        var heads = LineHeads(mostBytes: 300)
        let tail = StandardErrorTail()
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        for _ in 0..<50 {
            heads.append(chunk) { _ in Issue.record("no line ended") }
            tail.append(chunk)
        }
        #expect(heads.unfinished.count == 300)
        #expect(tail.lastLine == String(repeating: "x", count: 300))
    }

    @Test("words without a line feed are not taken for the next call's")
    func cleared() {
        let tail = StandardErrorTail()
        tail.append(Array("of an earlier call".utf8))
        tail.clear()
        #expect(tail.lastLine == nil)
    }
}
