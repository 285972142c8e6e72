import KernelSpec
import Testing

@testable import Measurement

/// Inputs made by the device's routines against those made by the host.
struct FillComparison {
    let type: DataType
    let context: CUDAContext
    let routines: DeviceRoutines

    init(_ type: DataType, _ context: CUDAContext, _ routines: DeviceRoutines) {
        (self.type, self.context, self.routines) = (type, context, routines)
    }

    func check() throws {
        let fills: [Fill] = [
            .constant(3.7), .arange(start: -3, step: 0.37), .integers(low: -3, high: 90, seed: 5), .zeros,
            .uniform(low: -2, high: 600, seed: 6), .normal(mean: 0.5, standardDeviation: 200, seed: 7),
        ]
        for fill in fills {
            let argument = Argument(
                name: "a", dataType: type, kind: .array(shape: [20_000], fill: fill, role: .input))
            let memory = try DeviceMemory(context, byteCount: argument.byteCount)
            #expect(try routines.fill(memory, as: argument, seedOffset: 4))
            #expect(try memory.bytes() == argument.bytes(seedOffset: 4), "\(type) \(fill)")
        }
    }
}
