import Foundation
import Testing

/// `autotune devices` where there is no NVRTC, whatever else this machine has.
@Suite struct DevicesTests {
    let folder: Folder
    let environment: [String: String]

    init() throws {
        folder = try Folder()
        environment = ["AUTOTUNE_NVRTC": folder.path]
    }

    @Test("what is missing is told with what was looked for, where, and what to do; C kernels run all the same")
    func report() async throws {
        let run = try await Program.run(["devices"], environment: environment)
        #expect(run.exitCode == 69)
        #expect(run.errors.isEmpty)
        #expect(run.output.hasPrefix("CUDA driver   "))
        let lines = run.outputLines
        let start = try #require(lines.firstIndex { $0.hasPrefix("NVRTC         not usable: ") })
        #expect(lines[start + 1].hasPrefix("              looked for libnvrtc.so."))
        #expect(lines[start + 2] == "              in \(folder.path) ($AUTOTUNE_NVRTC)")
        #expect(lines[start + 3].contains("pip install nvidia-cuda-nvrtc"))
        #expect(
            lines.suffix(3) == [
                "", "CUDA kernels cannot run here; kernels in C and C++ run on this machine's CPU.", "",
            ])
    }

    @Test("--json prints the same as one document, with the same exit code")
    func json() async throws {
        let run = try await Program.run(["devices", "--json"], environment: environment)
        #expect(run.exitCode == 69)
        #expect(run.errors.isEmpty)
        let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        #expect(document?["runs_cuda"] as? Bool == false)
        #expect(document?["devices"] is [Any] && document?["driver"] is [String: Any])
        let nvrtc = try #require(document?["nvrtc"] as? [String: Any])
        #expect(nvrtc["looked_in"] as? [String] == ["\(folder.path) ($AUTOTUNE_NVRTC)"])
        #expect((nvrtc["looked_for"] as? [String])?.last == "libnvrtc.so.11.2")
        #expect(nvrtc["problem"] is String && nvrtc["path"] == nil)
        #expect(nvrtc["is_optional"] as? Bool == false)
    }
}
