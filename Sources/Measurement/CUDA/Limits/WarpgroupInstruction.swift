import KernelSpec

/// Hopper's wgmma: 64 x 256 results of a warpgroup at a time, both operands in shared memory (PTX ISA, wgmma.mma_async).
struct WarpgroupInstruction {
    var types: [DataType]
    /// As the instruction names result and inputs.
    var suffix: String
    /// Columns of A that one instruction multiplies: 32 bytes.
    var depth: Int
    var hasFloatResults: Bool
    /// Whether the instruction is told how its operands are transposed.
    var tellsTransposition: Bool
    var mask: UInt32
    var bits: UInt32

    static var all: [LimitRoutines.Matrix] {
        [
            WarpgroupInstruction(
                types: [.float16], suffix: "m64n256k16.f32.f16.f16", depth: 16, hasFloatResults: true,
                tellsTransposition: true, mask: 0x83FF_83FF, bits: 0x3800_3800),
            WarpgroupInstruction(
                types: [.bfloat16], suffix: "m64n256k16.f32.bf16.bf16", depth: 16, hasFloatResults: true,
                tellsTransposition: true, mask: 0x807F_807F, bits: 0x3F00_3F00),
            WarpgroupInstruction(
                types: [.float32], suffix: "m64n256k8.f32.tf32.tf32", depth: 8, hasFloatResults: true,
                tellsTransposition: false, mask: 0x807F_E000, bits: 0x3F00_0000),
            WarpgroupInstruction(
                types: [.float8E4M3, .float8E5M2], suffix: "m64n256k32.f32.e4m3.e4m3", depth: 32, hasFloatResults: true,
                tellsTransposition: false, mask: 0x8787_8787, bits: 0x3030_3030),
            WarpgroupInstruction(
                types: [.int8, .uint8], suffix: "m64n256k32.s32.s8.s8", depth: 32, hasFloatResults: false,
                tellsTransposition: false, mask: 0xFFFF_FFFF, bits: 0),
        ].map(\.routine)
    }

    /// Of a round, on the same tiles: enough that starting and ending a group costs nothing beside them.
    private static let stepsPerRound = 32
    private static let warpgroups = 2
    private static let results = 128
    /// 64 rows of A and 256 of B, 128 bytes each, swizzled as 128-byte rows are.
    private static let tileBytes = (64 + 256) * 128

    private var routine: LimitRoutines.Matrix {
        LimitRoutines.Matrix(
            types: types, source: source, function: "autotune_matrix", threads: 128 * Self.warpgroups,
            sharedBytes: Self.tileBytes + 1024, blocksPerMultiprocessor: 1,
            operationsPerRoundAndBlock: 2 * 64 * 256 * Double(depth * Self.stepsPerRound * Self.warpgroups))
    }

    private var source: String {
        let names = (0..<Self.results).map { "%\($0)" }.joined(separator: ",")
        let (letter, type) = hasFloatResults ? ("f", "float") : ("r", "int")
        let registers = (0..<Self.results).map { "\"+\(letter)\"(d[\($0)])" }.joined(separator: ",")
        let signs = (hasFloatResults ? ", 1, 1" : "") + (tellsTransposition ? ", 0, 0" : "")
        return LimitRoutines.randomWord + """

            extern "C" __global__ void __launch_bounds__(256) autotune_matrix(u32 *never, int rounds) {
                extern __shared__ unsigned char memory[];
                u32 address;
                asm("{ .reg .u64 p; cvta.to.shared.u64 p, %1; cvt.u32.u64 %0, p; }" : "=r"(address) : "l"(memory));
                const u32 tiles = (address + 1023) & ~1023u;
                for (u32 i = threadIdx.x; i < \(Self.tileBytes) / 4; i += blockDim.x)
                    asm volatile("st.shared.u32 [%0], %1;" ::"r"(tiles + 4 * i),
                                 "r"(random_word(i + blockIdx.x * 65536, \(mask)u, \(bits)u)));
                asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
                __syncthreads();
                const u64 form = 1ull << 62 | (u64)(1024 >> 4) << 32 | 1ull << 16;
                const u64 a = form | (tiles & 0x3FFFF) >> 4, b = form | ((tiles + 64 * 128) & 0x3FFFF) >> 4;
                \(type) d[\(Self.results)];
                #pragma unroll
                for (int i = 0; i < \(Self.results); i++) d[i] = 0;
                for (int round = 0; round < rounds; round++) {
                    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
                    #pragma unroll
                    for (int step = 0; step < \(Self.stepsPerRound); step++)
                        asm volatile("{ .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned.\(suffix) "
                                     "{\(names)}, %128, %129, p\(signs); }"
                                     : \(registers)
                                     : "l"(a + step % 4 * 2), "l"(b + step % 4 * 2));
                    asm volatile("wgmma.commit_group.sync.aligned; wgmma.wait_group.sync.aligned 0;" ::: "memory");
                }
                \(type) sum = 0;
                #pragma unroll
                for (int i = 0; i < \(Self.results); i++) sum += d[i];
                if (sum == 12345) *never = 1;
            }
            """
    }
}
