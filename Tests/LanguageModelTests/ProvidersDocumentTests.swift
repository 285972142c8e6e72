import Foundation
import Testing

@testable import LanguageModel

/// `Docs/Providers.md` promises a test for each thing it says.
@Suite("The page of providers") struct ProvidersDocumentTests {
    private let tests = URL(filePath: #filePath).deletingLastPathComponent()

    private func page() throws -> String {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "Docs/Providers.md"), encoding: .utf8)
    }

    @Test("each test that it names is there")
    func names() throws {
        let named = try page().matches(of: /`(\w+Tests)\.(\w+)`/)
        #expect(named.count > 50)
        for name in named {
            let file = tests.appending(path: "\(name.output.1).swift")
            let source = try String(contentsOf: file, encoding: .utf8)
            #expect(source.contains("func \(name.output.2)("), "\(name.output.0)")
        }
    }

    @Test("each provider has a row in both of its tables, with a cell for each column")
    func providers() throws {
        for provider in Provider.allCases {
            let rows = try page().split(separator: "\n").filter { line in
                line.split(separator: "|").first?.contains("`\(provider.rawValue)`") ?? false
            }
            let cells = rows.map { $0.split(separator: "|").count { !$0.allSatisfy(\.isWhitespace) } }
            #expect(cells == [4, 6], "\(provider)")
        }
    }
}
