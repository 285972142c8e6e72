import ConfigSpace
import Foundation
import KernelSpec
import Subprocess
import Testing

@testable import Measurement

/// The worker for Python makes the same inputs as all else, bit by bit.
@Suite("Fills in Python", .enabled("python3 (or $AUTOTUNE_PYTHON) has no torch") { await PythonWithTorch.isThere })
struct PythonFillTests {
    private struct Case: Encodable {
        var argument: TargetArgument
        var seedOffset: UInt64
        /// What Swift makes, in Base64.
        var bytes: Data
    }

    private static let wholes: [(low: Int, high: Int)] = [
        (0, 1), (-5, 5), (-128, 127), (0, 1 << 31 - 1), (0, 1 << 31), (-3, 1 << 40), (.min, .max), (.min, 0), (7, .max),
    ]

    private static func fills(of type: DataType) -> [Fill] {
        let seeds: [UInt64] = [0, 1, 1 << 63 - 1, .max]
        let ranges = wholes.filter { type.canHold($0.low) && type.canHold($0.high) }
        var fills: [Fill] = [.zeros, .constant(1), .arange(start: 0, step: 0), .arange(start: 1, step: 0)]
        fills += ranges.flatMap { range in seeds.map { .integers(low: range.low, high: range.high, seed: $0) } }
        if type != .bool { fills += [.constant(100), .arange(start: 3, step: 0)] }
        if type.byteCount > 1 { fills += [.arange(start: 5, step: 3), .arange(start: 30_000, step: -7)] }
        guard type.isFloat else { return fills }
        fills += [.constant(-0.0), .constant(0.1), .arange(start: -1.25, step: 0.037), .arange(start: 1, step: 1e-3)]
        for seed in seeds {
            fills += [
                .uniform(low: 0, high: 1, seed: seed), .uniform(low: -3.3, high: 2.7, seed: seed),
                .uniform(low: -1e-7, high: 1e-7, seed: seed), .normal(mean: 0, standardDeviation: 1, seed: seed),
                .normal(mean: 0.3, standardDeviation: 1e-3, seed: seed),
                .normal(mean: 0, standardDeviation: 300, seed: seed),
                .normal(mean: 0, standardDeviation: 40_000, seed: seed),
                .normal(mean: 0, standardDeviation: 1e-6, seed: seed),
                .normal(mean: 0, standardDeviation: 1e38, seed: seed),
                .normal(mean: 0, standardDeviation: 1e-39, seed: seed),
            ]
        }
        return fills
    }

    @Test(
        "all fills are the same bytes as here, for all types, seeds, offsets and orders", arguments: DataType.allCases)
    func sameBytes(type: DataType) async throws {
        var cases: [Case] = []
        for (index, fill) in Self.fills(of: type).enumerated() {
            let shape = [[1], [101], [3, 5, 7], [33, 31]][index % 4]
            let argument = Argument(
                name: "A", dataType: type, kind: .array(shape: shape, fill: fill, role: .input),
                order: index % 8 == 2 ? [2, 0, 1] : nil)
            for seedOffset in [0, 1, .max] as [UInt64] {
                cases.append(
                    Case(
                        argument: TargetArgument(argument), seedOffset: seedOffset,
                        bytes: Data(try argument.bytes(seedOffset: seedOffset))))
            }
        }
        let found = try await differences(cases)
        #expect(found.isEmpty, "\(found.count) differ: \(found.prefix(4).joined(separator: "\n"))")
    }

    @Test(
        "a long array is the same bytes as here",
        arguments: [DataType.float16, .float8E4M3, .bfloat16, .float32, .float64])
    func long(type: DataType) async throws {
        let argument = Argument(
            name: "A", dataType: type,
            kind: .array(shape: [1 << 20 + 1], fill: .normal(mean: 0, standardDeviation: 1, seed: 2), role: .input))
        let made = Case(argument: TargetArgument(argument), seedOffset: 0, bytes: Data(try argument.bytes()))
        #expect(try await differences([made]) == [])
    }

    @Test(
        "a .npy file is the same bytes as here, in any order, under each name that NumPy has for a type",
        arguments: [
            (DataType.float16, "<f2"), (.float64, "<f8"), (.bfloat16, "|V2"), (.bfloat16, "<u2"), (.float8E5M2, "|V1"),
            (.float8E4M3, "|u1"), (.bool, "|b1"), (.int64, "<i8"), (.uint16, "<u2"),
        ])
    func file(type: DataType, descriptor: String) async throws {
        let folder = try TemporaryFolder()
        let header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (3, 5), }"
        let padded = header.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
        let bytes = (0..<15 * type.byteCount).map { UInt8(type == .bool ? $0 % 2 : $0 * 7 % 100) }
        let file = "\(folder.path)/a.npy"
        try Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + bytes).write(
            to: URL(filePath: file))
        let cases = try [nil, [1, 0]].map { order in
            let argument = Argument(
                name: "A", dataType: type, kind: .array(shape: [3, 5], fill: .file(file), role: .input), order: order)
            return Case(argument: TargetArgument(argument), seedOffset: 0, bytes: Data(try argument.bytes()))
        }
        #expect(try await differences(cases) == [])
    }

    /// What Python makes otherwise: the case, and the first byte that differs.
    private func differences(_ cases: [Case]) async throws -> [String] {
        let folder = try TemporaryFolder()
        let worker = try PythonWorker.install(environment: ["XDG_CACHE_HOME": folder.path])
        let file = try folder.write(String(decoding: try JSONEncoder().encode(cases), as: UTF8.self), to: "cases.json")
        let script = """
            import base64, json, sys
            import torch
            from autotune_worker import fills
            from autotune_worker.main import decoded
            fills.elements_at_once = 1 << 18
            for case in decoded(open(sys.argv[1]).read()):
                argument, expected = case["argument"], base64.b64decode(case["bytes"])
                made = fills.array(argument, case["seedOffset"], "cpu")
                memory = made.as_strided((made.numel(),), (1,)).view(torch.uint8)
                found = bytes(memory.tolist())
                if found != expected:
                    size = made.element_size()
                    off = [i for i in range(made.numel()) if found[i*size:i*size+size] != expected[i*size:i*size+size]]
                    i = off[0] if off else 0
                    print(argument, case["seedOffset"], len(off), i, *(b[i*size:i*size+size].hex() for b in (found, expected)))
            """
        let result = try await Subprocess.run(
            PythonWithTorch.executable, arguments: ["-c", script, file],
            environment: .inherit.updating(["PYTHONPATH": worker]), output: .string(limit: 1 << 24),
            error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else { return [result.standardError] }
        return result.standardOutput.split(separator: "\n").map(String.init)
    }
}

enum PythonWithTorch {
    /// `$AUTOTUNE_PYTHON`, so that an environment with packages can be tried without being entered.
    static var executable: Executable {
        let program = ProcessInfo.processInfo.environment["AUTOTUNE_PYTHON"] ?? "python3"
        return program.contains("/") ? .path(.init(program)) : .name(program)
    }

    static var isThere: Bool {
        get async {
            let result = try? await Subprocess.run(
                executable, arguments: ["-c", "import torch"], output: .discarded, error: .discarded)
            return result?.terminationStatus.isSuccess ?? false
        }
    }
}

extension DataType {
    fileprivate func canHold(_ whole: Int) -> Bool {
        switch self {
        case .bool: (0...1).contains(whole)
        case .int8: Int8(exactly: whole) != nil
        case .int16: Int16(exactly: whole) != nil
        case .int32: Int32(exactly: whole) != nil
        case .int64: true
        case .uint8: UInt8(exactly: whole) != nil
        case .uint16: UInt16(exactly: whole) != nil
        case .uint32: UInt32(exactly: whole) != nil
        case .uint64: whole >= 0
        case .float8E4M3: abs(Double(whole)) <= 448
        case .float8E5M2: abs(Double(whole)) <= 57_344
        case .float16: abs(Double(whole)) <= 65_504
        case .bfloat16, .float32, .float64: true
        }
    }
}
