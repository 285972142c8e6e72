import Foundation
import Testing

@testable import LanguageModel

@Suite("Amazon's signature") struct AWSSignatureTests {
    private let date = Date(timeIntervalSince1970: 1_440_938_160)

    private func signature(service: String, token: String? = nil) -> AWSSignature {
        AWSSignature(
            accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            sessionToken: token.map { Secret($0) }, region: "us-east-1", service: service)
    }

    @Test("the request post-vanilla of Amazon's own test suite has the signature that the suite gives")
    func vanilla() throws {
        let headers = try signature(service: "service").headers(
            url: "https://example.amazonaws.com/", headers: [], body: [], date: date)
        #expect(headers.first == HTTPHeader(name: "X-Amz-Date", value: "20150830T123600Z"))
        #expect(
            headers.last?.value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
    }

    @Test("what is encoded in the path is encoded once more in what is signed")
    func encodedPath() throws {
        let headers = try signature(service: "bedrock", token: "token").headers(
            url: "https://bedrock-runtime.us-east-1.amazonaws.com/model/a.b-v2%3A0/invoke",
            headers: [HTTPHeader(name: "Content-Type", value: "application/json")], body: Array("{}".utf8), date: date)
        #expect(headers.contains(HTTPHeader(name: "X-Amz-Security-Token", value: "token")))
        // By Python's hashlib and hmac, from Amazon's description, with the path /model/a.b-v2%253A0/invoke.
        #expect(
            headers.last?.value.hasSuffix("Signature=9d42f6f2c4053a8411a307932b2c3ebcb0b7ed3bc6720245291853594081ab34")
                == true, "\(headers)")
    }
}
