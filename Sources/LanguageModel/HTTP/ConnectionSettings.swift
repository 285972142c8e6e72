import CCurl

/// How connections are made: what the user and the environment say of limits, proxies, certificates and sockets.
struct ConnectionSettings: Sendable {
    var timeouts = Timeouts()
    var userAgent = "autotune"
    /// A file of certificate authorities to trust in the place of the system's.
    var authorities: String?
    /// A folder of them.
    var authoritiesFolder: String?
    /// The client's own certificate and its key, PEM files.
    var clientCertificate: String?
    var clientKey: String?
    /// What the key's file is encrypted with.
    var clientKeyPassword: Secret<String>?
    /// A socket to connect to in the place of the address's host and port.
    var unixSocket: String?
    var proxies = Proxies()
    /// More is not read: a reply has some kilobytes, and an endless body must not fill the memory.
    var responseLimitBytes = 32 << 20

    /// Sets up a libcurl handle.
    func apply(to easy: UnsafeMutableRawPointer, for request: HTTPRequest) {
        unsafe autotune_curl_set_string(easy, CURLOPT_URL, request.url)
        unsafe autotune_curl_allow_http_only(easy)
        // A key must not follow a redirect to another host.
        unsafe autotune_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        // HTTP/2 where TLS agrees on it.
        unsafe autotune_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Every compression that this libcurl knows; it decompresses piece by piece, and the limit counts what results.
        unsafe autotune_curl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "")
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
        // Between networks, a connection that is silent while a model reasons is forgotten without it.
        unsafe autotune_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        unsafe autotune_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        unsafe applyProxy(to: easy, for: request)
        unsafe applyCertificates(to: easy)
        if let unixSocket { unsafe autotune_curl_set_string(easy, CURLOPT_UNIX_SOCKET_PATH, unixSocket) }
    }

    private func applyProxy(to easy: UnsafeMutableRawPointer, for request: HTTPRequest) {
        let isDirect = request.bypassesProxy || unixSocket != nil
        // An empty name keeps libcurl from looking into the environment itself.
        let proxy = isDirect ? "" : proxies.proxy(for: request.url)
        unsafe autotune_curl_set_string(easy, CURLOPT_PROXY, proxy)
        unsafe autotune_curl_set_string(easy, CURLOPT_NOPROXY, proxies.exceptions)
    }

    private func applyCertificates(to easy: UnsafeMutableRawPointer) {
        if let authorities { unsafe autotune_curl_set_string(easy, CURLOPT_CAINFO, authorities) }
        if let authoritiesFolder { unsafe autotune_curl_set_string(easy, CURLOPT_CAPATH, authoritiesFolder) }
        if let clientCertificate { unsafe autotune_curl_set_string(easy, CURLOPT_SSLCERT, clientCertificate) }
        if let clientKey { unsafe autotune_curl_set_string(easy, CURLOPT_SSLKEY, clientKey) }
        // Never unset: OpenSSL would ask at the terminal for it.
        unsafe autotune_curl_set_string(easy, CURLOPT_KEYPASSWD, clientKeyPassword?.value ?? "")
    }
}

/// The proxies that the environment names, by the rules that curl has for it.
struct Proxies: Sendable {
    private let http: Secret<String>
    private let https: Secret<String>
    /// Hosts to go to directly.
    let exceptions: String

    init(environment: [String: String] = [:]) {
        func first(_ names: String...) -> String? { names.lazy.compactMap { environment.value($0) }.first }
        let all = first("all_proxy", "ALL_PROXY") ?? ""
        // Upper-case HTTP_PROXY is not read: in a CGI program a client could set it.
        http = Secret(first("http_proxy") ?? all)
        https = Secret(first("https_proxy", "HTTPS_PROXY") ?? all)
        exceptions = first("no_proxy", "NO_PROXY") ?? ""
    }

    /// The proxy's address, with its password where it has one; empty for none.
    func proxy(for url: String) -> String { url.lowercased().hasPrefix("https:") ? https.value : http.value }
}
