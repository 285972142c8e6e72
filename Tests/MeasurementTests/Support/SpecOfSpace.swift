import ConfigSpace
import KernelSpec

extension KernelSpec {
    /// A spec for tests that look at nothing but its space.
    static func of(_ space: ConfigSpace, language: Language = .c) -> KernelSpec {
        KernelSpec(
            name: "test", path: "/test/kernel.json",
            kernel: Kernel(language: language, source: "kernel", sourcePath: "/test/kernel", function: "kernel"),
            arguments: [], launch: nil, configSpace: space, verification: Verification(against: .defaultConfig),
            workload: nil, warnings: [])
    }
}
