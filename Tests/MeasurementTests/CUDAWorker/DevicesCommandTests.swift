import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import Measurement

/// `autotune devices`, the built program, where the processor plays a device.
@Suite struct DevicesCommandTests {
    private struct Run {
        var output: String
        var exitCode: Int?

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    private func run(_ device: EmulatedDevice, nvrtc: String, _ options: [String] = []) async throws -> Run {
        let program = [TestKernel.workerCommand[0], "devices"] + options
        let launcher = device.launcher.dropFirst() + ["AUTOTUNE_NVRTC=\(nvrtc)"]
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments(launcher + program), output: .string(limit: 1 << 20), error: .discarded)
        guard case .exited(let code) = result.terminationStatus else { return Run(output: result.standardOutput) }
        return Run(output: result.standardOutput, exitCode: Int(code))
    }

    private static let deviceLine =
        "Devices       0  Emulated, sm_90a, 2 SMs, 0.1 GiB, GPU-00112233-4455-6677-8899-aabbccddeeff"

    @Test("a device without a compiler is listed, and what is missing is told")
    func noCompiler() async throws {
        let device = try EmulatedDevice()
        let run = try await run(device, nvrtc: device.folder.path)
        #expect(run.exitCode == 69)
        #expect(run.lines.first == "CUDA driver   CUDA 12.4, \(device.folder.path)/libcuda.so.1")
        #expect(run.lines.contains { $0.hasPrefix("NVRTC         not usable: ") })
        #expect(run.lines.contains(Self.deviceLine))
    }

    @Test(
        "with driver, compiler and device the exit code is 0 and nothing is complained of",
        .enabled(if: RealNVRTC.isNew, "\(RealNVRTC.missing)"))
    func complete() async throws {
        let device = try EmulatedDevice()
        let run = try await run(device, nvrtc: RealNVRTC.path)
        #expect(run.exitCode == 0)
        #expect(run.lines.contains { $0.hasPrefix("NVRTC         1") && $0.hasSuffix(RealNVRTC.path) })
        #expect(run.lines.last == Self.deviceLine)
        let document = try await self.run(device, nvrtc: RealNVRTC.path, ["--json"])
        #expect(document.exitCode == 0)
        let json = try JSONSerialization.jsonObject(with: Data(document.output.utf8)) as? [String: Any]
        #expect(json?["runs_cuda"] as? Bool == true)
        let devices = try #require(json?["devices"] as? [[String: Any]])
        #expect(devices.count == 1)
        #expect(devices.first?["architecture"] as? String == "sm_90a")
        #expect(devices.first?["memory_bytes"] as? Int == 64 << 20)
    }

    @Test(
        "a device that the compiler does not compile for is no device for kernels",
        .enabled(if: RealNVRTC.isNew, "\(RealNVRTC.missing)"))
    func foreignDevice() async throws {
        let run = try await run(EmulatedDevice(generation: 3), nvrtc: RealNVRTC.path)
        #expect(run.exitCode == 69)
        let told = try #require(run.lines.first { $0.hasPrefix("NVRTC         not usable: ") })
        #expect(told.contains("does not compile for sm_30, only for sm_"))
    }
}
