import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

/// Kernels whose arguments lie in constant memory, from their files to their times.
@Suite struct ConvolutionTests {
    let device: EmulatedDevice
    let files: ConvolutionFiles

    init() throws {
        device = try EmulatedDevice()
        files = try ConvolutionFiles(compiler: device.compilerPath)
    }

    private func configs(_ spec: KernelSpec, every step: Int) -> [Config] {
        let others = spec.configSpace.allConfigs().enumerated().filter { $0.offset % step == 0 }.map(\.element)
        return [spec.configSpace.defaultConfig] + others.filter { $0 != spec.configSpace.defaultConfig }
    }

    private func evaluations(_ spec: KernelSpec, _ configs: [Config]) async throws -> [Evaluation] {
        var options = TestKernel.options
        options.launcher = device.launcher
        options.compileJobs = 2
        return try await withWorkerEvaluator(spec: spec, options: options) { evaluator in
            var evaluations: [Evaluation] = []
            try await evaluator.evaluate(configs) { evaluations.append($0) }
            return evaluations
        }
    }

    @Test("a T1 file runs as it is: launched as Kernel Tuner does, its filter in the symbol and in the parameter")
    func t1() async throws {
        let spec = try KernelSpec.read(from: files.t1).compiled(by: device.compilerPath)
        let configs = configs(spec, every: 5)
        #expect(Set(configs.map { $0["through"] }).count == 2)
        let found = try await evaluations(spec, configs)
        #expect(found.count == configs.count)
        for evaluation in found {
            #expect(evaluation.outcome == .measured, "\(evaluation.config.json): \(evaluation.reason ?? "")")
        }
    }

    @Test("the grid is the problem over the product of the divisors, rounded up; blocks of more threads are no configs")
    func t1Launch() throws {
        let spec = try KernelSpec.read(from: files.t1)
        #expect(spec.warnings.count == 1 && spec.warnings[0].contains("block_size_x * block_size_y <= 1024 is added"))
        #expect(spec.configSpace.count().exact == 52)
        for config in spec.configSpace.allConfigs() {
            func value(_ name: String) throws -> Int {
                guard case .int(let number)? = config[name] else { return try #require(nil as Int?) }
                return number
            }
            let (x, y) = (try value("block_size_x"), try value("block_size_y"))
            let (columns, rows) = (x * (try value("tile_size_x")), y * (try value("tile_size_y")))
            #expect(x * y <= 1024)
            #expect(
                try TargetLaunch(spec, config)
                    == TargetLaunch(grid: [(50 + columns - 1) / columns, (37 + rows - 1) / rows, 1], block: [x, y, 1]))
        }
    }

    @Test("a kernel.json puts an argument into the symbol that it names, and passes the others")
    func symbol() async throws {
        let spec = try KernelSpec.read(from: files.kernelFile)
        #expect(spec.arguments.map(\.isParameter) == [false, true, true])
        let configs = configs(spec, every: 1)
        let found = try await evaluations(spec, configs)
        #expect(found.count == 12)
        for evaluation in found {
            #expect(evaluation.outcome == .measured, "\(evaluation.config.json): \(evaluation.reason ?? "")")
        }
    }

    @Test(
        "NVRTC compiles the T1 file's source and finds the symbol",
        .enabled(if: RealNVRTC.isNew, "\(RealNVRTC.missing)"))
    func nvrtc() throws {
        let spec = try KernelSpec.read(from: files.t1)
        let compiler = try RealNVRTC.compiler()
        let compiling = CUDACompiling(
            target: Target(spec), compiler: .nvrtc(compiler), architecture: "sm_90a", folder: "")
        let config = spec.configSpace.defaultConfig
        let macros = Macro.all(of: config, in: spec, launch: try TargetLaunch(spec, config)).map(\.definition)
        let artifact = try compiler.compile(compiling.program(macros)).artifact
        #expect(artifact.symbols == ["convolution": "convolution", "&d_filter": "d_filter"])
    }
}

extension KernelSpec {
    /// With another compiler than the file's.
    fileprivate func compiled(by compiler: String) -> KernelSpec {
        KernelSpec(
            name: name, path: path,
            kernel: Kernel(
                language: kernel.language, source: kernel.source, sourcePath: kernel.sourcePath,
                function: kernel.function, compilerOptions: kernel.compilerOptions,
                includePaths: kernel.includePaths, compiler: compiler, isForKernelTuner: kernel.isForKernelTuner),
            arguments: arguments, launch: launch, configSpace: configSpace, verification: verification,
            workload: workload, warnings: warnings)
    }
}
