import Foundation
import LanguageModel
import Testing

/// A TLS server that speaks HTTP/2, as far as one answer goes.
@Suite(
    "HTTP/2", .timeLimit(.minutes(1)), .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct HTTP2Tests {
    @Test("a server that agrees on it is spoken to in HTTP/2")
    func negotiated() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appending(path: "c.pem").path, folder.appending(path: "k.pem").path)
        try await offPool {
            let making = try OpenSSL.start([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
            making.process.waitUntilExit()
        }
        let server = try OpenSSL.start([
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-alpn", "h2",
        ])
        defer { kill(server.process.processIdentifier, SIGKILL) }
        let port = try await offPool { try server.output.text(until: /ACCEPT .*:(\d+)\n/) }

        async let asked = ask(chat(at: "https://127.0.0.1:\(port)"), ["SSL_CERT_FILE": certificate])
        // Once the request's body has come, its stream is open and may be answered.
        _ = try await offPool { try server.output.text(until: /PRI \* HTTP\/2\.0\r\n[\s\S]*(Propose)/) }
        let body = Data(chatAnswer("over HTTP/2").body.utf8)
        var frames = Self.frame(type: 4, flags: 0, stream: 0, Data()) + Self.frame(type: 4, flags: 1, stream: 0, Data())
        // The head in one byte: HPACK has ":status: 200" as entry 8 of its static table.
        frames += Self.frame(type: 1, flags: 4, stream: 1, Data([0x88]))
        frames += Self.frame(type: 0, flags: 1, stream: 1, body)
        try server.input.fileHandleForWriting.write(contentsOf: frames)
        let reply = try await asked.get()
        #expect(reply.text == "over HTTP/2")
    }

    private static func frame(type: UInt8, flags: UInt8, stream: UInt8, _ payload: Data) -> Data {
        let length = payload.count
        return Data([UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags, 0, 0, 0, stream])
            + payload
    }
}
