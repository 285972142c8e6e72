import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

@Suite("What travels to a worker")
struct TargetTests {
    static let fills: [Fill] = [
        .zeros, .constant(0.1), .uniform(low: -1, high: 1, seed: .max), .normal(mean: 0, standardDeviation: 2, seed: 3),
        .arange(start: 1, step: -0.5), .integers(low: -7, high: Int.max, seed: 5), .file("/data/a \"b\".npy"),
    ]

    @Test("arguments arrive as they were", arguments: fills)
    func arrays(fill: Fill) throws {
        let argument = Argument(
            name: "A", dataType: .bfloat16, kind: .array(shape: [2, 3], fill: fill, role: .inOut))
        let line = try JSONRPC.encode(TargetArgument(argument))
        let arrived = try JSONRPC.decode(TargetArgument.self, from: line).argument()
        guard case .array(let shape, let arrivedFill, let role) = arrived.kind else {
            Issue.record("an array became a scalar")
            return
        }
        #expect(shape == [2, 3] && arrivedFill == fill && role == .inOut && arrived.dataType == .bfloat16)
        #expect(arrived.symbol == nil && arrived.isParameter)
    }

    @Test("what lies in a symbol arrives as passed or not passed", arguments: [true, false])
    func symbols(isParameter: Bool) throws {
        let argument = Argument(
            name: "A", dataType: .float32, kind: .array(shape: [9], fill: .zeros, role: .input), symbol: "tables::a",
            isParameter: isParameter)
        let line = try JSONRPC.encode(TargetArgument(argument))
        let arrived = try JSONRPC.decode(TargetArgument.self, from: line).argument()
        #expect(arrived.symbol == "tables::a" && arrived.isParameter == isParameter)
    }

    @Test("a whole target is one line and arrives equal")
    func target() throws {
        let kernel = try TestKernel(
            "", variants: ["a"], against: .files(["y": "/y.npy"]), options: ["-DA=\"\n\u{2028}\""])
        let target = Target(kernel.spec)
        let line = try JSONRPC.encode(target)
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        #expect(try JSONRPC.decode(Target.self, from: line) == target)
    }

    @Test("an argument that is neither scalar nor array is refused")
    func incomplete() throws {
        let line = Array(#"{"name":"A","dtype":"float32","shape":[2],"role":"output"}"#.utf8)
        let argument = try JSONRPC.decode(TargetArgument.self, from: line)
        #expect(
            #expect(throws: RPCError.self) { try argument.argument() }?.message
                == "argument A is neither a scalar with a value nor an array with shape, fill and role")
    }
}
