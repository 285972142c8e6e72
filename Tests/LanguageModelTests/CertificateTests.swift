import Foundation
import LanguageModel
import Testing

/// A real TLS server with a certificate that nobody vouches for.
@Suite("Certificates", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct CertificateTests {
    /// Runs the body with the server's address and the path of its certificate, beside which its key is as `k.pem`.
    private func server(
        name: String, asksForCertificate: Bool = false,
        _ body: (_ address: String, _ certificate: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appending(path: "c.pem").path, folder.appending(path: "k.pem").path)
        let made = try await offPool {
            let making = try OpenSSL.start([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out", certificate,
            ])
            making.process.waitUntilExit()
            return making.process.terminationStatus
        }
        try #require(made == 0)

        let server = try OpenSSL.start(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key]
                + (asksForCertificate ? ["-Verify", "1", "-verify_return_error", "-CAfile", certificate] : []))
        // Not `terminate`: the child may have inherited a mask that blocks its signal.
        defer { kill(server.process.processIdentifier, SIGKILL) }
        // What comes on its stdin goes to the client.
        let answer = chatAnswer("over TLS").body
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\n\r\n"
        try server.input.fileHandleForWriting.write(contentsOf: Data((head + answer + "\n").utf8))
        let port = try await offPool {
            try server.output.text(until: /ACCEPT .*:(\d+)\n/)
        }
        try await body("https://127.0.0.1:\(port)", certificate)
    }

    @Test("a certificate that nobody vouches for is refused")
    func untrusted() async throws {
        try await server(name: "IP:127.0.0.1") { address, _ in
            let error = await ask(chat(at: address)).error
            #expect(error?.kind == .tls)
            #expect(error?.message.contains("certificate") == true)
            #expect(error?.help.contains("SSL_CERT_FILE") == true)
        }
    }

    @Test("an authority that the environment names is trusted", arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
    func trusted(variable: String) async throws {
        try await server(name: "IP:127.0.0.1") { address, certificate in
            let reply = try await ask(chat(at: address), [variable: certificate]).get()
            #expect(reply.text == "over TLS")
        }
    }

    @Test("a server that wants a certificate of the client gets the user's, and is a TLS error without")
    func client() async throws {
        try await server(name: "IP:127.0.0.1", asksForCertificate: true) { address, certificate in
            let error = await ask(chat(at: address), ["SSL_CERT_FILE": certificate]).error
            #expect(error?.kind == .tls, "\(error?.message ?? "")")
            #expect(error?.help.contains("--client-cert") == true)
        }
        try await server(name: "IP:127.0.0.1", asksForCertificate: true) { address, certificate in
            var options = chat(at: address)
            options.clientCertificate = certificate
            options.clientKey = certificate.replacing("c.pem", with: "k.pem")
            let reply = try await ask(options, ["SSL_CERT_FILE": certificate]).get()
            #expect(reply.text == "over TLS")
        }
    }

    @Test("a client's certificate that is missing, or is none, is an error of the options")
    func badClientCertificate() async throws {
        try await server(name: "IP:127.0.0.1") { address, certificate in
            var options = chat(at: address)
            options.clientCertificate = "/nowhere/c.pem"
            #expect(await ask(options).error?.message.contains("/nowhere/c.pem") == true)
            options.clientCertificate = "/etc/hostname"
            let error = await ask(options, ["SSL_CERT_FILE": certificate]).error
            #expect(error?.kind == .badOptions, "\(error?.message ?? "")")
            options.clientCertificate = nil
            options.clientKey = certificate
            #expect(await ask(options).error?.help.contains("--client-cert") == true)
        }
    }

    @Test("a certificate for another host is refused, though its authority is trusted")
    func otherHost() async throws {
        try await server(name: "DNS:other.example") { address, certificate in
            #expect(await ask(chat(at: address), ["SSL_CERT_FILE": certificate]).kind == .tls)
        }
    }
}
