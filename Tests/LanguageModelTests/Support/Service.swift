import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// What a service answers in a test.
struct Canned: Sendable {
    var status = 200
    var headers: [String: String] = ["Content-Type": "application/json"]
    var body = ""
    /// The body, where it is no text.
    var data: Data?
}

/// What a service was asked.
struct Received: Sendable {
    var method: String
    var path: String
    var query: String
    /// By lower-case name.
    var headers: [String: String]
    var body: Data

    /// The body's member, as JSON with sorted keys.
    func json(_ key: String) -> String? {
        guard let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any], let value = object[key],
            let data = try? JSONSerialization.data(
                withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes])
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}

/// A real HTTP server on loopback that gives every request the same answer, and remembers what it was asked.
final class Service: Sendable {
    private let requests = Mutex<[Received]>([])
    let port: UInt16

    var base: String { "http://127.0.0.1:\(port)" }
    var received: [Received] { requests.withLock { $0 } }

    private init(port: UInt16) { self.port = port }

    /// Runs the service for as long as the body does; each request gets the next answer, and those after it the last.
    static func answering(_ answers: Canned..., during body: (Service) async throws -> Void) async throws {
        try await answering(each: answers, body)
    }

    static func answering(_ answer: Canned, _ body: (Service) async throws -> Void) async throws {
        try await answering(each: [answer], body)
    }

    private static func answering(each answers: [Canned], _ body: (Service) async throws -> Void) async throws {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await server.waitUntilListening()
            guard case .ip4(_, let port) = await server.listeningAddress else { throw CocoaError(.featureUnsupported) }
            let service = Service(port: port)
            await server.appendRoute("*") { request in
                let data = try await request.bodyData
                let count = service.requests.withLock {
                    $0.append(
                        Received(
                            method: request.method.rawValue, path: request.path,
                            query: request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"),
                            headers: [String: String](
                                request.headers.map { ($0.key.rawValue.lowercased(), $0.value) },
                                uniquingKeysWith: { first, _ in first }),
                            body: data))
                    return $0.count
                }
                let answer = answers[min(count, answers.count) - 1]
                var headers = HTTPHeaders()
                for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
                return HTTPResponse(
                    statusCode: HTTPStatusCode(answer.status, phrase: "Canned"), headers: headers,
                    body: answer.data ?? Data(answer.body.utf8))
            }
            try await body(service)
            group.cancelAll()
        }
    }
}
