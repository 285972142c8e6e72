/// What there is of CUDA on this machine, where it was looked for, and what is missing.
///
/// Nothing of CUDA is needed to build or start the program; its libraries are opened when this is made.
public struct CUDAInstallation: Sendable, Equatable {
    /// One of CUDA's libraries.
    public struct Component: Sendable, Equatable {
        /// "CUDA driver", "NVRTC", "NVML".
        public var name: String
        /// The file that was found, whether it works or not; nil where there is none.
        public var path: String?
        /// "13.0"; nil where it could not be told.
        public var version: String?
        /// Why it cannot be used though it may be there; nil if nothing is wrong.
        public var problem: String?
        /// The names that were looked for, and the places, in that order.
        public var names: [String]
        public var places: [String]
        /// Whether kernels run without it.
        public var isOptional: Bool

        /// Whether it was found and works.
        public var isUsable: Bool { path != nil && problem == nil }
    }

    /// One of the devices that the driver tells of.
    public struct Device: Sendable, Equatable {
        /// Among the devices this process sees, from 0.
        public var index: Int
        public var name: String
        /// "sm_90a".
        public var architecture: String
        public var multiprocessors: Int
        public var memoryBytes: Int
        public var uuid: String
        /// How it stands now, "345 of 1980 MHz, 32 °C, 70 W, no program on it"; nil where NVML does not tell.
        public var state: String?
    }

    public var driver: Component
    public var nvrtc: Component
    public var nvml: Component
    /// The folders of CUDA's own headers; empty where there are none.
    public var headers: [String]
    public var devices: [Device]

    /// Whether CUDA kernels can be compiled and run here.
    public var isComplete: Bool { driver.isUsable && nvrtc.isUsable && !devices.isEmpty }

    /// Looks at this machine. The driver is asked for its devices; nothing is left on them.
    ///
    /// - Parameter environment: of it are used `CUDA_HOME`, `CUDA_PATH`, `AUTOTUNE_NVRTC` (NVRTC's file or its folder) and
    ///   what tells where python keeps packages.
    public static func find(environment: [String: String]) -> CUDAInstallation {
        CUDALibraries(environment: environment).installation()
    }
}
