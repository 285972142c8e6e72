internal import ConfigSpace
internal import Foundation
public import KernelSpec
internal import Mustache
internal import Prompts

/// The prompts' templates: those that ship with the program, each replaced by the user's own where there is one.
public struct PromptTemplates: Sendable {
    private let library: MustacheLibrary

    /// The templates for a language.
    ///
    /// - Parameter folder: files named like ours (`system.mustache`, …) that replace them; nil for none.
    public init(language: Language, folder: String? = nil) throws(PromptTemplateError) {
        let knobs = Self.knobs(of: language)
        var library = MustacheLibrary()
        try Self.refuseStrangers(in: folder)
        for template in Prompts.allCases {
            let (text, origin) = try Self.text(of: template, folder: folder)
            guard template == knobs || !Self.isKnobs(template) else { continue }
            try PromptKeys.check(text, of: template, origin: origin)
            do {
                // Prompts are plain text: without this line, {{name}} would be escaped for HTML.
                let plain = "{{% CONTENT_TYPE:TEXT}}\n" + text
                try library.register(plain, named: template == knobs ? "knobs" : template.rawValue)
            } catch let error as MustacheTemplate.ParserError {
                throw PromptTemplateError(
                    file: origin, line: max(1, error.context.lineNumber - 1),
                    message: "not a Mustache template: \(error.error)")
            } catch {
                throw PromptTemplateError(file: origin, line: nil, message: "not a Mustache template: \(error)")
            }
        }
        self.library = library
    }

    /// Renders one template; `context` holds the keys that `PromptKeys` lists for it.
    func render(_ template: Prompts, _ context: [String: Any]) -> String {
        let text = library.render(context, withTemplate: template.rawValue) ?? ""
        return text.trimmingCharacters(in: .newlines) + "\n"
    }

    private static func knobs(of language: Language) -> Prompts {
        switch language {
        case .c, .cPlusPlus: .cpu
        case .cuda, .openCL, .hip: .cuda
        case .helion: .helion
        case .triton: .triton
        }
    }

    private static func isKnobs(_ template: Prompts) -> Bool {
        [.cpu, .cuda, .helion, .triton].contains(template)
    }

    private static func text(
        of template: Prompts, folder: String?
    ) throws(PromptTemplateError) -> (text: String, origin: String) {
        guard let folder else { return (template.text, template.fileName) }
        let path = folder + "/" + template.fileName
        guard FileManager.default.fileExists(atPath: path) else { return (template.text, template.fileName) }
        do {
            return (try String(contentsOfFile: path, encoding: .utf8), path)
        } catch {
            throw PromptTemplateError(file: path, line: nil, message: "cannot be read as UTF-8 text")
        }
    }

    /// A file that replaces nothing is a misspelt name, and would be passed over in silence.
    private static func refuseStrangers(in folder: String?) throws(PromptTemplateError) {
        guard let folder else { return }
        let known = Prompts.allCases.map(\.fileName)
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw PromptTemplateError(file: folder, line: nil, message: "no such folder of templates")
        }
        for file in files.sorted() where file.hasSuffix(".mustache") && !known.contains(file) {
            let likely = nearest(to: file, among: known).map { "; did you mean \($0)?" } ?? ""
            throw PromptTemplateError(
                file: "\(folder)/\(file)", line: nil,
                message: "no template has this name\(likely) (there are \(known.joined(separator: ", ")))")
        }
    }
}

/// A template that cannot be used, and where in it.
public struct PromptTemplateError: Error, Equatable, CustomStringConvertible {
    public let file: String
    public let line: Int?
    public let message: String

    public var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(message)"
    }
}
