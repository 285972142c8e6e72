import Foundation
import Testing

@testable import Measurement

@Suite("Where CUDA is looked for")
struct SearchPlacesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ files: String...) throws {
        for file in files {
            let url = URL(filePath: "\(folder.path)/\(file)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
        }
    }

    /// Those of the test's own folder, relative to it.
    private func own(_ paths: [String]) -> [String] {
        paths.filter { $0.hasPrefix(folder.path) }.map { String($0.dropFirst(folder.path.count + 1)) }
    }

    @Test("a toolkit that the environment names comes before the loader's path")
    func toolkit() throws {
        try make("cuda/lib64/libnvrtc.so.13", "cuda/lib64/libnvrtc.so.12")
        let search = SearchPlaces(environment: ["CUDA_HOME": "\(folder.path)/cuda"]).nvrtc(driverMajor: nil)
        #expect(own(search.candidates) == ["cuda/lib64/libnvrtc.so.13", "cuda/lib64/libnvrtc.so.12"])
        #expect(search.candidates[2] == "libnvrtc.so.13")
        #expect(search.places[0] == "\(folder.path)/cuda/lib64 ($CUDA_HOME)")
    }

    @Test("nothing newer than the driver is taken")
    func driverVersion() throws {
        try make("cuda/lib64/libnvrtc.so.13", "cuda/lib64/libnvrtc.so.12", "cuda/lib64/libnvrtc.so.11.2")
        let search = SearchPlaces(environment: ["CUDA_PATH": "\(folder.path)/cuda"]).nvrtc(driverMajor: 12)
        #expect(own(search.candidates) == ["cuda/lib64/libnvrtc.so.12", "cuda/lib64/libnvrtc.so.11.2"])
    }

    @Test("pip's packages are found in the active environment and in that of the python on the path")
    func pip() throws {
        try make(
            "venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13",
            "other/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12", "other/bin/python3",
            "empty/lib/python3.11/site-packages/numpy/core.py", "empty/bin/python3")
        let places = SearchPlaces(environment: [
            "VIRTUAL_ENV": "\(folder.path)/venv", "PATH": "\(folder.path)/empty/bin:\(folder.path)/other/bin",
        ])
        #expect(
            own(places.nvrtc(driverMajor: nil).candidates) == [
                "venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13",
                "other/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12",
            ])
    }

    @Test("AUTOTUNE_NVRTC names the file or its folder, and nothing else is tried")
    func override() throws {
        try make("my/libnvrtc.so.12", "cuda/lib64/libnvrtc.so.13")
        func candidates(_ path: String) -> [String] {
            let environment = ["AUTOTUNE_NVRTC": "\(folder.path)/\(path)", "CUDA_HOME": "\(folder.path)/cuda"]
            return own(SearchPlaces(environment: environment).nvrtc(driverMajor: 12).candidates)
        }
        #expect(candidates("my/libnvrtc.so.12") == ["my/libnvrtc.so.12"])
        #expect(candidates("my") == ["my/libnvrtc.so.12", "my/libnvrtc.so.11.2"])
    }

    @Test("a toolkit's stubs are never taken for the driver")
    func stubs() throws {
        try make("cuda/lib64/stubs/libcuda.so.1", "cuda/lib64/libcuda.so.1")
        let places = SearchPlaces(environment: ["CUDA_HOME": "\(folder.path)/cuda"])
        #expect(own(places.driver.candidates).isEmpty)
    }

    @Test("headers are found beside NVRTC in each layout")
    func headers() throws {
        try make(
            "cu13/include/cuda_fp16.h", "cu13/include/cccl/nv/target", "cu13/lib/libnvrtc.so.13",
            "pip/cuda_runtime/include/cuda_fp16.h", "pip/cuda_cccl/include/nv/target",
            "pip/cuda_nvrtc/lib/libnvrtc.so.12", "cuda/include/cuda_fp16.h", "cuda/lib64/libnvrtc.so.12")
        func headers(_ library: String) -> [String] {
            own(SearchPlaces(environment: [:]).headers(besideNVRTC: "\(folder.path)/\(library)"))
        }
        #expect(headers("cu13/lib/libnvrtc.so.13") == ["cu13/include", "cu13/include/cccl"])
        #expect(
            headers("pip/cuda_nvrtc/lib/libnvrtc.so.12") == ["pip/cuda_runtime/include", "pip/cuda_cccl/include"])
        #expect(headers("cuda/lib64/libnvrtc.so.12") == ["cuda/include"])
    }
}
