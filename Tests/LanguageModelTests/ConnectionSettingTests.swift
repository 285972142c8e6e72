import FlyingFox
import FlyingSocks
import Foundation
import LanguageModel
import LoopbackServices
import Testing

@Suite("How connections are made", .timeLimit(.minutes(1))) struct ConnectionSettingTests {
    private func answer(_ text: String) -> String {
        let body = chatAnswer(text).body
        return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("the proxy of the environment is asked, with its password")
    func proxy() async throws {
        try await RawService.playing { connection in
            let request = try await connection.readRequest()
            let line = request.prefix { $0 != "\r\n" }
            let authorization =
                request.firstMatch(of: /Proxy-Authorization: ([^\r]*)/).map { String($0.output.1) } ?? ""
            try await connection.write(answer("\(line) \(authorization)"))
        } _: { service in
            let environment = ["http_proxy": "http://me:hunter22@\(service.authority)"]
            let reply = try await ask(chat(at: "http://models.invalid/v1"), environment).get()
            #expect(reply.text == "POST http://models.invalid/v1/chat/completions HTTP/1.1 Basic bWU6aHVudGVyMjI=")
        }
    }

    @Test("a proxy that refuses is told as such")
    func proxyRefuses() async throws {
        try await Service.answering(Canned(status: 407)) { service in
            let environment = ["all_proxy": "http://me:hunter22@127.0.0.1:\(service.port)"]
            let error = await ask(chat(at: "http://models.invalid/v1"), environment).error
            #expect(error?.message.contains("proxy") == true && error?.message.contains("407") == true)
            #expect(error.map { "\($0)".contains("hunter22") } == false)
        }
    }

    @Test("a proxy that lets no connection through is told as such, and not asked again")
    func tunnelRefused() async throws {
        try await RawService.playing { connection in
            _ = try await connection.read(atMost: 4096)
            try await connection.write("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
        } _: { service in
            let environment = ["https_proxy": "http://\(service.authority)"]
            let error = await ask(chat(at: "https://models.invalid/v1"), environment).error
            #expect(error?.kind == .unauthorized && error?.isTransient == false)
            #expect(error?.message.contains("407") == true)
        }
    }

    @Test("hosts that the environment excepts, and this machine, are asked without the proxy")
    func exceptions() async throws {
        try await Service.answering(chatAnswer("direct")) { service in
            // Nothing listens at the proxy's port.
            let environment = ["http_proxy": "http://127.0.0.1:1"]
            let reply = try await ask(chat(at: service.base), environment).get()
            #expect(reply.text == "direct")
            let excepted = environment.merging(["no_proxy": ".invalid"]) { $1 }
            #expect(await ask(chat(at: "http://models.invalid/v1"), excepted).kind == .unknownHost)
            #expect(await ask(chat(at: "http://models.invalid/v1"), environment).kind == .connectionRefused)
        }
    }

    @Test("a socket is connected to in the place of the address")
    func unixSocket() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString.prefix(8)).sock").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let server = HTTPServer(address: .unix(path: path), logger: .disabled)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await server.waitUntilListening()
            await server.appendRoute("POST /v1/chat/completions") { _ in
                HTTPResponse(statusCode: .ok, body: Data(chatAnswer("by socket").body.utf8))
            }
            var options = chat(at: "http://model.internal/v1")
            options.unixSocket = path
            let reply = try await ask(options, ["http_proxy": "http://127.0.0.1:1"]).get()
            #expect(reply.text == "by socket")
            group.cancelAll()
        }
    }

    @Test("a socket that is not there is told as such")
    func noSocket() async {
        var options = chat(at: "http://model.internal/v1")
        options.unixSocket = "/nowhere/model.sock"
        #expect(await ask(options).kind == .connectionRefused)
        options.unixSocket = "/" + String(repeating: "x", count: 200)
        #expect(await ask(options).kind == .badOptions)
    }

    @Test("compressed answers are asked for and unpacked")
    func compression() async throws {
        let packed = try await Gzip.compressed(Data(chatAnswer("unpacked").body.utf8))
        try await RawService.playing { connection in
            let request = try await connection.readRequest()
            guard request.contains(/Accept-Encoding: [^\r]*gzip/) else { return }
            try await connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            try await connection.write(packed)
        } _: { service in
            let reply = try await ask(chat(at: "http://\(service.authority)")).get()
            #expect(reply.text == "unpacked")
        }
    }

    @Test("an answer that is compressed wrongly is malformed")
    func wrongCompression() async throws {
        let answer = Canned(headers: ["Content-Encoding": "gzip"], body: "not gzip at all")
        try await Service.answering(answer) { service in
            #expect(await ask(chat(at: service.base)).kind == .malformedReply)
        }
    }
}
