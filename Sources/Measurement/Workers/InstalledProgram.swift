import FoundationEssentials
import Subprocess
import SystemPackage

/// A program of this machine that compiles or runs kernels, as far as it says itself.
public struct InstalledProgram: Sendable, Equatable {
    public var command: [String]
    /// What it printed; nil where it cannot be run.
    public var output: String?
    /// Why it is of no use.
    public var problem: String?

    private static let mostBytes = 1 << 16

    /// Runs a program and takes what it prints on standard output.
    ///
    /// - Parameters:
    ///   - command: The program, found as a shell would find it, and its own arguments.
    ///   - arguments: What it is asked.
    public init(_ command: [String], asking arguments: [String]) async {
        self.command = command
        guard let program = command.first, !program.isEmpty else {
            problem = "no program is named"
            return
        }
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst()) + arguments), input: .none,
                output: .string(limit: Self.mostBytes), error: .string(limit: Self.mostBytes))
            guard result.terminationStatus.isSuccess else {
                let lines = result.standardError.split(whereSeparator: \.isNewline)
                problem = lines.last.map(String.init) ?? "it ended with \(result.terminationStatus)"
                return
            }
            output = result.standardOutput
        } catch {
            problem = "it cannot be run: \(error)"
        }
    }

    /// The C compiler that kernels in C are compiled with, or the C++ one, where a spec names none.
    public static func compiler(cPlusPlus: Bool, environment: [String: String]) async -> InstalledProgram {
        let named = environment[cPlusPlus ? "CXX" : "CC"]?.split(separator: " ").map(String.init) ?? []
        let command = named.isEmpty ? [cPlusPlus ? "c++" : "cc"] : named
        return await InstalledProgram(command, asking: ["--version"])
    }

    /// The first line of what it printed.
    public var version: String? { output?.split(whereSeparator: \.isNewline).first.map(String.init) }
}

/// An interpreter, and what kernels in Python need of it.
public struct PythonInstallation: Sendable, Equatable {
    public struct Package: Sendable, Equatable, Decodable {
        public var name: String
        public var version: String?
        /// Why it cannot be imported.
        public var problem: String?
    }

    private struct Answer: Decodable {
        var version: String
        var packages: [Package]
    }

    public var interpreter: InstalledProgram
    public var version: String?
    public var packages: [Package] = []

    /// Imports each package, as a worker would: what merely lies there may still not work.
    private static let question = """
        import importlib, json, platform
        packages = []
        for name in ("torch", "triton", "helion"):
            found = {"name": name}
            try:
                module = importlib.import_module(name)
                found["version"] = str(getattr(module, "__version__", "of an unknown version"))
            except BaseException as error:
                found["problem"] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            packages.append(found)
        print("\\n" + json.dumps({"version": platform.python_version(), "packages": packages}))
        """

    /// - Parameter command: The interpreter, as `--python` names it.
    public static func find(_ command: String) async -> PythonInstallation {
        let interpreter = await InstalledProgram([command], asking: ["-c", question])
        var found = PythonInstallation(interpreter: interpreter)
        // Packages may print when they are imported: the answer is the last line.
        if let line = interpreter.output?.split(whereSeparator: \.isNewline).last,
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(line.utf8))
        {
            (found.version, found.packages) = (answer.version, answer.packages)
        }
        return found
    }
}
