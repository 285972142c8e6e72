import Foundation

@testable import Measurement

/// NVRTC as it is found on this machine: from a toolkit, from pip, or where `AUTOTUNE_NVRTC` says.
enum RealNVRTC {
    static let isThere = CUDALibraries(environment: environment).nvrtc.library != nil
    static let hasHeaders = isThere && !(try! compiler().headers.isEmpty)
    /// Whether it knows Hopper and Blackwell, by their exact architectures too.
    static let isNew = isThere && (try! compiler().version) >= (12, 8)
    static let missing = """
        there is no NVRTC: pip install nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cuda-cccl, or set AUTOTUNE_NVRTC
        """

    /// The file it was loaded from.
    static let path = CUDALibraries(environment: environment).nvrtc.library?.path ?? ""

    static func compiler(cache: CubinCache? = nil) throws -> NVRTCCompiler {
        try CUDALibraries(environment: environment).compiler(cache: cache)
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}

/// A source in a folder of its own.
struct TestSource {
    let folder: TemporaryFolder
    let path: String

    init(_ text: String, headers: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        path = try folder.write(text, to: "kernel.cu")
        for (name, text) in headers {
            let file = URL(filePath: "\(folder.path)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    func program(
        _ function: String = "kernel", otherNames: [String] = [], options: [String] = [], includePaths: [String] = [],
        macros: [String] = [], architecture: String = "sm_80"
    ) -> CUDAProgram {
        CUDAProgram(
            source: path, function: function, otherNames: otherNames, options: options, includePaths: includePaths,
            macros: macros, architecture: architecture)
    }
}
