import Foundation
import KernelSpec
import Testing

@testable import Guidance

@Suite struct PromptTemplateTests {
    /// A folder with one template in it.
    private func folder(_ name: String, _ text: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "prompts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appending(path: name))
        return folder.path
    }

    private func failure(_ name: String, _ text: String) throws -> String {
        let folder = try folder(name, text)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            _ = try PromptTemplates(language: .c, folder: folder)
            return "no error"
        } catch {
            return error.description.replacingOccurrences(of: folder + "/", with: "")
        }
    }

    @Test("a user's template replaces ours, the others stay")
    func replaces() throws {
        let folder = try folder(
            "initial.mustache", "{{{defaultConfig}}} on {{deviceName}}, {{configsPerRound}} & more\n")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let templates = try PromptTemplates(language: .c, folder: folder)
        let text = templates.render(
            .initial, ["defaultConfig": #"{"a":"<x>"}"#, "deviceName": "<EPYC>", "configsPerRound": 15])
        #expect(text == #"{"a":"<x>"} on <EPYC>, 15 & more"# + "\n")
        #expect(templates.render(.system, ["languageName": "C"]).contains("registers"))
    }

    @Test("the advice for the device stands in the system prompt, as plain text, after a blank line")
    func knobs() throws {
        let ours = try PromptTemplates(language: .c).render(.system, ["languageName": "C"])
        #expect(ours.contains("believe the result.\n\nWhat usually matters on a CPU\n"))
        let folder = try folder("cpu.mustache", "For {{languageName}}.\n")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let theirs = try PromptTemplates(language: .c, folder: folder).render(.system, ["languageName": "<C>"])
        #expect(theirs.contains("believe the result.\nFor <C>.\n"))
    }

    @Test("a misspelt name is an error with its line and the nearest name")
    func misspelt() throws {
        #expect(
            try failure("initial.mustache", "a\n\n{{#parametres}}{{{.}}}{{/parametres}}")
                == "initial.mustache:3: unknown name \"parametres\"; did you mean parameters?")
        #expect(
            try failure("system.mustache", "{{> knob}}")
                == "system.mustache:1: unknown partial \"knob\"; did you mean knobs?")
    }

    @Test("a template that is no template says so")
    func broken() throws {
        #expect(
            try failure("refinement.mustache", "x {{best").hasPrefix("refinement.mustache:1: the tag that opens here"))
        #expect(
            try failure("refinement.mustache", "{{#best}}").hasPrefix("refinement.mustache:1: not a Mustache template"))
    }

    @Test("a file that replaces nothing is a misspelt name")
    func stranger() throws {
        #expect(
            try failure("inital.mustache", "x")
                == "inital.mustache: no template has this name; did you mean initial.mustache? (there are system.mustache, initial.mustache, refinement.mustache, again.mustache, cpu.mustache, cuda.mustache, helion.mustache, triton.mustache)"
        )
    }
}
