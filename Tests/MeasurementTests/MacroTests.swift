import ConfigSpace
import KernelSpec
import Testing

@testable import Measurement

@Suite("Configs as macros")
struct MacroTests {
    private func macros(_ domain: Domain, _ value: Value) throws -> [String] {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "p", domain: domain, defaultValue: value)], constraints: [])
        return Macro.all(of: space.defaultConfig, in: space).map(\.definition)
    }

    @Test("scalars are their value, booleans 1 and 0")
    func scalars() throws {
        #expect(try macros(.powerOf2(min: 1, max: 64), .int(16)) == ["p=16"])
        #expect(try macros(.integer(min: -4, max: 4, step: 1), .int(-3)) == ["p=-3"])
        #expect(try macros(.boolean, .bool(true)) == ["p=1"])
        #expect(try macros(.boolean, .bool(false)) == ["p=0"])
    }

    @Test("sources for Kernel Tuner get its macros besides, but for those that are parameters")
    func kernelTuner() throws {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "block_size_x", domain: .values([.int(64)]), defaultValue: .int(64))],
            constraints: [])
        func macros(isForKernelTuner: Bool) -> [String] {
            let spec = KernelSpec(
                name: "k", path: "/k.json",
                kernel: Kernel(
                    language: .cuda, source: "k.cu", sourcePath: "/k.cu", function: "k",
                    isForKernelTuner: isForKernelTuner),
                arguments: [], launch: nil, configSpace: space, verification: Verification(against: .defaultConfig),
                workload: nil, warnings: [])
            let launch = TargetLaunch(grid: [5, 6, 1], block: [64, 1, 1])
            return Macro.all(of: space.defaultConfig, in: spec, launch: launch).map(\.definition)
        }
        #expect(macros(isForKernelTuner: false) == ["block_size_x=64", "block_size_x_INDEX=0"])
        #expect(
            macros(isForKernelTuner: true) == [
                "block_size_x=64", "block_size_x_INDEX=0", "kernel_tuner=1", "grid_size_x=5", "grid_size_y=6",
                "grid_size_z=1", "block_size_y=1", "block_size_z=1",
            ])
    }

    @Test("listed values have their position too; what is no identifier has it alone")
    func values() throws {
        let domain = Domain.values([.string("xor"), .null, .double(0.5), .string("no swizzle"), .string("_a1")])
        #expect(try macros(domain, .string("xor")) == ["p=xor", "p_INDEX=0"])
        #expect(try macros(domain, .null) == ["p_INDEX=1"])
        #expect(try macros(domain, .double(0.5)) == ["p=0.5", "p_INDEX=2"])
        #expect(try macros(domain, .string("no swizzle")) == ["p_INDEX=3"])
        #expect(try macros(domain, .string("_a1")) == ["p=_a1", "p_INDEX=4"])
    }

    @Test("lists, tuples and permutations are one macro an element, and their count")
    func lists() throws {
        #expect(
            try macros(.permutation(length: 3), .list([.int(2), .int(0), .int(1)]))
                == ["p_0=2", "p_1=0", "p_2=1", "p_COUNT=3"])
        let tuple = Domain.tuple([.boolean, .values([.string("a"), .string("b")])])
        #expect(
            try macros(tuple, .list([.bool(true), .string("b")])) == ["p_0=1", "p_1=b", "p_1_INDEX=1", "p_COUNT=2"])
        #expect(
            try macros(.list(length: 1, of: .permutation(length: 2)), .list([.list([.int(1), .int(0)])]))
                == ["p_0_0=1", "p_0_1=0", "p_0_COUNT=2", "p_COUNT=1"])
    }
}
