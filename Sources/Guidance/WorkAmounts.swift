internal import ConfigSpace
internal import KernelSpec

/// What one run of a config computes and moves, by the spec's workload.
struct WorkAmounts {
    let flops: Double?
    let bytes: Double?

    init(_ spec: KernelSpec, config: Config) {
        func value(_ expression: Expression?) -> Double? {
            try? expression?.evaluateDouble { spec.configSpace.value(of: $0, in: config) }
        }
        flops = value(spec.workload?.flops)
        bytes = value(spec.workload?.bytes)
    }
}
