import Testing

@testable import Measurement

/// The vectors of FIPS 180-4's examples.
@Suite("Hashes of contents")
struct ContentHashTests {
    @Test(
        "a message has the hash that the standard gives it",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func vectors(message: String, hash: String) {
        #expect(ContentHash(Array(message.utf8)).text == hash)
    }

    @Test("a message in pieces has the hash of the whole")
    func pieces() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for size in [1, 55, 56, 63, 64, 65, 200] {
            var hash = ContentHash()
            for start in stride(from: 0, to: bytes.count, by: size) {
                hash.append(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(hash.text == ContentHash(bytes).text)
        }
    }

    @Test("where one text ends and the next begins is part of the hash")
    func boundaries() {
        var (first, second) = (ContentHash(), ContentHash())
        for text in ["ab", "c"] { first.append(text) }
        for text in ["a", "bc"] { second.append(text) }
        #expect(first.text != second.text)
    }
}
