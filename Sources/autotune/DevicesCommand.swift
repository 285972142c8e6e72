internal import ArgumentParser
internal import Foundation
internal import Measurement
internal import Reporting
internal import Tuning

/// `autotune devices`: what there is of CUDA on this machine, where it was looked for, and what to do for what is missing.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "Say which devices kernels can run on here, and what is missing.",
        discussion: """
            Nothing is left on the devices. Exit codes: 0 CUDA kernels can be compiled and run here, 69 not (kernels in C
            and C++ run all the same).
            """)

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() async throws {
        let json = json
        try await Failure.reporting {
            let found = CUDAInstallation.find(environment: ProcessInfo.processInfo.environment)
            print(json ? try Self.document(found) : Text.printable(Self.report(found)))
            guard found.isComplete else { throw ExitCode(EX_UNAVAILABLE) }
        }
    }

    private static func report(_ found: CUDAInstallation) -> String {
        guard !found.isComplete else { return found.description }
        return "\(found)\n\nCUDA kernels cannot run here; kernels in C and C++ run on this machine's CPU."
    }

    private struct Document: Encodable {
        var runsCuda: Bool
        var driver: Component
        var nvrtc: Component
        var nvml: Component
        var headers: [String]
        var devices: [Device]
    }

    private struct Component: Encodable {
        var path: String?
        var version: String?
        var problem: String?
        var lookedFor: [String]
        var lookedIn: [String]
        var isOptional: Bool

        init(_ component: CUDAInstallation.Component) {
            (path, version, problem) = (component.path, component.version, component.problem)
            (lookedFor, lookedIn, isOptional) = (component.names, component.places, component.isOptional)
        }
    }

    private struct Device: Encodable {
        var index: Int
        var name: String
        var architecture: String
        var multiprocessors: Int
        var memoryBytes: Int
        var uuid: String
        var state: String?

        init(_ device: CUDAInstallation.Device) {
            (index, name, architecture) = (device.index, device.name, device.architecture)
            (multiprocessors, memoryBytes, uuid) = (device.multiprocessors, device.memoryBytes, device.uuid)
            state = device.state
        }
    }

    private static func document(_ found: CUDAInstallation) throws -> String {
        let document = Document(
            runsCuda: found.isComplete, driver: Component(found.driver), nvrtc: Component(found.nvrtc),
            nvml: Component(found.nvml), headers: found.headers, devices: found.devices.map(Device.init))
        return String(decoding: try JSONFiles.documentEncoder.encode(document), as: UTF8.self)
    }
}
