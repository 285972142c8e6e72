import FlyingSocks
import Foundation
import Testing

/// A listening socket on loopback, for what no proper server would send.
struct RawService {
    let port: UInt16

    var authority: String { "127.0.0.1:\(port)" }

    /// Runs the script on every connection, and closes it afterwards, for as long as the body runs.
    static func playing(
        _ script: @escaping @Sendable (AsyncSocket) async throws -> Void, _ body: (RawService) async throws -> Void
    ) async throws {
        let listener = try Socket(domain: AF_INET)
        try listener.bind(to: .inet(ip4: "127.0.0.1", port: 0))
        try listener.listen()
        defer { try? listener.close() }
        guard case .ip4(_, let port) = try listener.sockname() else { throw CocoaError(.featureUnsupported) }
        let socket = try await AsyncSocket(socket: listener, pool: .client)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    let connection = try await socket.accept()
                    try? await script(connection)
                    try? connection.close()
                }
            }
            let result: Result<Void, any Error>
            do {
                try await body(RawService(port: port))
                result = .success(())
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            if case .failure(let error) = result { Issue.record(error) }
        }
    }
}

extension AsyncSocket {
    /// Answers with the head of a stream, and with pieces of its body as they are.
    func stream(_ pieces: [UInt8]..., type: String = "text/event-stream") async throws {
        try await readRequest()
        try await write("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nConnection: close\r\n\r\n")
        for piece in pieces { try await write(Data(piece)) }
    }

    /// Reads a request with a body to its end, and leaves it unanswered.
    @discardableResult func readRequest() async throws -> String {
        var bytes: [UInt8] = []
        while true {
            bytes += try await read(atMost: 4096)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let head = text.range(of: "\r\n\r\n"),
                let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap({ Int($0.output.1) })
            else { continue }
            if text[head.upperBound...].utf8.count >= length { return text }
        }
    }

    func write(_ text: String) async throws { try await write(Data(text.utf8)) }

    /// Holds the connection open until the other side closes it.
    func holdUntilClosed() async throws {
        while true { _ = try await read(atMost: 4096) }
    }
}
