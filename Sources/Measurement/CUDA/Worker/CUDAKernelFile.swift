import FoundationEssentials

/// An artifact of a session, as the compile worker leaves it for the timing worker: machine code and how it is launched.
struct CUDAKernelFile: Sendable, Equatable {
    var launch: TargetLaunch
    var artifact: CUDAArtifact

    /// One line of JSON, then the compiled program.
    func encoded() throws(RPCError) -> [UInt8] {
        do {
            return try JSONRPC.encode(launch) + artifact.encoded()
        } catch {
            throw .internalError("a compiled kernel cannot be written: \(error)")
        }
    }

    /// Nil for anything but a whole file of this form.
    init?(decoding bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let launch = try? JSONRPC.decode(TargetLaunch.self, from: Array(bytes[..<end])),
            let artifact = CUDAArtifact(decoding: Array(bytes[(end + 1)...]))
        else { return nil }
        self.init(launch: launch, artifact: artifact)
    }

    init(launch: TargetLaunch, artifact: CUDAArtifact) {
        (self.launch, self.artifact) = (launch, artifact)
    }

    /// - Throws: when it is not there or damaged.
    static func read(_ path: String) throws(LaunchFailure) -> CUDAKernelFile {
        guard let bytes = FileSystem.bytes(of: path), let file = CUDAKernelFile(decoding: bytes) else {
            throw LaunchFailure(reason: "the compiled kernel \(path) cannot be read")
        }
        return file
    }
}

extension TargetLaunch {
    /// - Throws: when there are no or too many extents.
    func geometry() throws(LaunchFailure) -> LaunchGeometry {
        guard let grid = Extent3(grid), let block = Extent3(block) else {
            throw LaunchFailure(reason: "the launch's grid and block have one to three extents each")
        }
        let cluster = try cluster.map { extents throws(LaunchFailure) in
            guard let cluster = Extent3(extents) else {
                throw LaunchFailure(reason: "the launch's cluster has one to three extents")
            }
            return cluster
        }
        return LaunchGeometry(
            grid: grid, block: block, dynamicSharedBytes: sharedMemoryBytes, cluster: cluster,
            isCooperative: isCooperative)
    }
}
