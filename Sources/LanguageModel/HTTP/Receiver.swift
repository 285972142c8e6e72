import CCurl
import Foundation

/// Hands an answer on as it arrives; touched by the transfer's own thread alone.
final class Receiver {
    let limitBytes: Int
    private let deliver: (HTTPPart) -> Void
    private var headerBytes = 0
    private var bodyBytes = 0
    private var head = HTTPHead()
    private(set) var isTooLarge = false
    /// Whether the blank line after the headers has come: libcurl calls an answer without it a success.
    private(set) var isHeadComplete = false
    /// When the latest bytes of the answer came; nil before the first.
    private(set) var lastArrival: ContinuousClock.Instant?

    /// - Parameter limitBytes: The most that is taken of the head, and of the body once it is decompressed.
    init(limitBytes: Int, deliver: @escaping (HTTPPart) -> Void) {
        self.limitBytes = limitBytes
        self.deliver = deliver
    }

    var hasBegun: Bool { head.status != 0 }

    /// Becomes what libcurl hands the answer to; it has to live as long as the transfer.
    func receive(from easy: UnsafeMutableRawPointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
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

    /// Takes a piece of the body; anything but its own size ends the transfer.
    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastArrival = .now
        bodyBytes += bytes.count
        guard bodyBytes <= limitBytes else {
            isTooLarge = true
            return 0
        }
        deliver(.body(unsafe Array(bytes)))
        return bytes.count
    }

    /// Takes one line of the head; a status line begins a new one, so that interim answers leave nothing behind.
    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastArrival = .now
        headerBytes += bytes.count
        guard headerBytes <= limitBytes else {
            isTooLarge = true
            return 0
        }
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ")
            head = HTTPHead(status: words.count > 1 ? Int(words[1].prefix(3)) ?? 0 : 0)
            isHeadComplete = false
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
            head.headers.append(HTTPHeader(name: String(line[..<colon]), value: value))
        } else if line.allSatisfy(\.isNewline), !isHeadComplete {
            // Trailers after the body end with a blank line too.
            isHeadComplete = true
            if head.status >= 200 { deliver(.head(head)) }
        }
        return bytes.count
    }
}
