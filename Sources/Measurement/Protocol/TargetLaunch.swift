import ConfigSpace
import KernelSpec

/// How one config's kernel is launched, as it travels to a worker: the spec's expressions with their values.
struct TargetLaunch: Codable, Sendable, Equatable {
    /// One to three extents, in blocks.
    var grid: [Int]
    /// One to three extents, in threads.
    var block: [Int]
    /// Dynamic shared memory of a block.
    var sharedMemoryBytes = 0
    /// One to three extents, in blocks; nil launches without clusters.
    var cluster: [Int]?
    var isCooperative = false
}

extension TargetLaunch {
    /// The launch of `config`; nil for a kernel that is called.
    ///
    /// Whether the device can launch it so is not looked at.
    ///
    /// - Throws: which expression has no value for this config, and why.
    init?(_ spec: KernelSpec, _ config: Config) throws(LaunchFailure) {
        guard let launch = spec.launch else { return nil }
        let space = spec.configSpace
        func number(_ expression: Expression, _ what: String) throws(LaunchFailure) -> Int {
            do {
                return try expression.evaluateInt { space.value(of: $0, in: config) }
            } catch {
                throw LaunchFailure(reason: "the launch's \(what), \(expression): \(error.message)")
            }
        }
        func numbers(_ expressions: [Expression], _ what: String) throws(LaunchFailure) -> [Int] {
            var numbers: [Int] = []
            for expression in expressions { numbers.append(try number(expression, what)) }
            return numbers
        }
        grid = try numbers(launch.grid, "grid")
        block = try numbers(launch.block, "block")
        if let bytes = launch.sharedMemoryBytes { sharedMemoryBytes = try number(bytes, "shared memory") }
        cluster = try launch.cluster.map { cluster throws(LaunchFailure) in try numbers(cluster, "cluster") }
        guard let cooperative = launch.cooperative else { return }
        do {
            isCooperative = try cooperative.evaluateCondition { space.value(of: $0, in: config) }
        } catch {
            throw LaunchFailure(reason: "the launch's cooperative, \(cooperative): \(error.message)")
        }
    }
}

/// Why a compiled kernel cannot be run.
struct LaunchFailure: Error {
    var reason: String
}
