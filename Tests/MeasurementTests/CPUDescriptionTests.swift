import Foundation
import Testing

@testable import Measurement

@Suite("What the system tells of a processor")
struct CPUDescriptionTests {
    @Test("fields of the first processor, and the vector extensions that matter")
    func information() {
        let fields = CPUDescription.fields(
            of:
                "processor\t: 0\nmodel name\t: AMD EPYC 9354: 32 cores\nflags\t\t: fpu avx avx2 fma avx512f\n\nprocessor\t: 1\n"
        )
        #expect(fields["model name"] == "AMD EPYC 9354: 32 cores")
        #expect(fields["processor"] == "0")
        #expect(CPUDescription.vectorExtensions(flags: fields["flags"] ?? "") == ["avx", "avx2", "fma", "avx512f"])
        #expect(CPUDescription.vectorExtensions(flags: "fp asimd sve") == ["neon", "sve"])
    }

    @Test("caches by level, instruction caches left out")
    func caches() throws {
        let folder = try TemporaryFolder()
        for (index, cache) in [
            ("1", "Data", "48K", "0"), ("1", "Instruction", "32K", "0"), ("2", "Unified", "1024K", "0"),
            ("3", "Unified", "32M", "0-3,8"),
        ].enumerated() {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/index\(index)", withIntermediateDirectories: true)
            _ = try folder.write(cache.0 + "\n", to: "index\(index)/level")
            _ = try folder.write(cache.1 + "\n", to: "index\(index)/type")
            _ = try folder.write(cache.2 + "\n", to: "index\(index)/size")
            _ = try folder.write(cache.3 + "\n", to: "index\(index)/shared_cpu_list")
        }
        #expect(
            CPUCaches(folder: folder.path).caches == [
                .init(level: 1, byteCount: 48 << 10, sharedBy: 1), .init(level: 2, byteCount: 1 << 20, sharedBy: 1),
                .init(level: 3, byteCount: 32 << 20, sharedBy: 5),
            ])
        #expect(CPUCaches(folder: "\(folder.path)/none").caches.isEmpty)
    }
}
