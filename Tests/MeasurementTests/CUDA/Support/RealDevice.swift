import Foundation

@testable import Measurement

/// The first CUDA device of this machine.
enum RealDevice {
    static let isThere = RealNVRTC.isThere && !((try? libraries().devices()) ?? []).isEmpty
    static let missing = "there is no CUDA device (or no NVRTC) here"
    static let hasClusters = isThere && (try! libraries().devices()[0].launchesClusters)

    static func libraries() -> CUDALibraries { CUDALibraries(environment: ProcessInfo.processInfo.environment) }

    /// A source compiled for the device and loaded.
    struct Program {
        let context: CUDAContext
        let module: CUDAModule
        let artifact: CUDAArtifact

        init(_ text: String, function: String = "kernel", otherNames: [String] = []) throws {
            let libraries = RealDevice.libraries()
            let device = try libraries.devices()[0]
            let compiler = try libraries.compiler(cache: nil)
            let source = try TestSource(text)
            artifact = try compiler.compile(
                source.program(
                    function, otherNames: otherNames, architecture: compiler.architecture(for: device.capability))
            ).artifact
            context = try CUDAContext(libraries.driver.result.get(), device: device, waiting: .blocking)
            module = try CUDAModule(context, image: artifact.image)
        }

        func function(_ name: String = "kernel") throws -> CUDAFunction {
            try module.function(artifact.symbols[name] ?? name)
        }
    }
}

extension LaunchArgument {
    init(_ value: Int32) { self.init(scalar: withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }) }
}

extension [UInt8] {
    init(_ values: [Int32]) { self = values.flatMap { value in Swift.withUnsafeBytes(of: value) { [UInt8]($0) } } }

    var int32s: [Int32] {
        stride(from: 0, to: count, by: 4).map { start in
            Int32(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(self[start + $1]) << (8 * UInt32($1)) })
        }
    }
}
