import Testing

@testable import LanguageModel

@Suite("Server-sent events") struct ServerSentEventTests {
    private func events(_ pieces: [[UInt8]]) -> [StreamEvent] {
        var parser = ServerSentEventParser()
        return pieces.flatMap { parser.take($0) } + parser.end()
    }

    @Test("events are found wherever the stream is cut, within a character too, and whatever ends its lines")
    func cuts() {
        let expected = [
            StreamEvent(name: "delta", data: #"{"t":"zwölf 🧮"}"#), StreamEvent(name: nil, data: "one\ntwo"),
            StreamEvent(name: nil, data: ""),
        ]
        for end in ["\n", "\r\n", "\r"] {
            let lines = [
                "\u{FEFF}event: delta", #"data: {"t":"zwölf 🧮"}"#, "", ": a comment", "", "id: 7", "data:one",
                "data: two",
                "", "data", "", "event: without data", "",
            ]
            let bytes = Array(lines.map { $0 + end }.joined().utf8)
            for first in 0...bytes.count {
                #expect(
                    events([Array(bytes[..<first]), Array(bytes[first...])]).filter { $0.data != "" } + [expected[2]]
                        == expected)
            }
            #expect(events(bytes.map { [$0] }).prefix(2) == expected.prefix(2))
        }
    }

    @Test("one space after the colon belongs to the format, a second one to the data")
    func spaces() {
        #expect(events([Array("data:  x \n\n".utf8)]) == [StreamEvent(name: nil, data: " x ")])
    }

    @Test("a last event without its blank line counts, an unfinished line too")
    func end() {
        #expect(events([Array("data: a\n\ndata: [DONE]".utf8)]).map(\.data) == ["a", "[DONE]"])
    }

    @Test("bytes that are no UTF-8 spoil no other event")
    func notUTF8() {
        let bytes = Array("data: ".utf8) + [0xFF, 0xC3] + Array("\n\ndata: b\n\n".utf8)
        #expect(events([bytes]).map(\.data) == ["\u{FFFD}\u{FFFD}", "b"])
    }
}

@Suite("UTF-8 in pieces") struct UTF8PiecesTests {
    @Test("characters are whole wherever the bytes are cut")
    func cuts() {
        let text = "aé€🧮z"
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var pieces = UTF8Pieces()
                let parts = [bytes[..<first], bytes[first..<second], bytes[second...]].map { pieces.take(Array($0)) }
                #expect(parts.joined() + pieces.end() == text)
            }
        }
    }

    @Test("a character that never ends is replaced, not lost")
    func cutOff() {
        var pieces = UTF8Pieces()
        #expect(pieces.take([0x61, 0xF0, 0x9F]) == "a")
        #expect(pieces.end() == "\u{FFFD}")
    }
}
