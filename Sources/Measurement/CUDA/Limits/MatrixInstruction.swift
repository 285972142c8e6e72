import KernelSpec

/// mma.sync: a warp's products with all operands in registers, from Ampere on (PTX ISA, mma).
struct MatrixInstruction {
    var types: [DataType]
    var shape: (m: Int, n: Int, k: Int)
    /// Behind the shape: layouts and types.
    var suffix: String
    /// Registers of a thread for A, B and the results.
    var registers: (a: Int, b: Int, d: Int)
    /// "r" or "d" for the inputs, "f", "r" or "d" for the results.
    var letters: (input: String, result: String)
    var mask: UInt32
    var bits: UInt32

    static func registers(hasFloat8: Bool) -> [LimitRoutines.Matrix] {
        var instructions = [
            MatrixInstruction(
                types: [.float16], shape: (16, 8, 16), suffix: "row.col.f32.f16.f16.f32", registers: (4, 2, 4),
                letters: ("r", "f"), mask: 0x83FF_83FF, bits: 0x3800_3800),
            MatrixInstruction(
                types: [.bfloat16], shape: (16, 8, 16), suffix: "row.col.f32.bf16.bf16.f32", registers: (4, 2, 4),
                letters: ("r", "f"), mask: 0x807F_807F, bits: 0x3F00_3F00),
            MatrixInstruction(
                types: [.float32], shape: (16, 8, 8), suffix: "row.col.f32.tf32.tf32.f32", registers: (4, 2, 4),
                letters: ("r", "f"), mask: 0x807F_E000, bits: 0x3F00_0000),
            MatrixInstruction(
                types: [.int8, .uint8], shape: (16, 8, 32), suffix: "row.col.s32.s8.s8.s32", registers: (4, 2, 4),
                letters: ("r", "r"), mask: 0xFFFF_FFFF, bits: 0),
        ]
        if hasFloat8 {
            instructions.append(
                MatrixInstruction(
                    types: [.float8E4M3, .float8E5M2], shape: (16, 8, 32), suffix: "row.col.f32.e4m3.e4m3.f32",
                    registers: (4, 2, 4), letters: ("r", "f"), mask: 0x8787_8787, bits: 0x3030_3030))
        }
        return instructions.map(\.routine) + doubles(isWide: false)
    }

    /// - Parameter isWide: Hopper's larger shape, which its units need to be busy.
    static func doubles(isWide: Bool) -> [LimitRoutines.Matrix] {
        [
            MatrixInstruction(
                types: [.float64], shape: isWide ? (16, 8, 16) : (8, 8, 4), suffix: "row.col.f64.f64.f64.f64",
                registers: isWide ? (8, 4, 4) : (1, 1, 2), letters: ("d", "d"), mask: 0x800F_FFFF, bits: 0x3FE0_0000
            ).routine
        ]
    }

    private static let warps = 8
    /// Independent products of a warp, so that none waits for the one before.
    private static let products = 8
    private static let blocksPerMultiprocessor = 2

    private var routine: LimitRoutines.Matrix {
        LimitRoutines.Matrix(
            types: types, source: source, function: "autotune_matrix", threads: 32 * Self.warps, sharedBytes: 0,
            blocksPerMultiprocessor: Self.blocksPerMultiprocessor,
            operationsPerRoundAndBlock: 2 * Double(shape.m * shape.n * shape.k * Self.products * Self.warps))
    }

    private var source: String {
        var next = 0
        func operands(_ count: Int) -> String {
            defer { next += count }
            return "{" + (next..<next + count).map { "%\($0)" }.joined(separator: ",") + "}"
        }
        let results = operands(registers.d)
        let inputs = "\(operands(registers.a)), \(operands(registers.b))"
        func list(_ prefix: String, _ letter: String, _ name: String, _ count: Int) -> String {
            (0..<count).map { "\"\(prefix)\(letter)\"(\(name)[\($0)])" }.joined(separator: ",")
        }
        let (input, result) = (Self.type(letters.input), Self.type(letters.result))
        let instruction = "mma.sync.aligned.m\(shape.m)n\(shape.n)k\(shape.k).\(suffix)"
        return LimitRoutines.randomWord + """

            static __device__ void make(u32 &to, u32 index) { to = random_word(index, \(mask)u, \(bits)u); }
            static __device__ void make(double &to, u32 index) {
                to = __longlong_as_double((u64)random_word(index, \(mask)u, \(bits)u) << 32 | random_word(~index, ~0u, 0));
            }
            extern "C" __global__ void __launch_bounds__(256) autotune_matrix(u32 *never, int rounds) {
                const u32 thread = blockIdx.x * blockDim.x + threadIdx.x;
                \(input) a[\(registers.a)], b[\(Self.products)][\(registers.b)];
                \(result) d[\(Self.products)][\(registers.d)] = {};
                for (int i = 0; i < \(registers.a); i++) make(a[i], thread * 64 + i);
                for (int j = 0; j < \(Self.products); j++)
                    for (int i = 0; i < \(registers.b); i++) make(b[j][i], thread * 64 + 16 + j * 4 + i);
                for (int round = 0; round < rounds; round++) {
                    #pragma unroll
                    for (int j = 0; j < \(Self.products); j++)
                        asm volatile("\(instruction) \(results), \(inputs), \(results);"
                                     : \(list("+", letters.result, "d[j]", registers.d))
                                     : \(list("", letters.input, "a", registers.a)),
                                       \(list("", letters.input, "b[j]", registers.b)));
                }
                \(result) sum = 0;
                for (int j = 0; j < \(Self.products); j++)
                    for (int i = 0; i < \(registers.d); i++) sum += d[j][i];
                if (sum == 12345) *never = 1;
            }
            """
    }

    private static func type(_ letter: String) -> String {
        switch letter {
        case "f": "float"
        case "d": "double"
        default: "u32"
        }
    }
}
