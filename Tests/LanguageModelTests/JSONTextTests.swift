import Foundation
import Testing

@testable import LanguageModel

@Suite("JSON that is sent") struct JSONTextTests {
    @Test("every character survives the way through JSON")
    func characters() throws {
        let text = String(String.UnicodeScalarView((0..<0x3000).compactMap(UnicodeScalar.init))) + "\u{2028}🧮\u{10FFFF}"
        let read = try JSONSerialization.jsonObject(with: Data(JSONText.array([.string(text)]).utf8)) as? [String]
        #expect(read == [text])
    }

    @Test("members stay in order, those without a value are left out, and JSON goes in as it is")
    func members() {
        let json = JSONText.members([
            "z": 1, "none": nil, "a": .double(0.5), "t": true, "j": .json(#"{"y":1,"b":2}"#), "w": .double(2),
            "l": .array(["x", .object([])]),
        ])
        #expect(
            String(decoding: json.utf8, as: UTF8.self)
                == #"{"z":1,"a":0.5,"t":true,"j":{"y":1,"b":2},"w":2,"l":["x",{}]}"#)
    }
}
