extension CUDAInstallation: CustomStringConvertible {
    /// The report as `autotune devices` prints it: what was found, and for what is missing where it was looked for and
    /// what to do.
    public var description: String {
        var lines: [String] = []
        lines += Self.lines(
            driver,
            help: driver.path == nil
                ? "Install NVIDIA's driver. In a container, start it with the GPU (docker run --gpus all)."
                : "The driver is there and does not work: check `nvidia-smi` and CUDA_VISIBLE_DEVICES.")
        lines += Self.lines(
            nvrtc,
            help: "Install the CUDA toolkit, or `pip install nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cuda-cccl`, "
                + "or set \(SearchPlaces.nvrtcVariable) to the path of libnvrtc.")
        lines += headerLines
        lines += Self.lines(nvml, help: "It is only used to tell clocks and temperature.")
        lines += deviceLines
        return lines.joined(separator: "\n")
    }

    private static let nameWidth = 14

    private static func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, nameWidth - name.count)) + text
    }

    private static func lines(_ component: Component, help: String) -> [String] {
        if component.isUsable, let path = component.path {
            return [line(component.name, (component.version.map { "\($0), " } ?? "") + path)]
        }
        let what = component.isOptional ? "not usable (optional)" : "not usable"
        return [
            line(component.name, "\(what): \(component.problem ?? "not found")"),
            line("", "looked for \(component.names.joined(separator: ", "))"),
            line("", "in \(component.places.joined(separator: ", "))"),
            line("", help),
        ]
    }

    private var headerLines: [String] {
        guard headers.isEmpty else { return headers.enumerated().map { Self.line($0 == 0 ? "CUDA headers" : "", $1) } }
        guard nvrtc.isUsable else { return [] }
        return [
            Self.line("CUDA headers", "not found: kernels that include cuda_fp16.h and the like do not compile"),
            Self.line("", "`pip install nvidia-cuda-runtime nvidia-cuda-cccl`, or set CUDA_HOME to the toolkit."),
        ]
    }

    private var deviceLines: [String] {
        guard devices.isEmpty else {
            return devices.enumerated().flatMap { index, device in
                [Self.line(index == 0 ? "Devices" : "", "\(device)")]
                    + (device.state.map { [Self.line("", "   now \($0)")] } ?? [])
            }
        }
        return driver.isUsable ? [Self.line("Devices", "none: check `nvidia-smi` and CUDA_VISIBLE_DEVICES")] : []
    }
}

extension CUDAInstallation.Device: CustomStringConvertible {
    public var description: String {
        let memory = CUDADevice.gibibytes(memoryBytes)
        return "\(index)  \(name), \(architecture), \(multiprocessors) SMs, \(memory) GiB, \(uuid)"
    }
}
