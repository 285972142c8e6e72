public import ConfigSpace
public import KernelSpec

/// Evaluates configs of one target: on a device through worker processes, or by looking them up in a recording.
public protocol Evaluator: Sendable {
    var device: DeviceDescription { get }
    /// The kernel, with the configuration space that it tells itself where the file does not give it.
    var spec: KernelSpec { get }
    /// Configs that the kernel's own compiler would begin a search with.
    var seeds: [Config] { get }

    /// Evaluates `configs` and hands each evaluation to `report` as soon as it is known, in any order, one at a time.
    ///
    /// Compiling and timing overlap. What happens to one config is its outcome, never an error of the call. When the
    /// surrounding task is cancelled the call returns early with `CancellationError`; configs not reported were not evaluated.
    func evaluate(_ configs: [Config], report: (Evaluation) async throws -> Void) async throws

    /// The same for configs that become known one by one, beginning with each as it comes.
    func evaluate(_ configs: AsyncStream<Config>, report: (Evaluation) async throws -> Void) async throws

    /// Whether evaluating takes time that is worth to be used while others are waited for.
    var takesTime: Bool { get }

    /// Times configs that were measured before side by side (interleaved, round robin) until their order is settled or
    /// the limit is reached, after verifying each again on fresh inputs.
    ///
    /// The results are in the order of `configs`.
    func retime(_ configs: [Config]) async throws -> [Evaluation]
}

extension Evaluator {
    public var seeds: [Config] { [] }
    public var takesTime: Bool { true }

    public func evaluate(_ configs: AsyncStream<Config>, report: (Evaluation) async throws -> Void) async throws {
        for await config in configs { try await evaluate([config], report: report) }
    }
}

/// The device an evaluator measures on, as the prompt, the result file and the user see it.
public struct DeviceDescription: Sendable, Codable, Equatable {
    /// For example "AMD EPYC 9354" or "NVIDIA H100 80GB HBM3".
    public var name: String
    /// Facts for the prompt in the order they are told: ("Cores", "2"), ("L2 cache", "1 MiB per core"), …
    public var facts: [Fact]
    /// The numbers of the devices that measure, where they were chosen among several.
    public var indices: [Int]?

    public struct Fact: Sendable, Codable, Equatable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(name: String, facts: [Fact], indices: [Int]? = nil) {
        self.name = name
        self.facts = facts
        self.indices = indices
    }
}
