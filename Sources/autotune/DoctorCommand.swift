internal import ArgumentParser
internal import Foundation
internal import LanguageModel
internal import Measurement
internal import Reporting
internal import Tuning

/// `autotune doctor`: tries everything that a run would need, and says what to do for what does not work.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Try what a run needs (compilers, CUDA, Python, the model) and say what to do for what does not work.",
        discussion: """
            The model is asked for one word. Exit codes: 0 kernels of some language can be tuned with the model that is
            configured, 69 not.
            """)

    @Option(help: ArgumentHelp("Interpreter for kernels in Helion and Triton.", valueName: "python"))
    var python = EvaluatorOptions.defaultPython

    @OptionGroup(title: "Language model") var model: ModelOptionGroup

    @Flag(help: "Print one JSON document.")
    var json = false

    private struct Finding: Encodable {
        var subject: String
        var works: Bool
        var tells: String
        var advice: String?
    }

    func run() async throws {
        Interruption.surviveBrokenPipes()
        let command = self
        try await Failure.reporting {
            let findings = await command.findings()
            let text =
                command.json
                ? String(decoding: try JSONFiles.documentEncoder.encode(findings), as: UTF8.self)
                : Text.printable(Self.text(findings))
            print(text)
            let works = Set(findings.filter(\.works).map(\.subject))
            let measures = !works.isDisjoint(with: ["C", "C++", "CUDA", "Triton", "Helion"])
            guard measures, works.contains("model") else { throw ExitCode(EX_UNAVAILABLE) }
        }
    }

    private static func text(_ findings: [Finding]) -> String {
        findings.map { finding in
            let subject = finding.subject.padding(toLength: 7, withPad: " ", startingAt: 0)
            let advice = finding.advice.map { "\n                   \($0)" } ?? ""
            return "\(subject) \(finding.works ? "works    " : "no       ") \(finding.tells)\(advice)"
        }.joined(separator: "\n")
    }

    private func findings() async -> [Finding] {
        let environment = ProcessInfo.processInfo.environment
        async let c = InstalledProgram.compiler(cPlusPlus: false, environment: environment)
        async let cPlusPlus = InstalledProgram.compiler(cPlusPlus: true, environment: environment)
        async let interpreter = PythonInstallation.find(python)
        async let answer = asked(environment)
        let cuda = Self.cuda(environment)
        return await [
            Self.compiler(c, "C", variable: "CC"), Self.compiler(cPlusPlus, "C++", variable: "CXX"), cuda,
        ] + Self.python(interpreter, hasDevice: cuda.works || Self.hasDevice(environment)) + [answer]
    }

    private static func compiler(_ found: InstalledProgram, _ language: String, variable: String) -> Finding {
        let name = found.command.joined(separator: " ")
        if let version = found.version { return Finding(subject: language, works: true, tells: "\(name): \(version)") }
        return Finding(
            subject: language, works: false, tells: "\(name): \(found.problem ?? "it says nothing")",
            advice: "Install a compiler (Debian: gcc, g++), or name one in \(variable).")
    }

    private static func hasDevice(_ environment: [String: String]) -> Bool {
        !CUDAInstallation.find(environment: environment).devices.isEmpty
    }

    private static func cuda(_ environment: [String: String]) -> Finding {
        let found = CUDAInstallation.find(environment: environment)
        guard found.isComplete else {
            let missing = [found.driver, found.nvrtc].first { !$0.isUsable }
            let tells = missing.map { "\($0.name): \($0.problem ?? "not found")" } ?? "no device"
            return Finding(
                subject: "CUDA", works: false, tells: tells,
                advice: "`autotune devices` says where it was looked for, and what to install.")
        }
        let version = found.nvrtc.version.map { ", NVRTC \($0)" } ?? ""
        let names = found.devices.map(\.name).joined(separator: ", ")
        return Finding(subject: "CUDA", works: true, tells: "\(names)\(version)")
    }

    private static func python(_ found: PythonInstallation, hasDevice: Bool) -> [Finding] {
        guard let version = found.version else {
            return ["Triton", "Helion"].map { subject in
                Finding(
                    subject: subject, works: false,
                    tells: "\(found.interpreter.command.joined()): \(found.interpreter.problem ?? "no answer")",
                    advice: "Name an interpreter with --python.")
            }
        }
        return [("Triton", ["torch", "triton"]), ("Helion", ["torch", "triton", "helion"])].map { subject, names in
            let packages = found.packages.filter { names.contains($0.name) }
            let works = packages.allSatisfy { $0.version != nil }
            let tells = packages.map { "\($0.name) \($0.version ?? "(\($0.problem ?? "not found"))")" }
            let missing = packages.filter { $0.version == nil }.map(\.name).joined(separator: " ")
            let noDevice = works && !hasDevice
            return Finding(
                subject: subject, works: works && hasDevice,
                tells: "Python \(version), \(tells.joined(separator: ", "))\(noDevice ? "; no device" : "")",
                advice: works ? nil : "Install it there (pip install \(missing)), or name an interpreter with --python."
            )
        }
    }

    private static let question = Message(role: .user, content: "Answer with the one word: ready")

    private func asked(_ environment: [String: String]) async -> Finding {
        do {
            let choice = try ProviderChoice(model.options(), environment: environment)
            let model = try model.make()
            guard choice.provider != .replay else {
                return Finding(subject: "model", works: true, tells: "\(model.name): recorded replies, nothing to ask")
            }
            let start = ContinuousClock.now
            let reply = try await model.reply(to: ModelRequest(messages: [Self.question]))
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let tokens = reply.usage.flatMap { usage in
                usage.inputTokens.map { "\($0) + \(usage.outputTokens ?? 0) tokens" }
            }
            let notes = reply.notes.map { "; \($0)" }.joined()
            return Finding(
                subject: "model", works: true,
                tells:
                    "\(model.name) answered in \(String(format: "%.1f", seconds)) s\(tokens.map { ", \($0)" } ?? "")\(notes)"
            )
        } catch {
            return Finding(
                subject: "model", works: false, tells: error.message,
                advice: error.help)
        }
    }
}
