internal import Crypto
internal import Foundation

/// Amazon's signature of a request, version 4.
///
/// It is made here and not by libcurl's `CURLOPT_AWS_SIGV4`: Bedrock's model names have colons, which Amazon wants
/// encoded once in the address and once more in what is signed, and libcurl 7.88 of Debian 12 signs the address as it
/// is. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
struct AWSSignature: Sendable {
    let accessKey: String
    let secretKey: Secret<String>
    let sessionToken: Secret<String>?
    let region: String
    let service: String

    /// The headers that sign a `POST` of this body.
    ///
    /// - Parameters:
    ///   - url: The complete address, encoded as it is sent.
    ///   - headers: Those to sign beside the host and the signature's own.
    func headers(
        url: String, headers: [HTTPHeader], body: [UInt8], date: Date
    ) throws(LanguageModelError) -> [HTTPHeader] {
        guard let parts = URLComponents(string: url), let host = parts.encodedHost else {
            throw LanguageModelError(.badURL, "\(url) cannot be signed: it is not a URL.", help: "Check --base-url.")
        }
        let time = Self.time(date)
        var own = [HTTPHeader(name: "X-Amz-Date", value: time)]
        if let sessionToken { own.append(HTTPHeader(name: "X-Amz-Security-Token", value: sessionToken.value)) }
        // As it is sent: without the port that the scheme means anyway.
        let port = parts.port.flatMap { $0 == (parts.scheme == "https" ? 443 : 80) ? nil : $0 }
        let authority = port.map { "\(host):\($0)" } ?? host
        let signed = (headers + own + [HTTPHeader(name: "Host", value: authority)])
            .map { (name: $0.name.lowercased(), value: $0.value) }.sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let path = parts.percentEncodedPath.split(separator: "/", omittingEmptySubsequences: false)
            .map { String($0).percentEncoded }.joined(separator: "/")
        let request = [
            "POST", path.isEmpty ? "/" : path, parts.percentEncodedQuery ?? "",
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names, sha256(body),
        ].joined(separator: "\n")

        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let text = ["AWS4-HMAC-SHA256", time, scope, sha256(Array(request.utf8))].joined(separator: "\n")
        let key = [String(time.prefix(8)), region, service, "aws4_request"]
            .reduce(Array("AWS4\(secretKey.value)".utf8)) { Self.hmac($1, key: $0) }
        let signature = Self.hmac(text, key: key).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature.joined())"
        return own + [HTTPHeader(name: "Authorization", value: authorization)]
    }

    private static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    /// Such as `20150830T123600Z`.
    private static func time(_ date: Date) -> String {
        date.formatted(.iso8601).filter { !"-:".contains($0) }
    }
}
