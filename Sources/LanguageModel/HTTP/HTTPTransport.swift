/// Carries requests to a service and answers back, knowing nothing of what is in them.
protocol HTTPTransport: Sendable {
    /// Posts the request; the answer comes in parts, whatever its status.
    func post(_ request: HTTPRequest) -> HTTPExchange
}

struct HTTPHeader: Sendable, Equatable {
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

/// An answer as it comes.
struct HTTPExchange: Sendable {
    /// Its parts: a head, pieces of the body, and the end or an error. Cancelling the task that reads them ends the
    /// exchange.
    let parts: AsyncStream<HTTPPart>
    /// Says how long the service may be silent from now on, in seconds; that is `Timeouts.idle` to begin with.
    let allowSilence: @Sendable (Double) -> Void
    /// Ends the exchange, where it has not ended.
    let cancel: @Sendable () -> Void
}

enum HTTPPart: Sendable {
    case head(HTTPHead)
    case body([UInt8])
    case end
    case failed(TransportError)
}

struct HTTPHead: Sendable {
    var status = 0
    var headers: [HTTPHeader] = []

    /// The first header of that name, whatever its case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// An answer that came whole.
struct HTTPResponse: Sendable {
    var head = HTTPHead()
    var body: [UInt8] = []

    var status: Int { head.status }

    func header(_ name: String) -> String? { head.header(name) }
}

/// Why no complete answer came.
struct TransportError: Error {
    enum Reason: Equatable {
        case badURL, unknownHost, refused, proxy, tls, lost, cutOff, notHTTP, cancelled
        /// A file or setting of the connection itself, such as a client certificate, cannot be used.
        case badSetting
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
