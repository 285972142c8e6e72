import CCurl
import Foundation
import Synchronization

/// The transport over libcurl: the one file that handles its pointers.
///
/// Each request has a thread of its own, because libcurl blocks while it waits and the cooperative pool must not.
/// It is driven through the multi interface, whose wait another thread may end: so a cancelled task is done at once.
struct CurlTransport: HTTPTransport {
    var timeouts: Timeouts
    var userAgent: String
    /// A file of certificate authorities to trust in the place of the system's.
    var authorities: String?
    /// More is not read: a reply has some kilobytes, and an endless body must not fill the memory.
    var responseLimitBytes = 32 << 20

    func post(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let wakeUp = WakeUp()
        let result: Result<HTTPResponse, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: perform(request, wakeUp: wakeUp)) }
                thread.name = "autotune http"
                thread.start()
            }
        } onCancel: {
            wakeUp.cancel()
        }
        return try result.get()
    }

    /// Runs the whole transfer on the calling thread.
    ///
    /// What libcurl is handed pointers to is made before its handles, and so given back after them.
    private func perform(_ request: HTTPRequest, wakeUp: WakeUp) -> Result<HTTPResponse, TransportError> {
        let receiver = Receiver(limitBytes: responseLimitBytes)
        defer { withExtendedLifetime(receiver) {} }
        let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { unsafe words.deallocate() }
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(lines) }
        // An empty "Expect": libcurl would else wait for the server's leave to send a large body.
        for header in request.headers + [HTTPHeader(name: "Expect", value: "")] {
            guard let longer = unsafe curl_slist_append(lines, "\(header.name): \(header.value)") else {
                return .failure(Self.unavailable)
            }
            unsafe lines = longer
        }
        guard Self.isInitialized, let easy = unsafe curl_easy_init() else { return .failure(Self.unavailable) }
        defer { unsafe curl_easy_cleanup(easy) }
        guard let multi = unsafe curl_multi_init() else { return .failure(Self.unavailable) }
        defer {
            // No wake-up may come once the handle is gone.
            wakeUp.detach()
            _ = unsafe curl_multi_cleanup(multi)
        }

        unsafe configure(easy, for: request)
        unsafe autotune_curl_set_pointer(easy, CURLOPT_HTTPHEADER, lines)
        unsafe autotune_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
        unsafe receive(from: easy, into: receiver)
        unsafe curl_multi_add_handle(multi, easy)
        defer { unsafe curl_multi_remove_handle(multi, easy) }
        unsafe wakeUp.attach(multi)
        let ending = unsafe drive(multi, receiver, wakeUp)
        var connecting: curl_off_t = 0
        unsafe autotune_curl_get_time(easy, CURLINFO_PRETRANSFER_TIME_T, &connecting)
        let detail = unsafe String(cString: words)
        return ending.result(receiver, timeouts, hadConnected: connecting > 0, detail: detail)
    }

    private func configure(_ easy: UnsafeMutableRawPointer, for request: HTTPRequest) {
        unsafe autotune_curl_set_string(easy, CURLOPT_URL, request.url)
        unsafe autotune_curl_allow_http_only(easy)
        // A key must not follow a redirect to another host.
        unsafe autotune_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        unsafe autotune_curl_set_string(easy, CURLOPT_USERAGENT, userAgent)
        unsafe autotune_curl_set_long(easy, CURLOPT_POST, 1)
        unsafe autotune_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, request.body.count)
        unsafe request.body.withUnsafeBytes { bytes in
            // Copied by libcurl before this returns.
            _ = unsafe autotune_curl_set_pointer(
                easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        }
        unsafe autotune_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        unsafe autotune_curl_quick_exit(easy)
        // Zero would mean libcurl's own default.
        unsafe autotune_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(timeouts.connect * 1000)))
        unsafe autotune_curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, Int(timeouts.total * 1000)))
        if request.bypassesProxy { unsafe autotune_curl_set_string(easy, CURLOPT_NOPROXY, "*") }
        // Between networks, a connection that is silent while a model reasons is forgotten without it.
        unsafe autotune_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        unsafe autotune_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let authorities { unsafe autotune_curl_set_string(easy, CURLOPT_CAINFO, authorities) }
    }

    private func receive(from easy: UnsafeMutableRawPointer, into receiver: Receiver) {
        let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
        unsafe autotune_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        unsafe autotune_curl_set_receive(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let context = unsafe context else { return 0 }
            let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
            return unsafe receiver.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe autotune_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        unsafe autotune_curl_set_receive(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let context = unsafe context else { return 0 }
            let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
            return unsafe receiver.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
    }

    /// Moves the transfer on until it ends, a limit of ours is reached, or it is cancelled.
    private func drive(_ multi: UnsafeMutableRawPointer, _ receiver: Receiver, _ wakeUp: WakeUp) -> TransferEnding {
        let start = ContinuousClock.now
        while !wakeUp.isCancelled {
            var running: Int32 = 0
            guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { return .finished(CURLE_FAILED_INIT) }
            var code = CURLE_OK
            if unsafe autotune_curl_take_result(multi, &code) { return .finished(code) }

            // libcurl shortens the wait itself where a limit of its own comes first.
            var wait: Int32 = 1000
            let silence = ContinuousClock.now - (receiver.lastArrival ?? start)
            if let allowed = receiver.lastArrival == nil ? timeouts.firstByte : timeouts.idle {
                let left = .seconds(allowed) - silence
                if left <= .zero { return .limit(receiver.lastArrival == nil ? .firstByte : .idle) }
                wait = min(wait, Int32(min(left, .seconds(1)) / .milliseconds(1)) + 1)
            }
            _ = unsafe curl_multi_poll(multi, nil, 0, wait, nil)
        }
        return .cancelled
    }

    /// libcurl's process-wide state, set up once.
    private static let isInitialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    private static let unavailable = TransportError(reason: .lost, detail: "libcurl could not be started")
}

/// Ends the wait of a transfer from another thread.
private final class WakeUp: Sendable {
    // Unchecked: the pointer is only touched under the mutex, and for the one call that libcurl allows from any thread.
    @safe private struct State: @unchecked Sendable {
        var multi: UnsafeMutableRawPointer?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func attach(_ multi: UnsafeMutableRawPointer) {
        let attached = unsafe State(multi: multi)
        state.withLock { unsafe $0.multi = attached.multi }
    }

    func detach() { state.withLock { unsafe $0.multi = nil } }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let multi = unsafe state.multi { _ = unsafe curl_multi_wakeup(multi) }
        }
    }
}

/// Collects an answer as it arrives; touched by the transfer's own thread alone.
final class Receiver {
    let limitBytes: Int
    private var headerBytes = 0
    private(set) var response = HTTPResponse()
    private(set) var isTooLarge = false
    /// Whether the blank line after the headers has come: libcurl calls an answer without it a success.
    private(set) var isHeadComplete = false
    /// When the latest bytes of the answer came; nil before the first.
    private(set) var lastArrival: ContinuousClock.Instant?

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Takes a piece of the body; anything but its own size ends the transfer.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastArrival = .now
        guard response.body.count + bytes.count <= limitBytes else {
            isTooLarge = true
            return 0
        }
        unsafe response.body.append(contentsOf: bytes)
        return bytes.count
    }

    /// Takes one line of the head; a status line begins a new one, so that interim answers leave nothing behind.
    func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastArrival = .now
        headerBytes += bytes.count
        guard headerBytes <= limitBytes else {
            isTooLarge = true
            return 0
        }
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ")
            response.status = words.count > 1 ? Int(words[1].prefix(3)) ?? 0 : 0
            response.headers = []
            isHeadComplete = false
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
            response.headers.append(HTTPHeader(name: String(line[..<colon]), value: value))
        } else if line.allSatisfy(\.isNewline) {
            isHeadComplete = true
        }
        return bytes.count
    }
}
