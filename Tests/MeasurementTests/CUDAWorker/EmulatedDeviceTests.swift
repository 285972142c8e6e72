import Foundation
import KernelSpec
import Measurement
import Testing

/// The whole way of CUDA kernels through compile and timing workers, on a device that the processor plays.
@Suite struct EmulatedDeviceTests {
    let device: EmulatedDevice
    var options = TestKernel.options

    init() throws {
        device = try EmulatedDevice()
        options.launcher = device.launcher
        options.compileJobs = 2
        options.runLimitSeconds = 3
    }

    @Test("kernels are compiled, launched, verified and timed, and their resources are told")
    func measured() async throws {
        let kernel = try CUDATestKernel(
            "if (i < n) y[i] = 2 * x[i];", modes: ["plain", "other"], sharedMemory: "64", compiler: device.compilerPath)
        let evaluations = try await kernel.evaluations(options)
        #expect(evaluations.values.map(\.outcome) == [.measured, .measured], "\(evaluations)")
        let resources = try #require(evaluations["other"]?.resources)
        #expect(resources.registersPerThread == 32 && resources.sharedMemoryBytes == 64)
        #expect((resources.occupancy ?? 0) > 0)
    }

    @Test("each fault of a kernel has its own outcome with a reason, and the run goes on")
    func faults() async throws {
        let kernel = try CUDATestKernel(
            """
            if (MODE == hangs) for (volatile int j = 0;; j++);
            if (MODE == traps && i == 5) __trap();
            if (MODE == illegal && i == 5) emulated_fail(700);
            #if MODE_INDEX == 9
                this is not CUDA;
            #endif
            if (i >= n || (MODE == unwritten && i == 7)) return;
            y[i] = MODE == wrong && i == 9 ? 0 : MODE == gives_nan && i == 11 ? NAN : 2 * x[i];
            if (MODE == outside && i == 0) y[n] = 1;
            if (MODE == writes_input && i == 0) ((float *)x)[17] = 3;
            """,
            modes: [
                "plain", "hangs", "traps", "illegal", "unwritten", "wrong", "gives_nan", "outside", "writes_input",
                "no_compile", "too_wide", "no_grid", "last",
            ],
            grid: "8 // (0 if MODE == 'no_grid' else 1)", block: "2048 if MODE == 'too_wide' else 128",
            compiler: device.compilerPath)
        let found = try await kernel.evaluations(options)
        func saw(_ mode: String, _ outcome: Outcome, _ words: String) {
            let evaluation = found[mode]
            #expect(
                evaluation?.outcome == outcome && evaluation?.reason?.contains(words) ?? words.isEmpty,
                "\(mode): \(evaluation?.outcome.rawValue ?? ""), \(evaluation?.reason ?? "")")
        }
        saw("plain", .measured, "")
        saw("last", .measured, "")
        saw("hangs", .runTimeout, "3 s")
        saw("traps", .runtimeError, "CUDA error 719")
        saw("illegal", .runtimeError, "CUDA_ERROR_ILLEGAL_ADDRESS")
        saw("unwritten", .wrongResult, "y[7] was never written")
        saw("wrong", .wrongResult, "y[9] is 0.0")
        saw("gives_nan", .wrongResult, "y[11] is nan")
        saw("outside", .wrongResult, "wrote outside argument y")
        saw("writes_input", .wrongResult, "wrote into argument x")
        saw("no_compile", .compileError, "kernel.cu(")
        saw("too_wide", .launchError, "block x is 2048")
        saw("no_grid", .launchError, "grid")
    }

    @Test("in-out arguments start every run the same, symbols hold their inputs, integers may equal the poison")
    func state() async throws {
        let arguments = [
            CUDATestKernel.x, CUDATestKernel.y,
            Argument(
                name: "table", dataType: .float32,
                kind: .array(shape: [4], fill: .normal(mean: 0, standardDeviation: 1, seed: 3), role: .input),
                symbol: "table"),
            Argument(
                name: "total", dataType: .int32,
                kind: .array(shape: [1000], fill: .integers(low: -5, high: 5, seed: 1), role: .inOut)),
            Argument(name: "z", dataType: .int32, kind: .array(shape: [1000], fill: .zeros, role: .output)),
            CUDATestKernel.n,
        ]
        let kernel = try CUDATestKernel(
            """
            if (i >= n) return;
            y[i] = table[i % 4] * x[i];
            sum[i] += 1;
            if (!(MODE == leaves_out && i == 3)) z[i] = i == 3 ? (int)0xA5A5A5A5 : i;
            """,
            modes: ["plain", "other", "leaves_out"], arguments: arguments, parameters: "int *sum, int *z, ",
            prelude: "__constant__ float table[4];", compiler: device.compilerPath)
        let found = try await kernel.evaluations(options)
        #expect(found["other"]?.outcome == .measured, "\(found["other"]?.reason ?? "")")
        #expect(found["leaves_out"]?.outcome == .wrongResult)
        #expect(found["leaves_out"]?.reason?.contains("z[3] was never written") == true)
    }

    @Test("finalists are verified on fresh inputs and timed side by side")
    func sideBySide() async throws {
        let kernel = try CUDATestKernel(
            "if (i < n) y[i] = 2 * x[i];", modes: ["plain", "other"], compiler: device.compilerPath)
        let timed = try await withWorkerEvaluator(spec: kernel.spec, options: options) { evaluator in
            try await evaluator.retime([kernel.spec.configSpace.defaultConfig])
        }
        #expect(timed.map(\.outcome) == [.measured])
    }

    @Test("a kernel that is right in its first run alone is told")
    func secondRun() async throws {
        let kernel = try CUDATestKernel(
            """
            static int launches = 0;
            if (i < n) y[i] = 2 * x[i] + (MODE == second_run && i == 13 ? launches++ : 0);
            """, modes: ["plain", "second_run"], compiler: device.compilerPath)
        let found = try await kernel.evaluations(options)
        #expect(found["plain"]?.outcome == .measured)
        #expect(found["second_run"]?.outcome == .wrongResult)
        #expect(found["second_run"]?.reason?.hasPrefix("right in its first run, not in later ones: y[13]") == true)
    }

    @Test("several devices measure at once, each for itself, and the finalists are ranked on the first named")
    func severalDevices() async throws {
        var options = options
        options.launcher = device.launcher(devices: 3)
        options.devices = .indices([2, 0])
        let modes = (0..<12).map { "mode\($0)" }
        let kernel = try CUDATestKernel(
            "if (i < n) y[i] = 2 * x[i];", modes: modes, compiler: device.compilerPath)
        let configs = modes.map { kernel.spec.configSpace.defaultConfig.with("MODE", .string($0)) }
        try await withWorkerEvaluator(spec: kernel.spec, options: options) { evaluator in
            #expect(evaluator.device.indices == [2, 0])
            var used: Set<Int?> = []
            try await evaluator.evaluate(configs) { evaluation in
                #expect(evaluation.outcome == .measured)
                used.insert(evaluation.device)
            }
            #expect(used == [0, 2])
            let ranked = try await evaluator.retime(Array(configs.prefix(3)))
            #expect(ranked.map(\.device) == [2, 2, 2])
        }
    }

    @Test("a device that is not there is refused before anything runs")
    func noSuchDevice() async throws {
        var options = options
        options.devices = .indices([1])
        let kernel = try CUDATestKernel("y[i] = 1;", modes: ["plain"], compiler: device.compilerPath)
        let error = await #expect(throws: MeasurementError.self) { _ = try await kernel.evaluations(options) }
        #expect(error?.message == "there is no device 1; there is 1, numbered from 0")
    }

    @Test("arguments larger than the device are refused before anything runs, with both numbers")
    func tooLarge() async throws {
        let large = Argument(
            name: "y", dataType: .float32, kind: .array(shape: [40 << 20], fill: .zeros, role: .output))
        let kernel = try CUDATestKernel(
            "y[i] = 1;", modes: ["plain"], arguments: [CUDATestKernel.x, large, CUDATestKernel.n],
            compiler: device.compilerPath)
        let error = await #expect(throws: MeasurementError.self) { _ = try await kernel.evaluations(options) }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("has 64 MiB") == true, "\(error?.message ?? "")")
    }
}
