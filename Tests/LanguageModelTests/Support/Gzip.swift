import Foundation

/// gzip, as a program.
enum Gzip {
    static func compressed(_ data: Data) async throws -> Data {
        try await offPool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", "-c"]
            let (input, output) = (Pipe(), Pipe())
            (process.standardInput, process.standardOutput) = (input, output)
            try process.run()
            Thread {
                try? input.fileHandleForWriting.write(contentsOf: data)
                try? input.fileHandleForWriting.close()
            }.start()
            return try output.fileHandleForReading.readToEnd() ?? Data()
        }
    }
}
