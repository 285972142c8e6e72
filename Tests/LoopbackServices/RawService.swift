import FlyingSocks
import Foundation

/// A listening socket on loopback, for what no proper server would send.
package struct RawService: Sendable {
    package let port: UInt16

    package var authority: String { "127.0.0.1:\(port)" }

    /// Runs the script on every connection, and closes it afterwards, for as long as the body runs.
    package static func playing(
        _ script: @escaping @Sendable (AsyncSocket) async throws -> Void, _ body: (RawService) async throws -> Void
    ) async throws {
        let listener = try Socket(domain: AF_INET)
        try listener.bind(to: .inet(ip4: "127.0.0.1", port: 0))
        try listener.listen()
        defer { try? listener.close() }
        guard case .ip4(_, let port) = try listener.sockname() else { throw CocoaError(.featureUnsupported) }
        let socket = try await AsyncSocket(socket: listener, pool: .client)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    let connection = try await socket.accept()
                    try? await script(connection)
                    try? connection.close()
                }
            }
            defer { group.cancelAll() }
            try await body(RawService(port: port))
        }
    }
}

extension AsyncSocket {
    /// Answers with the head of a stream, and with pieces of its body as they are.
    package func stream(_ pieces: [UInt8]..., type: String = "text/event-stream") async throws {
        try await readRequest()
        try await write("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nConnection: close\r\n\r\n")
        for piece in pieces { try await write(Data(piece)) }
    }

    /// Reads a request with a body to its end, and leaves it unanswered.
    @discardableResult package func readRequest() async throws -> String {
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

    package func write(_ text: String) async throws { try await write(Data(text.utf8)) }

    /// Holds the connection open until the other side closes it.
    package func holdUntilClosed() async throws {
        while true { _ = try await read(atMost: 4096) }
    }
}

/// With a linger time of nothing, closing a socket resets its connection.
package struct Linger: SocketOption {
    package static var nothing: linger { linger(l_onoff: 1, l_linger: 0) }

    package let name = Int32(SO_LINGER)

    package init() {}
    package func makeValue(from value: linger) -> linger { value }
    package func makeSocketValue(from value: linger) -> linger { value }
}
