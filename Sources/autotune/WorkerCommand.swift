internal import ArgumentParser
internal import Measurement

/// `autotune worker`: compiles and runs kernels for the program that started it. Not for people.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Serve the worker protocol on standard input and output.",
        shouldDisplay: false)

    func run() async throws {
        let status = await WorkerMain.run()
        if status != 0 { throw ExitCode(status) }
    }
}
