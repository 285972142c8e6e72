internal import ArgumentParser
internal import Foundation

/// Measures parts of autotune that no command shows alone; the scripts beside this folder run it next to other programs.
@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autotune-benchmark",
        abstract: "Measure configuration spaces and forests, for the scripts in Benchmarks.",
        subcommands: [SpacesCommand.self, ForestCommand.self])
}

/// What `body` takes of one processor, in seconds, and what it returns: other work on the machine counts for little.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    // Microseconds, as POSIX has it.
    let start = clock()
    let result = try body()
    return (result, Double(clock() - start) / 1e6)
}

/// One document a line, at once: whoever reads waits for it.
func printLine(_ document: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    try FileHandle.standardOutput.write(contentsOf: try encoder.encode(document) + [UInt8(ascii: "\n")])
}
