import Foundation
import Testing

@testable import Measurement

@Suite("The cache of compiled programs")
struct CubinCacheTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func artifact(_ byteCount: Int = 1_000, _ value: UInt8 = 7) -> CUDAArtifact {
        CUDAArtifact(
            image: [UInt8](repeating: value, count: byteCount), symbols: ["f<1>": "_Z1f"],
            kernels: ["_Z1f": CompiledResources(registersPerThread: 32, spillStores: 0, spillLoads: 0)])
    }

    private static func key(_ text: String) -> ContentHash { ContentHash(Array(text.utf8)) }

    private var entries: [String] { FileSystem.names(in: folder.path) }

    @Test("what was stored is found again, by another process too, and nothing else is")
    func roundTrip() {
        CubinCache(folder: folder.path).store(Self.artifact(), for: Self.key("a"))
        let another = CubinCache(folder: folder.path)
        #expect(another.artifact(for: Self.key("a")) == Self.artifact())
        #expect(another.artifact(for: Self.key("b")) == nil)
        #expect(entries == [Self.key("a").text + ".cubin"])
    }

    @Test("an entry that is cut off or altered is removed, not used")
    func damage() throws {
        let cache = CubinCache(folder: folder.path)
        for damaged in [{ Array($0.dropLast()) }, { $0.dropLast() + [0] }, { _ in [] }] as [([UInt8]) -> [UInt8]] {
            cache.store(Self.artifact(), for: Self.key("a"))
            let path = "\(folder.path)/\(entries[0])"
            let bytes = try #require(FileSystem.bytes(of: path))
            try Data(damaged(bytes)).write(to: URL(filePath: path))
            #expect(cache.artifact(for: Self.key("a")) == nil)
            #expect(entries.isEmpty)
        }
    }

    @Test("beyond the limit, what was not used for longest goes")
    func bounded() throws {
        let cache = CubinCache(folder: folder.path, limitBytes: 10_000)
        for (age, name) in ["old", "used", "young"].enumerated() {
            cache.store(Self.artifact(3_000), for: Self.key(name))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: Double(age - 3) * 1_000)],
                ofItemAtPath: "\(folder.path)/\(Self.key(name).text).cubin")
        }
        #expect(cache.artifact(for: Self.key("used")) != nil)
        cache.store(Self.artifact(3_000), for: Self.key("new"))
        cache.trim()
        #expect(Set(entries) == Set(["used", "new"].map { Self.key($0).text + ".cubin" }))
    }

    @Test("a writer that died leaves nothing for ever, and one at work is left alone")
    func partials() throws {
        let cache = CubinCache(folder: folder.path)
        let dead = try folder.write("x", to: "dead.partial")
        let busy = try folder.write("x", to: "busy.partial")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: dead)
        cache.trim()
        #expect(!FileSystem.exists(dead))
        #expect(FileSystem.exists(busy))
    }

    @Test("many writers and readers of one folder see whole entries only")
    func concurrency() async {
        let path = folder.path
        await withTaskGroup(of: Bool.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let cache = CubinCache(folder: path, limitBytes: 200_000)
                    return (0..<20).allSatisfy { round in
                        cache.store(Self.artifact(20_000, UInt8(round)), for: Self.key("entry \(round)"))
                        let found = cache.artifact(for: Self.key("entry \((round + writer) % 20)"))
                        return found == nil || found == Self.artifact(20_000, UInt8((round + writer) % 20))
                    }
                }
            }
            for await isSound in group { #expect(isSound) }
        }
        #expect(entries.allSatisfy { $0.hasSuffix(".cubin") })
    }

    @Test("the folder is the user's cache; without a home, or with a folder that is none, nothing is kept")
    func folders() throws {
        #expect(CubinCache(environment: ["XDG_CACHE_HOME": "/x", "HOME": "/h"])?.folder == "/x/autotune/cubin")
        #expect(CubinCache(environment: ["HOME": "/h"])?.folder == "/h/.cache/autotune/cubin")
        #expect(CubinCache(environment: [:]) == nil)
        let file = try folder.write("", to: "file")
        let cache = CubinCache(folder: "\(file)/cubin")
        cache.store(Self.artifact(), for: Self.key("a"))
        #expect(cache.artifact(for: Self.key("a")) == nil)
    }
}
