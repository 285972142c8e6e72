/// NVIDIA's management library, opened at run time where there is one: what the driver does not tell of a device's state.
///
/// This is the only file that calls it.
@safe final class NVMLLibrary {
    private typealias Status = Int32
    private typealias Out<T> = UnsafeMutablePointer<T>
    private typealias NumberCall = @convention(c) (UInt, Out<UInt32>) -> Status
    private typealias KindedNumberCall = @convention(c) (UInt, UInt32, Out<UInt32>) -> Status

    /// The file it was loaded from.
    let path: String

    private let shutdown: @convention(c) () -> Status
    private let errorText: @convention(c) (Status) -> UnsafePointer<CChar>?
    private let driverVersion: @convention(c) (Out<CChar>, UInt32) -> Status
    private let deviceByUUID: @convention(c) (UnsafePointer<CChar>, Out<UInt>) -> Status
    private let clock: KindedNumberCall
    private let maxClock: KindedNumberCall
    private let temperature: KindedNumberCall
    private let power: NumberCall
    private let throttleReasons: @convention(c) (UInt, Out<UInt64>) -> Status
    private let processes: @convention(c) (UInt, Out<UInt32>, UnsafeMutableRawPointer?) -> Status

    /// - Throws: when the library is too old or does not work here (no driver loaded).
    init(_ library: SharedLibrary) throws(LibraryError) {
        path = library.path(byFunction: "nvmlInit_v2")
        unsafe shutdown = try library.function("nvmlShutdown")
        unsafe errorText = try library.function("nvmlErrorString")
        unsafe driverVersion = try library.function("nvmlSystemGetDriverVersion")
        unsafe deviceByUUID = try library.function("nvmlDeviceGetHandleByUUID")
        unsafe clock = try library.function("nvmlDeviceGetClockInfo")
        unsafe maxClock = try library.function("nvmlDeviceGetMaxClockInfo")
        unsafe temperature = try library.function("nvmlDeviceGetTemperature")
        unsafe power = try library.function("nvmlDeviceGetPowerUsage")
        unsafe throttleReasons = try library.function("nvmlDeviceGetCurrentClocksThrottleReasons")
        unsafe processes = try library.function("nvmlDeviceGetComputeRunningProcesses_v2")
        let initialize: @convention(c) () -> Status = unsafe try library.function("nvmlInit_v2")
        let status = initialize()
        guard status == 0 else {
            let text = unsafe errorText(status).map { unsafe String(cString: $0) }
            throw LibraryError(library: path, message: "nvmlInit: \(text ?? "error \(status)")")
        }
    }

    deinit {
        _ = shutdown()
    }

    /// "580.65.06".
    var driver: String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, unsafe driverVersion(base, 128) == 0 else { return nil }
            return unsafe String(cString: base)
        }
    }

    private enum ClockKind: UInt32 {
        case multiprocessors = 1
        case memory = 2
    }

    /// The device's state now; what it does not tell is nil.
    func state(ofDevice uuid: String) -> DeviceState? {
        var device: UInt = 0
        guard unsafe deviceByUUID(uuid, &device) == 0 else { return nil }
        func number(_ call: NumberCall) -> Int? {
            var value: UInt32 = 0
            return unsafe call(device, &value) == 0 ? Int(value) : nil
        }
        func number(_ call: KindedNumberCall, _ kind: UInt32) -> Int? {
            var value: UInt32 = 0
            return unsafe call(device, kind, &value) == 0 ? Int(value) : nil
        }
        var reasons: UInt64 = 0
        let hasReasons = unsafe throttleReasons(device, &reasons) == 0
        return DeviceState(
            clockMegahertz: unsafe number(clock, ClockKind.multiprocessors.rawValue),
            maxClockMegahertz: unsafe number(maxClock, ClockKind.multiprocessors.rawValue),
            memoryClockMegahertz: unsafe number(clock, ClockKind.memory.rawValue),
            temperatureCelsius: unsafe number(temperature, 0), powerMilliwatts: unsafe number(power),
            slowdowns: hasReasons ? SlowdownReasons(rawValue: reasons) : nil, processCount: processCount(on: device))
    }

    private func processCount(on device: UInt) -> Int? {
        var count: UInt32 = 0
        // Asked without room for them, it says how many there are (and that there was no room).
        let status = unsafe processes(device, &count, nil)
        return status == 0 || status == Self.insufficientSize ? Int(count) : nil
    }

    private static let insufficientSize: Status = 7
}

/// A device's state at one moment.
struct DeviceState: Sendable, Equatable {
    var clockMegahertz: Int?
    var maxClockMegahertz: Int?
    var memoryClockMegahertz: Int?
    var temperatureCelsius: Int?
    var powerMilliwatts: Int?
    var slowdowns: SlowdownReasons?
    /// Programs that compute on the device, this one among them if it has a context there.
    var processCount: Int?
}

/// Why a device does not run at its highest clock, by NVML's bits (`nvmlClocksThrottleReason…`).
struct SlowdownReasons: OptionSet, Sendable {
    let rawValue: UInt64

    static let idle = SlowdownReasons(rawValue: 0x1)
    static let powerCap = SlowdownReasons(rawValue: 0x4)
    static let hardware = SlowdownReasons(rawValue: 0x8)
    static let softwareHeat = SlowdownReasons(rawValue: 0x20)
    static let hardwareHeat = SlowdownReasons(rawValue: 0x40)
    static let powerBrake = SlowdownReasons(rawValue: 0x80)
}

extension DeviceState: CustomStringConvertible {
    /// What is told of it, for a person.
    var description: String {
        var parts: [String] = []
        if let clockMegahertz {
            parts.append("\(clockMegahertz)\(maxClockMegahertz.map { " of \($0)" } ?? "") MHz")
        }
        if let temperatureCelsius { parts.append("\(temperatureCelsius) °C") }
        if let powerMilliwatts { parts.append("\((powerMilliwatts + 500) / 1000) W") }
        if let slowdowns, !slowdowns.isDisjoint(with: [.powerCap, .powerBrake]) { parts.append("at its power limit") }
        if let slowdowns, !slowdowns.isDisjoint(with: [.softwareHeat, .hardwareHeat, .hardware]) {
            parts.append("slowed down by heat")
        }
        switch processCount {
        case nil: break
        case 0?: parts.append("no program on it")
        case 1?: parts.append("1 program on it: timings will be disturbed")
        case let count?: parts.append("\(count) programs on it: timings will be disturbed")
        }
        return parts.joined(separator: ", ")
    }
}
