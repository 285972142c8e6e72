/// Carries requests to a service and answers back, knowing nothing of what is in them.
protocol HTTPTransport: Sendable {
    /// Posts the request and gives the answer, whatever its status.
    func post(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

struct HTTPHeader: Sendable {
    var name: String
    var value: String
}

struct HTTPRequest: Sendable {
    var url: String
    var headers: [HTTPHeader]
    var body: [UInt8]
    /// Whether the proxy of the environment is left out.
    var bypassesProxy = false
}

struct HTTPResponse: Sendable {
    var status = 0
    var headers: [HTTPHeader] = []
    var body: [UInt8] = []

    /// The first header of that name, whatever its case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why no complete answer came.
struct TransportError: Error {
    enum Reason: Equatable {
        case badURL, unknownHost, refused, tls, lost, cutOff, notHTTP, cancelled
        case tooLarge(limitBytes: Int)
        case timedOut(Limit, seconds: Double)
    }

    enum Limit: String {
        case connect = "to connect"
        case firstByte = "for the first byte of the answer"
        case idle = "between two bytes of the answer"
        case total = "in total"
    }

    var reason: Reason
    /// The transport's own words.
    var detail: String
}
