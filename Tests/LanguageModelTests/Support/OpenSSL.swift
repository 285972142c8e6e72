import Foundation
import Testing

/// openssl, as a program.
enum OpenSSL {
    static func start(_ arguments: [String]) throws -> (process: Process, input: Pipe, output: Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, input, output)
    }
}

extension Pipe {
    /// Reads until the pattern is found, and gives what its group matched.
    func text(until pattern: Regex<(Substring, Substring)>) throws -> String {
        var said = ""
        while true {
            let data = fileHandleForReading.availableData
            try #require(!data.isEmpty, "the program ended: \(said)")
            said += String(decoding: data, as: UTF8.self)
            if let match = said.firstMatch(of: pattern) { return String(match.output.1) }
        }
    }
}
