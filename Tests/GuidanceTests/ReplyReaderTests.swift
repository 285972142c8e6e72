import ConfigSpace
import Testing

@testable import Guidance

@Suite struct ReplyReaderTests {
    /// What most of the replies below mean.
    static let two: [ReadReply.Item] = [
        .proposal(.object(["tile": .int(64), "order": .list([.int(1), .int(0)])])),
        .proposal(.object(["fast": .bool(true), "mode": .null])),
    ]

    @Test(
        "configs are found however a model writes them",
        arguments: [
            #"{"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null}]}"#,
            "```json\n{\"configs\": [\n  {\"tile\": 64, \"order\": [1, 0]},\n  {\"fast\": true, \"mode\": null}\n]}\n```",
            #"Here {as asked} are two: {"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null}]} Good luck [1]!"#,
            #"[{"tile":64,"order":[1,0]},{"fast":true,"mode":null}]"#,
            "{'configs': [{'tile': 64, 'order': (1, 0)}, {'fast': True, 'mode': None}]}",
            #"{"configs":[{"tile":64,"order":[1,0,],},{"fast":true,"mode":null,},],}"#,
            "{\"tile\":64,\"order\":[1,0]}\n{\"fast\":true,\"mode\":null}",
            "{configs: [{tile: 64, order: [1, 0]}, // the first\n {fast: true, mode: null} # the second\n]}",
            #"{"configs":[{"tile":64,"order":[1,0]} {"fast":true,"mode":null}]}"#,
            #"{"thoughts":{"a":1},"configs":[{"config":{"tile":64,"order":[1,0]}},{"fast":true,"mode":null}]}"#,
            #"{"configs":[{"tile":1}]} No, better: {"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null}]}"#,
        ])
    func found(reply: String) {
        #expect(ReplyReader.read(reply) == ReadReply(items: Self.two, isCutOff: false))
    }

    @Test(
        "of a reply that is cut off, the complete configs count",
        arguments: [
            #"{"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null},{"tile":12"#,
            #"{"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null},{"ti"#,
            #"{"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null}"#,
            "```\n{\"configs\":[{\"tile\":64,\"order\":[1,0]},{\"fast\":true,\"mode\":null},",
        ])
    func cutOff(reply: String) {
        #expect(ReplyReader.read(reply) == ReadReply(items: Self.two, isCutOff: true))
    }

    @Test(
        "the format repeated in prose takes no configs back",
        arguments: [
            #"{"configs":[{"tile":64,"order":[1,0]},{"fast":true,"mode":null}]} This is the {"configs":[…]} you asked for."#,
            #"In the form {"configs":[...]}: [{"tile":64,"order":[1,0]},{"fast":true,"mode":null}]"#,
        ])
    func echoed(reply: String) {
        #expect(ReplyReader.read(reply).items == Self.two)
    }

    @Test("a value that nests too deeply costs its config, not those behind it")
    func deep() {
        let deep = String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)
        let read = ReplyReader.read(#"{"configs":[{"tile":8},{"tile":\#(deep)},{"tile":64}]}"#)
        #expect(read.items.count == 3 && !read.isCutOff)
        #expect(read.items[2] == .proposal(.object(["tile": .int(64)])))
    }

    @Test("what is no JSON value makes its config unreadable, and only that one")
    func unreadable() {
        let reply = #"{"configs":[{"indexing":["pointer"] * 4,"tile":8},{"tile":64},{"tile":2**6},{"tile":1e999}]}"#
        let items = ReplyReader.read(reply).items
        #expect(items.count == 4)
        #expect(items[0] == .unreadable(text: #"{"tile":8}"#, reason: #"indexing: not JSON: ["pointer"] * 4"#))
        #expect(items[1] == .proposal(.object(["tile": .int(64)])))
        #expect(items[2] == .unreadable(text: "{}", reason: "tile: not a number: 2**6"))
        #expect(items[3] == .unreadable(text: "{}", reason: "tile: not a number: 1e999"))
    }

    @Test("a field given twice with different values is not guessed at")
    func twice() {
        let reply = #"{"configs":[{"tile":8,"tile":16},{"tile":8,"tile":8}]}"#
        #expect(
            ReplyReader.read(reply).items == [
                .unreadable(text: #"{"tile":16}"#, reason: "tile is given twice, with different values"),
                .proposal(.object(["tile": .int(8)])),
            ])
    }

    @Test("strings keep their escapes, numbers their kind")
    func scalars() {
        let reply = #"{"configs":[{"a":"x\"y\u00e9\n","b":-1.5,"c":64.0,"d":"64"}]}"#
        let expected: [String: Value] = [
            "a": .string("x\"yé\n"), "b": .double(-1.5), "c": .double(64), "d": .string("64"),
        ]
        #expect(ReplyReader.read(reply).items == [.proposal(.object(expected))])
    }

    @Test(
        "a reply without configs brings none",
        arguments: ["", "I cannot help with that.", "{}", "[]", #"{"configs":[]}"#, "[1,2]"])
    func none(reply: String) {
        #expect(ReplyReader.read(reply).items.isEmpty)
    }
}
