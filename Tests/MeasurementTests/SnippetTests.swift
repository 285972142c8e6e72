import ConfigSpace
import Foundation
import KernelSpec
import Subprocess
import Testing

@testable import Measurement

/// What is pasted, read by those whose language it is.
@Suite("Configs to paste")
struct SnippetTests {
    /// Values that a language may write otherwise than JSON does.
    private static let values: [(name: String, value: Value)] = [
        ("block_sizes", .list([.int(64), .int(-1)])), ("flatten", .list([.bool(true), .null])), ("empty", .list([])),
        ("indexing", .string("tensor_descriptor")), ("quoted", .string(#"a "b" \ 'c' {x} é"#)),
        ("lines", .string("a\n\tb\u{7}")),
        ("maxnreg", .null), ("eviction", .list([.string(""), .list([.double(0.5), .double(1e-7)])])),
        ("is_fast", .bool(false)),
        ("num_warps", .int(8)), ("num_stages", .int(3)),
    ]

    private func snippet(_ language: Language, _ values: [(name: String, value: Value)] = values) throws -> String {
        let space = try ConfigSpace(
            parameters: values.map {
                Parameter(name: $0.name, domain: .values([.int(-7), $0.value]), defaultValue: $0.value)
            },
            constraints: [])
        return Snippet.text(space.defaultConfig, of: KernelSpec.of(space, language: language))
    }

    /// What Python finds in a call's arguments, as JSON: those by name, with those of a dictionary given by place.
    private func read(_ expression: String) async throws -> Value {
        let script = """
            import ast, json, sys
            call = ast.parse(sys.argv[1], mode="eval").body
            print(json.dumps([ast.unparse(call.func), [ast.literal_eval(each) for each in call.args],
                              {each.arg: ast.literal_eval(each.value) for each in call.keywords}]))
            """
        let result = try await Subprocess.run(
            .name("python3"), arguments: ["-c", script, expression], output: .bytes(limit: 1 << 20),
            error: .string(limit: 1 << 16))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return try JSONDecoder().decode(Value.self, from: Data(result.standardOutput))
    }

    private func object(_ names: (String) -> Bool) -> Value {
        .object(Dictionary(uniqueKeysWithValues: Self.values.filter { names($0.name) }.map { ($0.name, $0.value) }))
    }

    @Test("a Helion config is a decorator in Python that gives every value back")
    func helion() async throws {
        let text = try snippet(.helion)
        let (start, end) = ("@helion.kernel(config=", ")")
        try #require(text.hasPrefix(start) && text.hasSuffix(end) && !text.contains("\n"))
        let call = String(text.dropFirst(start.count).dropLast(end.count))
        #expect(try await read(call) == .list([.string("helion.Config"), .list([]), object { _ in true }]))
    }

    @Test("a Triton config has its options by name, all else in a dictionary, and leaves out an option that is null")
    func triton() async throws {
        let options = ["num_warps", "num_stages"]
        #expect(
            try await read(snippet(.triton))
                == .list([
                    .string("triton.Config"), .list([object { !options.contains($0) && $0 != "maxnreg" }]),
                    object(options.contains),
                ]))
        #expect(
            try snippet(.triton, [("BLOCK", .int(128)), ("maxnreg", .int(64)), ("num_ctas", .int(2))])
                == #"triton.Config({"BLOCK": 128}, maxnreg=64, num_ctas=2)"#)
    }

    @Test(
        "in C it is a header of the macros that the kernel is compiled with",
        arguments: [Language.c, .cPlusPlus, .cuda])
    func header(language: Language) async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(try snippet(language) + "\n", to: "best.h")
        let source = try folder.write(
            """
            #include "best.h"
            enum { tensor_descriptor = 5 };
            #if defined(quoted) || defined(maxnreg) || quoted_INDEX != 1 || is_fast != 0 || block_sizes_COUNT != 2
            #error "what is no macro has its index alone"
            #endif
            int all[indexing == 5 && block_sizes_0 == 64 && block_sizes_1 == -1 && num_warps == 8 && flatten_0 == 1 ? 1 : -1];
            double small = eviction_1_1;
            """, to: "uses.c")
        let result = try await Subprocess.run(
            .name("cc"), arguments: ["-Werror", "-fsyntax-only", source], output: .discarded,
            error: .string(limit: 1 << 16))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    }
}
