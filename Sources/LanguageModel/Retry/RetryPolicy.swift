internal import Foundation

/// When a request that failed is made again.
///
/// The wait doubles with each failure and is drawn at random between half of that and all of it, so that many clients
/// do not come back at once; what a service says in `Retry-After` is waited at least.
struct RetryPolicy: Sendable {
    /// How many times after the first.
    var retries: Int
    /// Seconds before the first retry.
    var first = 1.0
    /// The longest wait, where the service does not ask for more.
    var longest = 60.0
    /// The longest wait that a service may ask for; beyond that the run has better to do.
    var longestAsked = 300.0

    /// Seconds to wait before the next request; nil where there is to be none.
    ///
    /// - Parameters:
    ///   - failures: How many requests have failed before this one.
    ///   - chance: A random number from 0 to 1.
    func wait(after error: LanguageModelError, failures: Int, isLoopback: Bool, chance: Double) -> Double? {
        guard error.isTransient, failures < retries else { return nil }
        // A server on this machine that does not listen is not on its way; it gets the time of a restart.
        if isLoopback, error.kind == .connectionRefused, failures >= 2 { return nil }
        let backOff = min(longest, first * pow(2, Double(failures)))
        guard let asked = error.retryAfterSeconds else { return backOff * (0.5 + chance / 2) }
        guard asked <= longestAsked else { return nil }
        return asked + min(first, asked) * chance
    }
}

/// Time and chance as retries see them; tests have their own.
struct RetryClock: Sendable {
    var sleep: @Sendable (_ seconds: Double) async throws -> Void
    var chance: @Sendable () -> Double
    var now: @Sendable () -> Date

    static let system = RetryClock(
        sleep: { try await Task.sleep(for: .seconds($0)) }, chance: { Double.random(in: 0...1) }, now: { Date() })
}

/// What a service says of when to come back.
enum RetryAfter {
    /// Seconds from now: `Retry-After` in seconds or as a date, or `retry-after-ms`, which OpenAI and Azure send too.
    static func seconds(_ head: HTTPHead, now: Date) -> Double? {
        if let milliseconds = head.header("retry-after-ms").flatMap(Double.init), milliseconds >= 0 {
            return milliseconds / 1000
        }
        guard let value = head.header("Retry-After") else { return nil }
        if let seconds = Double(value) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
        return date(value).map { max(0, $0.timeIntervalSince(now)) }
    }

    /// A date in one of the three forms of RFC 9110.
    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        for form in ["EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz", "EEE MMM d HH:mm:ss yyyy"] {
            formatter.dateFormat = form
            if let date = formatter.date(from: text) { return date }
        }
        return nil
    }
}
