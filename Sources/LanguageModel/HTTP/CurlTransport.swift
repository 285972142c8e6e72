import CCurl
import Foundation

/// The transport over libcurl; with `CurlSettings`, `Receiver` and `Transfer` all that handles its pointers.
///
/// Each request has a thread of its own, because libcurl blocks while it waits and the cooperative pool must not.
/// It is driven through the multi interface, whose wait another thread may end: so a cancelled task is done at once.
struct CurlTransport: HTTPTransport {
    var settings: ConnectionSettings

    func post(_ request: HTTPRequest) -> HTTPExchange {
        let transfer = Transfer(allowedSilence: settings.timeouts.idle)
        // Nothing is held back from libcurl: what waits here unread is bounded by the limit of the answer's size.
        let (parts, continuation) = AsyncStream.makeStream(of: HTTPPart.self, bufferingPolicy: .unbounded)
        continuation.onTermination = { _ in transfer.cancel() }
        let thread = Thread {
            let receiver = Receiver(limitBytes: settings.responseLimitBytes) { continuation.yield($0) }
            continuation.yield(perform(request, receiver, transfer))
            continuation.finish()
        }
        thread.name = "autotune http"
        thread.start()
        return HTTPExchange(
            parts: parts, allowSilence: { transfer.allowSilence($0) }, cancel: { transfer.cancel() })
    }

    /// Runs the whole transfer on the calling thread, and says how it ended.
    ///
    /// What libcurl is handed pointers to is made before its handles, and so given back after them.
    private func perform(_ request: HTTPRequest, _ receiver: Receiver, _ transfer: Transfer) -> HTTPPart {
        defer { withExtendedLifetime(receiver) {} }
        let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { unsafe words.deallocate() }
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(lines) }
        // An empty "Expect": libcurl would else wait for the server's leave to send a large body.
        for header in request.headers + [HTTPHeader(name: "Expect", value: "")] {
            guard let longer = unsafe curl_slist_append(lines, "\(header.name): \(header.value)") else {
                return .failed(Self.unavailable)
            }
            unsafe lines = longer
        }
        guard Self.isInitialized, let easy = unsafe curl_easy_init() else { return .failed(Self.unavailable) }
        defer { unsafe curl_easy_cleanup(easy) }
        guard let multi = unsafe curl_multi_init() else { return .failed(Self.unavailable) }
        defer {
            // No wake-up may come once the handle is gone.
            transfer.detach()
            _ = unsafe curl_multi_cleanup(multi)
        }

        unsafe settings.apply(to: easy, for: request)
        unsafe autotune_curl_set_pointer(easy, CURLOPT_HTTPHEADER, lines)
        unsafe autotune_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
        unsafe receiver.receive(from: easy)
        unsafe curl_multi_add_handle(multi, easy)
        defer { unsafe curl_multi_remove_handle(multi, easy) }
        unsafe transfer.attach(multi)
        let ending = unsafe drive(multi, receiver, transfer)
        var connecting: curl_off_t = 0
        unsafe autotune_curl_get_time(easy, CURLINFO_PRETRANSFER_TIME_T, &connecting)
        let detail = unsafe String(cString: words)
        return ending.part(receiver, settings.timeouts, hadConnected: connecting > 0, detail: detail)
    }

    /// Moves the transfer on until it ends, a limit of ours is reached, or it is cancelled.
    private func drive(_ multi: UnsafeMutableRawPointer, _ receiver: Receiver, _ transfer: Transfer) -> TransferEnding {
        let start = ContinuousClock.now
        while !transfer.isCancelled {
            var running: Int32 = 0
            guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { return .finished(CURLE_FAILED_INIT) }
            var code = CURLE_OK
            if unsafe autotune_curl_take_result(multi, &code) { return .finished(code) }

            // libcurl shortens the wait itself where a limit of its own comes first.
            var wait: Int32 = 1000
            let silence = ContinuousClock.now - (receiver.lastArrival ?? start)
            if let allowed = receiver.lastArrival == nil ? settings.timeouts.firstByte : transfer.allowedSilence {
                let left = .seconds(allowed) - silence
                if left <= .zero {
                    return .limit(receiver.lastArrival == nil ? .firstByte : .idle, seconds: allowed)
                }
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
