// Attention without a mask, O = softmax(Q K^T / 8) V for each of 2 x 32 heads, in half precision with arithmetic in
// single precision: the [1024 x 1024] matrix of scores never leaves the registers.
//
// A block takes block_q rows of Q and goes over K and V in steps of block_kv rows. It keeps for each row of Q the
// largest score so far, the sum of exponentials relative to it, and the sum of rows of V weighted by them; when the
// largest grows, what was summed is scaled down. K and V come through a ring of `stages` buffers in shared memory by
// cp.async. `family` chooses the tensor cores' instruction: mma.sync (m16n8k16, operands by ldmatrix) or Hopper's wgmma
// (K and V straight from shared memory, needs sm_90a). Both leave results in the same registers, as a warp sees it.
//
// Names in lower case that are not declared here are parameters: macros that the tuner defines.
#include <cuda_fp16.h>

#define STRING(text) #text
#define QUOTE(text) STRING(text)
#define UNROLL _Pragma("unroll")
#if l2_prefetch
#define COPY "cp.async.cg.shared.global.L2::" QUOTE(l2_prefetch) "B"
#else
#define COPY "cp.async.cg.shared.global"
#endif

using u32 = unsigned int;
using u64 = unsigned long long;

constexpr int heads = 2 * 32, length = 1024, width = 64;  // the shapes in kernel.json
enum { mma, wgmma, always = 0, lazy };                    // the values of `family` and `rescale`
enum { by_head, by_rows, direct = 0, transposed };        // the values of `block_order` and `epilogue`
#if family_INDEX == 1 && !defined(__CUDA_ARCH_FEAT_SM90_ALL)
#error "family wgmma needs sm_90a"
#endif

constexpr bool is_wgmma = family == wgmma;
constexpr int threads = 32 * warps, steps = length / block_kv;
constexpr int row_bytes = 2 * width, tile_bytes = block_kv * row_bytes, stage_bytes = 2 * tile_bytes;
// Pieces of 16 rows of Q that a warp has. A warpgroup's instruction has 64 rows, 16 for each of its four warps.
constexpr int pieces = block_q / (16 * warps), row_step = is_wgmma ? 64 : 16;
constexpr float log2_scale = 0.125f * 1.4426950408889634f;  // exp(x / 8) = exp2(x * log2_scale)

// Shared memory has rows of 128 bytes. Swizzled, the same 16-byte chunk of eight rows lies in eight groups of banks.
__device__ u32 swizzled(u32 offset) { return swizzle ? offset ^ (offset >> 3 & 0x70) : offset; }

template <int rows> __device__ void copy_rows(u32 to, const half *from) {
    to += swizzled(threadIdx.x * 16), from += threadIdx.x * 8;
    UNROLL for (int i = 0; i < rows * row_bytes / 16; i += threads)
        asm volatile(COPY " [%0], [%1], 16;" ::"r"(to + i * 16), "l"(from + i * 8));
}

// Waits for all but the last `pending` groups of copies, of all threads. wgmma reads shared memory past the path of
// ordinary writes (cp.async is one), so it needs a fence between.
template <int pending> __device__ void wait_for_copies() {
    asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory");
    if (is_wgmma) asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    __syncthreads();
}

// ---- the tensor cores ----
using Scores = float[pieces][block_kv / 2];     // [...][4 j + 0..3]: of columns 8 j, two each of rows r and r + 8
using Output = float[pieces][width / 2];        // likewise
using Queries = u32[pieces][width / 16][4];     // operands of 16 x 16
using Weights = u32[pieces][block_kv / 16][4];  // likewise: exponentials of scores

// An operand of 16 x 16 from rows in shared memory, as it is or transposed.
template <bool transpose> __device__ void load_operand(u32 (&to)[4], u32 tile, int row, int chunk) {
    const u32 from = tile + swizzled(row * row_bytes + chunk * 16);
#define LDMATRIX(kind)                                                                      \
    asm volatile("ldmatrix.sync.aligned.m8n8.x4" kind ".shared.b16 {%0, %1, %2, %3}, [%4];" \
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3]) : "r"(from) : "memory")
    if (transpose) LDMATRIX(".trans");
    else LDMATRIX("");
}

#if family_INDEX == 0
__device__ void multiply(float *to, const u32 (&a)[4], u32 b0, u32 b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
                 : "+f"(to[0]), "+f"(to[1]), "+f"(to[2]), "+f"(to[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ void start_scores(Scores &s, Queries &q, u32 queries, int row, u32 keys) {
    const int lane = threadIdx.x % 32;
    UNROLL for (int i = 0; i < pieces * block_kv / 2; i++) (&s[0][0])[i] = 0;
    UNROLL for (int k = 0; k < width / 16; k++) {
        UNROLL for (int i = 0; i < pieces && !q_in_registers; i++)
            load_operand<false>(q[i][k], queries, row + i * row_step + lane % 16, k * 2 + lane / 16);
        UNROLL for (int j = 0; j < block_kv / 8; j += 2) {
            u32 b[4];
            load_operand<false>(b, keys, j * 8 + lane / 16 * 8 + lane % 8, k * 2 + lane / 8 % 2);
            UNROLL for (int i = 0; i < 2 * pieces; i++)
                multiply(&s[i / 2][4 * j + i % 2 * 4], q[i / 2][k], b[i % 2 * 2], b[i % 2 * 2 + 1]);
        }
    }
}

__device__ void start_output(Output &o, Weights &p, u32 values) {
    const int lane = threadIdx.x % 32;
    UNROLL for (int k = 0; k < block_kv / 16; k++)
        UNROLL for (int j = 0; j < width / 8; j += 2) {
            u32 b[4];
            load_operand<true>(b, values, k * 16 + lane % 16, j + lane / 16);
            UNROLL for (int i = 0; i < 2 * pieces; i++)
                multiply(&o[i / 2][4 * j + i % 2 * 4], p[i / 2][k], b[i % 2 * 2], b[i % 2 * 2 + 1]);
        }
}
template <int pending, int count> __device__ void wait_for_products(float (&)[pieces][count]) {}
#else
// The names of an instruction's results, and the variables they stand for: one for every two columns.
#define TEN(d) "%" #d "0,%" #d "1,%" #d "2,%" #d "3,%" #d "4,%" #d "5,%" #d "6,%" #d "7,%" #d "8,%" #d "9"
#define NAMES32 TEN() "," TEN(1) "," TEN(2) ",%30,%31"
#define NAMES64 NAMES32 ",%32,%33,%34,%35,%36,%37,%38,%39," TEN(4) "," TEN(5) ",%60,%61,%62,%63"
#define F4(d, i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define F16(d, i) F4(d, i), F4(d, i + 4), F4(d, i + 8), F4(d, i + 12)
#define F32(d, i) F16(d, i), F16(d, i + 16)
#define F64(d, i) F32(d, i), F32(d, i + 32)
#if block_kv == 64
#define WGMMA "%34, 0; wgmma.mma_async.sync.aligned.m64n64k16.f32.f16.f16 {" NAMES32 "}, %32, %33"
#define SCORES F32
#elif block_kv == 128
#define WGMMA "%66, 0; wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16 {" NAMES64 "}, %64, %65"
#define SCORES F64
#endif

// Rows of 128 bytes with their swizzle, groups of eight of them 1024 bytes apart.
__device__ u64 descriptor(u32 address) {
    return (address & 0x3ffff) >> 4 | u64(64) << 16 | u64(64) << 32 | u64(1) << 62;
}

__device__ void start_scores(Scores &s, Queries &q, u32 queries, int row, u32 keys) {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
    queries += row / 64 * 64 * row_bytes;
    UNROLL for (int k = 0; k < width / 16; k++)
        UNROLL for (int i = 0; i < pieces; i++)
            asm volatile("{ .reg .pred p; setp.ne.b32 p, " WGMMA ", p, 1, 1, 0, 0; }"
                         : SCORES(s[i], 0) : "l"(descriptor(queries + i * 64 * row_bytes + k * 32)),
                           "l"(descriptor(keys + k * 32)), "r"(k));
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

__device__ void start_output(Output &o, Weights &p, u32 values) {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
    UNROLL for (int k = 0; k < block_kv / 16; k++)
        UNROLL for (int i = 0; i < pieces; i++)
            asm volatile("wgmma.mma_async.sync.aligned.m64n64k16.f32.f16.f16 {" NAMES32
                         "}, {%32, %33, %34, %35}, %36, 1, 1, 1, 1;"
                         : F32(o[i], 0) : "r"(p[i][k][0]), "r"(p[i][k][1]), "r"(p[i][k][2]), "r"(p[i][k][3]),
                           "l"(descriptor(values + k * 16 * row_bytes)));
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
// Waits for all but the last `pending` batches, and keeps the compiler from using the results before.
template <int pending, int count> __device__ void wait_for_products(float (&results)[pieces][count]) {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(pending) : "memory");
    UNROLL for (int i = 0; i < pieces * count; i++) asm volatile("" : "+f"((&results[0][0])[i])::"memory");
}
#endif

// ---- softmax ----
// 2^x for x below 16, by the special function unit or, so that not everything waits for the unit's 16 results a cycle,
// as 2^round(x) times a polynomial (relative error 1e-4; the result is rounded to 5e-4 anyway).
__device__ float power_of_two(float x, bool by_polynomial) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    if (!by_polynomial) return y;
    x = fmaxf(x, -120.0f);
    const float shifted = x + 12582912.0f, f = x - (shifted - 12582912.0f);  // 1.5 * 2^23: the last bits are round(x)
    const float p = fmaf(fmaf(fmaf(0.05517167f, f, 0.24261113f), f, 0.69326099f), f, 0.99992807f);
    return __int_as_float(__float_as_int(p) + (__float_as_int(shifted) << 23));
}

struct Softmax {
    float top[pieces][2], sum[pieces][2], factor[pieces][2];  // of rows r and r + 8; sum: of this lane's columns
    bool rescaled;

    // Turns scores into exponentials, and finds the factors that what was summed before must be multiplied by.
    __device__ void step(Scores &s) {
        float highest[pieces][2];
        bool grown = false;
        UNROLL for (int row = 0; row < 2 * pieces; row++) {
            const int i = row / 2, h = row % 2;
            float high = top[i][h];
            UNROLL for (int j = 0; j < block_kv / 4; j++) high = fmaxf(high, s[i][j / 2 * 4 + h * 2 + j % 2]);
            UNROLL for (int bit = 1; bit < 4; bit *= 2) high = fmaxf(high, __shfl_xor_sync(~0u, high, bit));
            highest[i][h] = high;
            grown |= (high - top[i][h]) * log2_scale > 8;  // lazy: weights up to 2^8 do no harm
        }
        rescaled = rescale == always || __any_sync(~0u, grown);
        UNROLL for (int row = 0; row < 2 * pieces; row++) {
            const int i = row / 2, h = row % 2;
            if (rescaled) {
                factor[i][h] = power_of_two((top[i][h] - highest[i][h]) * log2_scale, false);
                top[i][h] = highest[i][h];
                sum[i][h] *= factor[i][h];
            }
            const float shift = top[i][h] * log2_scale;
            UNROLL for (int j = 0; j < block_kv / 4; j++) {
                float &x = s[i][j / 2 * 4 + h * 2 + j % 2];
                x = power_of_two(fmaf(x, log2_scale, -shift), j % 8 < polynomials);
                sum[i][h] += x;
            }
        }
    }
    __device__ void apply(Output &o) {
        UNROLL for (int i = 0; i < pieces; i++)
            UNROLL for (int j = 0; j < width / 2 && rescaled; j++) o[i][j] *= factor[i][j / 2 % 2];
    }
};

__device__ void round_weights(Weights &p, const Scores &s) {
    UNROLL for (int i = 0; i < pieces; i++)
        UNROLL for (int j = 0; j < block_kv / 4; j++)
            reinterpret_cast<half2 &>(p[i][j / 4][j % 4]) = __floats2half2_rn(s[i][2 * j], s[i][2 * j + 1]);
}

extern "C" __global__ void __launch_bounds__(threads, blocks_per_sm)
    attention(const half *Q, const half *K, const half *V, half *O) {
    extern __shared__ __align__(1024) unsigned char shared[];
    const u32 queries = __cvta_generic_to_shared(shared), ring = queries + block_q * row_bytes;
    const int lane = threadIdx.x % 32, warp = __shfl_sync(~0u, threadIdx.x / 32, 0);
    const int row = is_wgmma ? warp / 4 * 64 * pieces + warp % 4 * 16 : warp * 16 * pieces;
    const int head = block_order == by_head ? blockIdx.x / (length / block_q) : blockIdx.x % heads;
    const int tile = block_order == by_head ? blockIdx.x % (length / block_q) : blockIdx.x / heads;
    Q += (head * length + tile * block_q) * width, K += head * length * width, V += head * length * width;

    // Buffer n of the ring holds what step n uses: its V, and the K of the step after it.
    auto copy = [&](int n) {
        const u32 stage = ring + n % stages * stage_bytes;
        if (n + 1 < steps) copy_rows<block_kv>(stage, K + (n + 1) * block_kv * width);
        if (n < steps) copy_rows<block_kv>(stage + tile_bytes, V + n * block_kv * width);
        asm volatile("cp.async.commit_group;" ::: "memory");  // an empty group keeps the count
    };
    const u32 first_keys = ring + (stages - 1) * stage_bytes;  // the buffer that step -1 would use
    copy_rows<block_q>(queries, Q);
    copy_rows<block_kv>(first_keys, K);
    asm volatile("cp.async.commit_group;" ::: "memory");
    for (int n = 0; n < stages - 1; n++) copy(n);

    Scores s; Output o; Queries q; Weights p; Softmax softmax;
    UNROLL for (int i = 0; i < 2 * pieces; i++) softmax.top[i / 2][i % 2] = -1e30f, softmax.sum[i / 2][i % 2] = 0;
    UNROLL for (int i = 0; i < pieces * width / 2; i++) (&o[0][0])[i] = 0;

    wait_for_copies<stages - 1>();
    UNROLL for (int i = 0; i < pieces * (width / 16) && q_in_registers; i++)
        load_operand<false>(q[i / 4][i % 4], queries, row + i / 4 * row_step + lane % 16, i % 4 * 2 + lane / 16);
    start_scores(s, q, queries, row, first_keys);
    wait_for_products<0>(s);
    softmax.step(s);
    round_weights(p, s);

#pragma unroll 1
    for (int n = 0; n < steps; n++) {
        wait_for_copies<stages - 2>();
        copy(n + stages - 1);
        const u32 keys = ring + n % stages * stage_bytes, values = keys + tile_bytes;
        if (n + 1 == steps) {
            start_output(o, p, values);
            wait_for_products<0>(o);
        } else {
            if (overlap) {  // softmax of the next step while the tensor cores work on this one
                start_scores(s, q, queries, row, keys);
                start_output(o, p, values);
                wait_for_products<1>(s);
                softmax.step(s);
                wait_for_products<0>(o);
            } else {
                start_output(o, p, values);
                wait_for_products<0>(o);
                start_scores(s, q, queries, row, keys);
                wait_for_products<0>(s);
                softmax.step(s);
            }
            softmax.apply(o);
            round_weights(p, s);
        }
    }

    const int part = lane % 4;
    O += (head * length + tile * block_q + row + lane / 4) * width;
    UNROLL for (int r = 0; r < 2 * pieces; r++) {
        float sum = softmax.sum[r / 2][r % 2];
        UNROLL for (int bit = 1; bit < 4; bit *= 2) sum += __shfl_xor_sync(~0u, sum, bit);
        half *to = O + (r / 2 * row_step + r % 2 * 8) * width;
        u32 pairs[width / 8];
        UNROLL for (int j = 0; j < width / 8; j++) {
            const float *from = &o[r / 2][4 * j + r % 2 * 2];
            const half2 pair = __floats2half2_rn(from[0] / sum, from[1] / sum);
            pairs[j] = reinterpret_cast<const u32 &>(pair);
            if (epilogue == direct) *reinterpret_cast<u32 *>(to + j * 8 + part * 2) = pairs[j];
        }
        // Four neighbouring lanes hold a pair each of four groups of eight columns, and trade until each has a group.
        UNROLL for (int j = 0; j < width / 8 && epilogue == transposed; j += 4) {
            u32 *four = pairs + j;
            UNROLL for (int bit = 1; bit < 4; bit *= 2)
                UNROLL for (int pair = 0; pair < 2; pair++) {
                    u32 &a = four[pair * (3 - bit)], &b = four[pair * (3 - bit) + bit];
                    const u32 traded = __shfl_xor_sync(~0u, part & bit ? a : b, bit);
                    a = part & bit ? traded : a, b = part & bit ? b : traded;
                }
            *reinterpret_cast<uint4 *>(to + (j + part) * 8) = {four[0], four[1], four[2], four[3]};
        }
    }
}
