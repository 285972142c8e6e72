import Foundation
import Testing

@testable import Measurement

@Suite("The report on CUDA")
struct CUDAInstallationTests {
    private func component(_ name: String, _ names: [String], isOptional: Bool = false) -> CUDAInstallation.Component {
        var component = CUDAInstallation.find(environment: [:]).driver
        component.name = name
        component.names = names
        component.places = ["the loader's path", "/usr/lib64"]
        component.isOptional = isOptional
        component.path = nil
        component.problem = "\(names[0]): cannot open shared object file: No such file or directory"
        return component
    }

    private func found(_ component: CUDAInstallation.Component, _ path: String, _ version: String?)
        -> CUDAInstallation.Component
    {
        var component = component
        (component.path, component.version, component.problem) = (path, version, nil)
        return component
    }

    private func empty() -> CUDAInstallation {
        var installation = CUDAInstallation.find(environment: [:])
        installation.driver = component("CUDA driver", ["libcuda.so.1"])
        installation.nvrtc = component("NVRTC", ["libnvrtc.so.13", "libnvrtc.so.12"])
        installation.nvml = component("NVML", ["libnvidia-ml.so.1"], isOptional: true)
        (installation.headers, installation.devices) = ([], [])
        return installation
    }

    @Test("without CUDA it says what was looked for, where, and what to do")
    func nothing() {
        #expect(!empty().isComplete)
        #expect(
            "\(empty())" == """
                CUDA driver   not usable: libcuda.so.1: cannot open shared object file: No such file or directory
                              looked for libcuda.so.1
                              in the loader's path, /usr/lib64
                              Install NVIDIA's driver. In a container, start it with the GPU (docker run --gpus all).
                NVRTC         not usable: libnvrtc.so.13: cannot open shared object file: No such file or directory
                              looked for libnvrtc.so.13, libnvrtc.so.12
                              in the loader's path, /usr/lib64
                              Install the CUDA toolkit, or `pip install nvidia-cuda-nvrtc nvidia-cuda-runtime \
                nvidia-cuda-cccl`, or set AUTOTUNE_NVRTC to the path of libnvrtc.
                NVML          not usable (optional): libnvidia-ml.so.1: cannot open shared object file: No such file or directory
                              looked for libnvidia-ml.so.1
                              in the loader's path, /usr/lib64
                              It is only used to tell clocks and temperature.
                """)
    }

    @Test("with CUDA it names the files, the versions and the devices")
    func everything() {
        var installation = empty()
        installation.driver = found(installation.driver, "/usr/lib64/libcuda.so.1", "CUDA 13.0, release 580.65.06")
        installation.nvrtc = found(installation.nvrtc, "/usr/local/cuda/lib64/libnvrtc.so.13", "13.0")
        installation.nvml = found(installation.nvml, "/usr/lib64/libnvidia-ml.so.1", nil)
        installation.headers = ["/usr/local/cuda/include", "/usr/local/cuda/include/cccl"]
        installation.devices = [
            CUDAInstallation.Device(
                index: 0, name: "NVIDIA H200", architecture: "sm_90a", multiprocessors: 132,
                memoryBytes: 150_109_880_320, uuid: "GPU-1")
        ]
        #expect(installation.isComplete)
        #expect(
            "\(installation)" == """
                CUDA driver   CUDA 13.0, release 580.65.06, /usr/lib64/libcuda.so.1
                NVRTC         13.0, /usr/local/cuda/lib64/libnvrtc.so.13
                CUDA headers  /usr/local/cuda/include
                              /usr/local/cuda/include/cccl
                NVML          /usr/lib64/libnvidia-ml.so.1
                Devices       0  NVIDIA H200, sm_90a, 132 SMs, 139.8 GiB, GPU-1
                """)
    }

    @Test("a library that is no library is told with the loader's words")
    func brokenOverride() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("not a library", to: "libnvrtc.so.13")
        let report = CUDAInstallation.find(environment: ["AUTOTUNE_NVRTC": path]).nvrtc
        #expect(!report.isUsable)
        #expect(report.problem?.hasPrefix(path) == true)
        #expect(report.places == ["\(path) ($AUTOTUNE_NVRTC)"])
    }
}
