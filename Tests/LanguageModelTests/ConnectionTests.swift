import FlyingSocks
import Foundation
import LanguageModel
import LoopbackServices
import Testing

@Suite("Connections") struct ConnectionTests {
    @Test("a port where nothing listens is told as such, with its address")
    func refused() async throws {
        // Bound, so that nobody else gets the port, but not listening.
        let socket = try Socket(domain: AF_INET)
        try socket.bind(to: .inet(ip4: "127.0.0.1", port: 0))
        defer { try? socket.close() }
        guard case .ip4(_, let port) = try socket.sockname() else { throw CocoaError(.featureUnsupported) }
        let address = "http://127.0.0.1:\(port)"
        let error = await ask(chat(at: address)).error
        #expect(error?.kind == .connectionRefused)
        #expect(error?.message.contains("\(address)/chat/completions") == true)
    }

    @Test(
        "a host that does not exist is told as such",
        // A proxy would be asked for it instead.
        .enabled(if: ProcessInfo.processInfo.environment["http_proxy"] == nil))
    func unknownHost() async {
        // The name is reserved for this (RFC 6761): no resolver asks the network for it.
        let error = await ask(chat(at: "http://models.invalid/v1")).error
        #expect(error?.kind == .unknownHost)
        #expect(error?.message.contains("models.invalid") == true)
    }

    @Test("plain HTTP at an https address is a TLS error that says what to change")
    func plainHTTP() async throws {
        try await Service.answering(chatAnswer()) { service in
            let error = await ask(chat(at: "https://127.0.0.1:\(service.port)")).error
            #expect(error?.kind == .tls)
            #expect(error?.help.contains("http://") == true)
        }
    }

    @Test("a TLS handshake that breaks off is a TLS error")
    func truncatedTLS() async throws {
        try await RawService.playing { connection in
            _ = try await connection.read(atMost: 4096)
            // The head of a handshake record of 122 bytes, and two of them.
            try await connection.write(Data([0x16, 0x03, 0x03, 0x00, 0x7A, 0x02, 0x00]))
        } _: { service in
            #expect(await ask(chat(at: "https://\(service.authority)")).kind == .tls)
        }
    }

    @Test(
        "no other protocol than http and https is spoken",
        arguments: ["file:///etc/hostname", "ftp://127.0.0.1/x", "127.0.0.1:80"])
    func protocols(address: String) async {
        #expect(await ask(chat(at: address)).kind == .badURL)
    }
}
