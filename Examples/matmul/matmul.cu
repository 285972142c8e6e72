// C = A B in half precision with sums in single precision: A is M x K, B is K x N, C is M x N, all row-major.
//
// A block computes tiles of block_m x block_n elements of C. For each it walks along K in steps of block_k: cp.async
// brings the next pieces of A and B into a ring of `stages` buffers in shared memory while the tensor cores multiply
// those that have arrived. Two things are chosen apart from each other:
//   - which instruction multiplies (`family`): mma.sync (m16n8k16, operands from registers by ldmatrix) or Hopper's
//     wgmma (64 rows x up to 256 columns at a time, operands straight from shared memory, needs sm_90a);
//   - who copies (`producer`): all warps between two steps, or a warpgroup of its own, tied to the others by mbarriers.
//
// Names in lower case that are not declared here are parameters: macros that the tuner defines. The constraints in
// kernel.json see to it that tiles divide the matrices, so nothing has a remainder.
#include <cuda_fp16.h>

#define STRING(text) #text
#define QUOTE(text) STRING(text)
#define UNROLL _Pragma("unroll")
#if l2_prefetch
#define COPY "cp.async.cg.shared.global.L2::" QUOTE(l2_prefetch) "B"
#else
#define COPY "cp.async.cg.shared.global"
#endif
#if __CUDA_ARCH__ >= 900
#define LOOK "mbarrier.try_wait.parity.shared.b64"  // sleeps a while
#else
#define LOOK "mbarrier.test_wait.parity.shared.b64"
#endif

using u32 = unsigned int;
using u64 = unsigned long long;

constexpr int M = 4096, N = 4096, K = 4096;  // the shapes in kernel.json
enum { mma, wgmma };                         // the values of `family`
enum { direct, transposed };                 // the values of `epilogue`
#if family_INDEX == 1 && !defined(__CUDA_ARCH_FEAT_SM90_ALL)
#error "family wgmma needs sm_90a"
#endif

constexpr bool is_wgmma = family == wgmma;
constexpr int consumer_warps = warps_m * warps_n, consumers = 32 * consumer_warps;
constexpr int threads = consumers + 128 * producer, copiers = producer ? 128 : consumers;
constexpr int tile_bytes_a = 2 * block_m * block_k, stage_bytes = tile_bytes_a + 2 * block_n * block_k;
constexpr int tiles = (M / block_m) * (N / block_n), steps = K / block_k;

// What a warp owns of C: pieces of 16 rows, row_step apart, because a warpgroup's instruction has 64 rows, 16 a warp.
constexpr int pieces = block_m / (16 * warps_m), warp_columns = block_n / warps_n, row_step = is_wgmma ? 64 : 16;

// In shared memory a tile lies in panels of panel_bytes, row under row. Inside a panel the 16-byte chunks of a row are
// swizzled (exclusive or with the row's number) as Hopper's matrix descriptors define it for this width, so that eight
// rows' same chunk meets no bank twice. swizzle_bytes = 0 leaves the chunks where they are.
constexpr int panel_bytes = swizzle_bytes ? swizzle_bytes : 128, row_chunks = panel_bytes / 16;
constexpr u32 swizzle_mask = swizzle_bytes ? panel_bytes - 16 : 0;

__device__ u32 swizzle(u32 offset) { return offset ^ (offset >> 3 & swizzle_mask); }

// Copies a tile of rows x columns whose first element is at `from`. What depends on the thread is kept apart from what
// is known at compile time, so that each copy is one instruction with its distances as immediates.
template <int rows, int columns, int stride> __device__ void copy_tile(u32 to, const half *from, int thread) {
    constexpr int panel_chunks = rows * row_chunks;
    const int panel = thread / panel_chunks, row = thread % panel_chunks / row_chunks, chunk = thread % row_chunks;
    from += row * stride + panel * (panel_bytes / 2) + chunk * 8;
    to += swizzle(thread * 16);
    UNROLL for (int i = 0; i < rows * columns / 8; i += copiers) {
        const half *source = from + i % panel_chunks / row_chunks * stride + i / panel_chunks * (panel_bytes / 2);
        asm volatile(COPY " [%0], [%1], 16;" ::"r"(to + i * 16), "l"(source));
    }
}

__device__ void copy_step(u32 stage, const half *A, const half *B, int2 tile, int step, int thread) {
    copy_tile<block_m, block_k, K>(stage, A + tile.x * K + step * block_k, thread);
    copy_tile<block_k, block_n, N>(stage + tile_bytes_a, B + step * block_k * N + tile.y, thread);
}

__device__ void initialize(u32 barrier, int arrivals) {
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals));
}
__device__ void arrive(u32 barrier) {
    asm volatile("{ .reg .b64 state; mbarrier.arrive.shared.b64 state, [%0]; }" ::"r"(barrier) : "memory");
}
__device__ void wait(u32 barrier, int phase) {
    for (u32 done = 0; !done;)
        asm volatile("{ .reg .pred p; " LOOK " p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                     : "=r"(done) : "r"(barrier), "r"(phase) : "memory");
}
struct Place {  // in the ring: which buffer, and how often (modulo 2) the ring went round
    int stage = 0, phase = 0;
    __device__ void advance() { if (++stage == stages) stage = 0, phase ^= 1; }
};

// ---- multiplying ----
using Sums = float[pieces][warp_columns / 2];  // [...][4 j + 0..3]: rows r and r + 8, two columns each, of columns 8 j
#if family_INDEX == 0
#define LDMATRIX(kind, a, b, c, d, from)                                                     \
    asm volatile("ldmatrix.sync.aligned.m8n8.x4" kind ".shared.b16 {%0, %1, %2, %3}, [%4];" \
                 : "=r"(a), "=r"(b), "=r"(c), "=r"(d) : "r"(from) : "memory")

__device__ void multiply(Sums &sums, u32 stage, int warp_row, int warp_column, bool) {
    const int lane = threadIdx.x % 32;
    const u32 flip = swizzle((lane % 16) * panel_bytes) / 16 % row_chunks;  // what the swizzle does to this lane's row
    auto address = [=](u32 tile, int rows, int row, int chunk) {
        return tile + chunk / row_chunks * rows * panel_bytes + (row + lane % 16) * panel_bytes +
               ((chunk % row_chunks + lane / 16) ^ flip) * 16;
    };
    u32 a[fragments][pieces][4], b[fragments][warp_columns / 8][2];
    auto load = [&](int k) {
        UNROLL for (int i = 0; i < pieces; i++) {
            u32(&to)[4] = a[k % fragments][i];
            LDMATRIX("", to[0], to[1], to[2], to[3], address(stage, block_m, warp_row + i * 16, k * 2));
        }
        UNROLL for (int j = 0; j < warp_columns / 8; j += 2) {
            u32(*to)[2] = &b[k % fragments][j];
            const u32 from = address(stage + tile_bytes_a, block_k, k * 16, warp_column / 8 + j);
            LDMATRIX(".trans", to[0][0], to[0][1], to[1][0], to[1][1], from);
        }
    };
    load(0);
    UNROLL for (int k = 0; k < block_k / 16; k++) {
        if (fragments > 1 && k + 1 < block_k / 16) load(k + 1);
        UNROLL for (int i = 0; i < pieces; i++)
            UNROLL for (int j = 0; j < warp_columns / 8; j++) {
                float *to = &sums[i][4 * j];
                const u32 *x = a[k % fragments][i], *y = b[k % fragments][j];
                asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
                             "{%8, %9}, {%0, %1, %2, %3};"
                             : "+f"(to[0]), "+f"(to[1]), "+f"(to[2]), "+f"(to[3])
                             : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y[0]), "r"(y[1]));
            }
        if (fragments == 1 && k + 1 < block_k / 16) load(k + 1);
    }
}
__device__ void fence_copies() {}
template <int pending> __device__ void wait_for_products(Sums &) {}
#else
// The names of an instruction's results, and the variables they stand for: one for every two columns.
#define TEN(d) "%" #d "0,%" #d "1,%" #d "2,%" #d "3,%" #d "4,%" #d "5,%" #d "6,%" #d "7,%" #d "8,%" #d "9"
#define NAMES32 TEN() "," TEN(1) "," TEN(2) ",%30,%31"
#define NAMES64 NAMES32 ",%32,%33,%34,%35,%36,%37,%38,%39," TEN(4) "," TEN(5) ",%60,%61,%62,%63"
#define F4(d, i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define F16(d, i) F4(d, i), F4(d, i + 4), F4(d, i + 8), F4(d, i + 12)
#define F32(d, i) F16(d, i), F16(d, i + 16)
#define F64(d, i) F32(d, i), F32(d, i + 32)
#if block_n / warps_n == 64
#define WGMMA "%34, 0; wgmma.mma_async.sync.aligned.m64n64k16.f32.f16.f16 {" NAMES32 "}, %32, %33"
#define RESULTS F32
#elif block_n / warps_n == 128
#define WGMMA "%66, 0; wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16 {" NAMES64 "}, %64, %65"
#define RESULTS F64
#else
#define WGMMA                                                                                                          \
    "%130, 0; wgmma.mma_async.sync.aligned.m64n256k16.f32.f16.f16 {" NAMES64 ",%64,%65,%66,%67,%68,%69," TEN(7) ","    \
    TEN(8) "," TEN(9) "," TEN(10) "," TEN(11) ",%120,%121,%122,%123,%124,%125,%126,%127}, %128, %129"
#define RESULTS(d, i) F64(d, i), F64(d, i + 64)
#endif

// Where a matrix lies: byte distances between groups of eight rows ("stride") and, for B, between panels ("leading").
__device__ u64 descriptor(u32 address, u32 leading) {
    constexpr u64 layout = panel_bytes == 128 ? 1 : panel_bytes == 64 ? 2 : 3;
    return (address & 0x3ffff) >> 4 | u64(leading >> 4) << 16 | u64(8 * panel_bytes >> 4) << 32 | layout << 62;
}

// Starts the products of one step; they run on while this returns.
__device__ void multiply(Sums &sums, u32 stage, int warp_row, int warp_column, bool accumulate) {
    const u32 b = stage + tile_bytes_a + warp_column * 2 / panel_bytes * (block_k * panel_bytes);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
    UNROLL for (int k = 0; k < block_k / 16; k++)
        UNROLL for (int i = 0; i < pieces; i++) {
            const u32 a = stage + k * 32 / panel_bytes * (block_m * panel_bytes) + k * 32 % panel_bytes;
            const u64 x = descriptor(a + (warp_row + i * 64) * panel_bytes, 16);
            const u64 y = descriptor(b + k * 16 * panel_bytes, block_k * panel_bytes);
            asm volatile("{ .reg .pred p; setp.ne.b32 p, " WGMMA ", p, 1, 1, 0, 1; }"
                         : RESULTS(sums[i], 0) : "l"(x), "l"(y), "r"(u32(accumulate || k > 0)));
        }
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
// wgmma reads shared memory past the path of ordinary writes (cp.async is one), so it needs a fence between.
__device__ void fence_copies() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

template <int pending> __device__ void wait_for_products(Sums &sums) {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(pending) : "memory");
    if (pending == 0)  // keeps the compiler from using sums before the wait
        UNROLL for (int i = 0; i < pieces * warp_columns / 2; i++) asm volatile("" : "+f"((&sums[0][0])[i])::"memory");
}
#endif

// ---- writing C ----
__device__ void store(const Sums &sums, half *C) {  // C: the first element of this warp's part
    const int lane = threadIdx.x % 32, part = lane % 4;
    UNROLL for (int i = 0; i < 2 * pieces; i++) {
        half *row = C + (i / 2 * row_step + i % 2 * 8 + lane / 4) * N;
        u32 pairs[warp_columns / 8];
        UNROLL for (int j = 0; j < warp_columns / 8; j++) {
            const float *from = &sums[i / 2][4 * j + i % 2 * 2];
            const half2 pair = __floats2half2_rn(from[0], from[1]);
            pairs[j] = reinterpret_cast<const u32 &>(pair);
            if (epilogue == direct) *reinterpret_cast<u32 *>(row + j * 8 + part * 2) = pairs[j];
        }
        // Four neighbouring lanes hold a pair each of four groups of eight columns, and trade until each has a group.
        UNROLL for (int j = 0; j < warp_columns / 8 && epilogue == transposed; j += 4) {
            u32 *four = pairs + j;
            UNROLL for (int bit = 1; bit < 4; bit *= 2)
                UNROLL for (int pair = 0; pair < 2; pair++) {
                    u32 &a = four[pair * (3 - bit)], &b = four[pair * (3 - bit) + bit];
                    const u32 traded = __shfl_xor_sync(~0u, part & bit ? a : b, bit);
                    a = part & bit ? traded : a, b = part & bit ? b : traded;
                }
            *reinterpret_cast<uint4 *>(row + (j + part) * 8) = {four[0], four[1], four[2], four[3]};
        }
    }
}

// Registers go from those who copy to those who multiply, when there is more than an even share to give.
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#define SET_REGISTERS(how, count) \
    if constexpr (even > 40 && even <= 240) asm volatile("setmaxnreg." how ".sync.aligned.u32 %0;" ::"n"(count))
#else
#define SET_REGISTERS(how, count) (void)(count)
#endif

// The first row and column of a tile. Tiles are numbered down group_m rows of tiles before the next column: what runs
// at the same time then shares rows of A and columns of B in the L2 cache.
__device__ int2 tile_origin(int index) {
    constexpr int group = group_m * (N / block_n);
    const int inside = index % group;
    return {(index / group * group_m + inside % group_m) * block_m, inside / group_m * block_n};
}

extern "C" __global__ void __launch_bounds__(threads, blocks_per_sm) matmul(const half *A, const half *B, half *C) {
    extern __shared__ __align__(1024) unsigned char shared[];
    const u32 memory = __cvta_generic_to_shared(shared);
    const int thread = threadIdx.x, warp = __shfl_sync(~0u, thread / 32, 0);  // the compiler sees it is uniform
    const u32 full = memory + stages * stage_bytes, empty = full + stages * 8;  // mbarriers, used with a producer only
    Place place;
    if (producer) {
        if (thread == 0)
            for (int i = 0; i < stages; i++) initialize(full + i * 8, 128), initialize(empty + i * 8, consumer_warps);
        __syncthreads();
        constexpr int even = 65536 / (threads * blocks_per_sm) / 8 * 8, given = (even - 40) * 128 / consumers / 8 * 8;
        constexpr int wanted = even + given < 240 ? even + given : 240;
        if (warp >= consumer_warps) {
            SET_REGISTERS("dec", 40);
            for (int index = blockIdx.x; index < tiles; index += gridDim.x)
                for (int step = 0; step < steps; step++) {
                    wait(empty + place.stage * 8, place.phase ^ 1);  // the first time round this does not wait
                    copy_step(memory + place.stage * stage_bytes, A, B, tile_origin(index), step, thread - consumers);
                    asm volatile("cp.async.mbarrier.arrive.noinc.shared.b64 [%0];" ::"r"(full + place.stage * 8));
                    place.advance();
                }
            asm volatile("cp.async.wait_all;" ::: "memory");
            return;
        }
        SET_REGISTERS("inc", wanted);
    }

    // Warps stand in columns of warps_m; in wgmma, four after each other in a column are a warpgroup.
    const int place_m = warp % warps_m, warp_column = warp / warps_m * warp_columns;
    const int warp_row = is_wgmma ? place_m / 4 * 64 * pieces : place_m * 16 * pieces;
    const int stored_row = warp_row + (is_wgmma ? warp % 4 * 16 : 0);
    constexpr int in_flight = is_wgmma ? products_in_flight : 0;
    constexpr int ahead = stages - 1 - in_flight;  // a buffer is copied into again once its products are finished

    for (int index = blockIdx.x; index < tiles; index += gridDim.x) {
        const int2 tile = tile_origin(index);
        Sums sums;
        if (!is_wgmma)
            UNROLL for (int i = 0; i < pieces * warp_columns / 2; i++) (&sums[0][0])[i] = 0;
        if (producer) {
            int previous = 0;
            for (int step = 0; step < steps; step++) {
                wait(full + place.stage * 8, place.phase);
                fence_copies();
                multiply(sums, memory + place.stage * stage_bytes, warp_row, warp_column, step > 0);
                wait_for_products<in_flight>(sums);
                __syncwarp();
                if (thread % 32 == 0 && step >= in_flight) arrive(empty + (in_flight ? previous : place.stage) * 8);
                previous = place.stage;
                place.advance();
            }
            wait_for_products<0>(sums);
            if (in_flight && thread % 32 == 0) arrive(empty + previous * 8);
        } else {
            auto copy = [&](int step) {
                if (step < steps) copy_step(memory + step % stages * stage_bytes, A, B, tile, step, thread);
                asm volatile("cp.async.commit_group;");  // an empty group keeps the count
            };
            for (int step = 0; step < ahead; step++) copy(step);
            for (int step = 0; step < steps; step++) {
                asm volatile("cp.async.wait_group %0;" ::"n"(ahead - 1) : "memory");
                fence_copies();
                __syncthreads();
                if (!is_wgmma) copy(step + ahead);
                multiply(sums, memory + step % stages * stage_bytes, warp_row, warp_column, step > 0);
                if (is_wgmma) copy(step + ahead);
                wait_for_products<in_flight>(sums);
            }
            wait_for_products<0>(sums);
            __syncthreads();  // the next tile starts with the same buffers
        }
        store(sums, C + (tile.x + stored_row) * N + tile.y + warp_column);
    }
}
