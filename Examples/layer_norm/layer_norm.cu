// Layer normalization of each row of x: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, in half precision
// with arithmetic in single precision.
//
// All there is to win is the memory's bandwidth: x is read once, y written once, and enough reads have to be under way
// at any time. A group of threads_per_row threads shares a row; a block has rows_per_block groups, each with its rows.
// A row is gone over two or three times (mean, variance, result); where it is kept in between is `staging`:
//   global     nowhere: it is read again, from a cache if it is still there;
//   registers  in registers; stages = 2 reads the next row into others meanwhile;
//   async      in a ring of `stages` rows in shared memory, where each thread copies what it will need by cp.async;
//   bulk       in the same ring, to which one thread copies whole rows by cp.async.bulk (needs sm_90).
//
// Names in lower case that are not declared here are parameters: macros that the tuner defines.
#include <cuda_fp16.h>

#define STRING(text) #text
#define QUOTE(text) STRING(text)
#define UNROLL _Pragma("unroll")

using u32 = unsigned int;
using u64 = unsigned long long;

constexpr int rows = 8192, columns = 8192;                     // the shapes in kernel.json
enum Place { global, registers, async, bulk, shared };         // the values of `staging` and `weights`
enum { two_pass, one_pass };                                   // the values of `statistics`
enum { loop, shuffle };                                        // the values of `combine`
#if staging_INDEX == 3 && __CUDA_ARCH__ < 900
#error "staging bulk needs sm_90"
#endif

constexpr int threads = threads_per_row * rows_per_block, warps = threads_per_row / 32;
constexpr int vectors = columns / (threads_per_row * vector_width);  // of a row, for each thread
constexpr int unrolled = staging == registers || weights == registers ? vectors : unroll_by;
constexpr bool uses_ring = staging == async || staging == bulk;

// ---- memory access ----
struct alignas(2 * vector_width) Vector {
    u32 words[vector_width / 2];
};

#if l2_prefetch
#define L2_PREFETCH ".L2::" QUOTE(l2_prefetch) "B"
#else
#define L2_PREFETCH
#endif
#if load_hint_INDEX == 1
#define LOAD "ld.global.nc.cs" L2_PREFETCH
#elif load_hint_INDEX == 2
#define LOAD "ld.global.nc.L1::no_allocate" L2_PREFETCH
#else
#define LOAD "ld.global.nc" L2_PREFETCH
#endif
#if store_hint_INDEX == 1
#define STORE "st.global.cs"
#elif store_hint_INDEX == 2
#define STORE "st.global.wt"
#else
#define STORE "st.global"
#endif

__device__ Vector load(const half *from) {
    Vector v;
    u32(&w)[vector_width / 2] = v.words;
#if vector_width == 8
    asm volatile(LOAD ".v4.b32 {%0, %1, %2, %3}, [%4];" : "=r"(w[0]), "=r"(w[1]), "=r"(w[2]), "=r"(w[3]) : "l"(from));
#elif vector_width == 4
    asm volatile(LOAD ".v2.b32 {%0, %1}, [%2];" : "=r"(w[0]), "=r"(w[1]) : "l"(from));
#else
    asm volatile(LOAD ".b32 %0, [%1];" : "=r"(w[0]) : "l"(from));
#endif
    return v;
}

__device__ void store(half *to, const Vector &v) {
    const u32(&w)[vector_width / 2] = v.words;
#if vector_width == 8
    asm volatile(STORE ".v4.b32 [%0], {%1, %2, %3, %4};" ::"l"(to), "r"(w[0]), "r"(w[1]), "r"(w[2]), "r"(w[3]));
#elif vector_width == 4
    asm volatile(STORE ".v2.b32 [%0], {%1, %2};" ::"l"(to), "r"(w[0]), "r"(w[1]));
#else
    asm volatile(STORE ".b32 [%0], %1;" ::"l"(to), "r"(w[0]));
#endif
}

__device__ u32 address(const void *shared_pointer) { return __cvta_generic_to_shared(shared_pointer); }

// The first element of the i-th vector of this thread.
__device__ int position(int i, int thread) { return (i * threads_per_row + thread) * vector_width; }

// The same vector, of which the compiler no longer knows that it converted it to single precision before: it would keep
// the results, which take twice the registers.
__device__ Vector opaque(Vector v) {
    UNROLL for (u32 &word : v.words) asm volatile("" : "+r"(word));
    return v;
}

template <int count> __device__ void load_row(Vector (&to)[count], const half *row, int thread) {
    UNROLL for (int i = 0; i < count; i++) to[i] = load(row + position(i, thread));
}

// Calls the function for all pairs of a row that are this thread's.
template <class Get, class Function> __device__ void visit(Get get, Function function) {
#pragma unroll unrolled
    for (int i = 0; i < vectors; i++) {
        const Vector v = get(i);
        UNROLL for (u32 word : v.words) function(__half22float2(reinterpret_cast<const half2 &>(word)));
    }
}

// Starts the copy of a row to a place in the ring.
__device__ void start_copy(half *to, const half *row, u64 *barrier, int thread) {
#if staging_INDEX == 3
    if (thread > 0) return;
    asm volatile("mbarrier.arrive.expect_tx.shared.b64 _, [%0], %1;" ::"r"(address(barrier)), "n"(2 * columns)
                 : "memory");
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(
                     address(to)), "l"(row), "n"(2 * columns), "r"(address(barrier)) : "memory");
#else
    UNROLL for (int i = 0; i < vectors; i++)
        asm volatile(
#if vector_width == 8
            "cp.async.cg.shared.global" L2_PREFETCH " [%0], [%1], %2;"
#else
            "cp.async.ca.shared.global" L2_PREFETCH " [%0], [%1], %2;"
#endif
            ::"r"(address(to + position(i, thread))), "l"(row + position(i, thread)), "n"(2 * vector_width) : "memory");
#endif
}

__device__ void start_barrier(u64 *barrier) {
#if staging_INDEX == 3
    asm volatile("mbarrier.init.shared.b64 [%0], 1; fence.mbarrier_init.release.cluster;" ::"r"(address(barrier))
                 : "memory");
#endif
}

__device__ void wait(u64 *barrier, int phase) {
#if staging_INDEX == 3
    u32 done = 0;
    while (!done)
        asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                     : "=r"(done) : "r"(address(barrier)), "r"(phase) : "memory");
#endif
}

// ---- cooperation within a group ----
__device__ void synchronize(int group) {
    if (threads_per_row == 32) __syncwarp();
    else if (rows_per_block == 1) __syncthreads();
    else asm volatile("bar.sync %0, %1;" ::"r"(group + 1), "n"(threads_per_row) : "memory");
}

template <int count> __device__ void add_lanes(float (&values)[count], int lanes) {
    UNROLL for (int offset = lanes / 2; offset > 0; offset /= 2)
        UNROLL for (int i = 0; i < count; i++) values[i] += __shfl_xor_sync(~0u, values[i], offset);
}

// Sums over the group, for all its threads. The caller alternates between two buffers of partial sums, so that one
// barrier is enough: nobody overwrites what another may still read.
template <int count> __device__ void add_group(float (&values)[count], float (*partials)[2], int thread, int group) {
    add_lanes(values, 32);
    if constexpr (warps > 1) {
        UNROLL for (int i = 0; i < count; i++)
            if (thread % 32 == 0) partials[thread / 32][i] = values[i];
        synchronize(group);
        UNROLL for (int i = 0; i < count; i++) values[i] = combine == loop ? 0 : partials[thread % warps][i];
        if (combine == shuffle) add_lanes(values, warps);
        UNROLL for (int warp = 0; combine == loop && warp < warps; warp++)
            UNROLL for (int i = 0; i < count; i++) values[i] += partials[warp][i];
    }
}

extern "C" __global__ void __launch_bounds__(threads, blocks_per_sm)
    layer_norm(const half *x, const half *weight, const half *bias, half *y, float epsilon) {
    extern __shared__ __align__(128) half memory[];  // the ring of each group, then weight and bias
    __shared__ float partials[rows_per_block][2][warps][2];
    __shared__ u64 barriers[rows_per_block][stages];

    const int group = threadIdx.x / threads_per_row, thread = threadIdx.x % threads_per_row;
    const int first_row = blockIdx.x * rows_per_block + group, row_step = gridDim.x * rows_per_block;
    half *ring = memory + group * stages * columns;
    half *shared_weight = memory + (uses_ring ? rows_per_block * stages * columns : 0);

    Vector kept[staging == registers ? vectors : 1], next[staging == registers && stages > 1 ? vectors : 1];
    Vector kept_weight[weights == registers ? vectors : 1], kept_bias[weights == registers ? vectors : 1];
    if (weights == registers)
        UNROLL for (int i = 0; i < vectors; i++) {
            kept_weight[i] = load(weight + position(i, thread));
            kept_bias[i] = load(bias + position(i, thread));
        }
    if (weights == shared)
        for (int i = threadIdx.x; i < columns; i += threads)
            shared_weight[i] = weight[i], shared_weight[columns + i] = bias[i];
    if (staging == bulk && thread == 0)
        for (int i = 0; i < stages; i++)
            start_barrier(&barriers[group][i]);
    __syncthreads();

    // Row number `ahead` of this group, counted from 0, if there is one.
    auto copy = [&](int ahead) {
        const int row = first_row + ahead * row_step, stage = ahead % stages;
        if (row < rows) start_copy(ring + stage * columns, x + row * columns, &barriers[group][stage], thread);
        if (staging == async) asm volatile("cp.async.commit_group;");  // an empty group keeps the count
    };
    if (uses_ring)
        for (int ahead = 0; ahead < stages - 1; ahead++) copy(ahead);
    if (staging == registers && stages > 1) load_row(next, x + first_row * columns, thread);

    int parity = 0;  // which buffer of partial sums
    for (int row = first_row, count = 0; row < rows; row += row_step, count++) {
        if (staging == registers && stages == 1) load_row(kept, x + row * columns, thread);
        if (staging == registers && stages > 1) {
            UNROLL for (int i = 0; i < vectors; i++) kept[i] = next[i];
            if (row + row_step < rows) load_row(next, x + (row + row_step) * columns, thread);
        }
        if (staging == async) asm volatile("cp.async.wait_group %0;" ::"n"(stages > 1 ? stages - 2 : 0) : "memory");
        if (staging == bulk) wait(&barriers[group][count % stages], count / stages % 2);
        const half *staged = ring + count % stages * columns;
        auto get = [&](int i) -> Vector {
            if constexpr (staging == registers) return opaque(kept[i]);
            else if constexpr (uses_ring) return *reinterpret_cast<const Vector *>(staged + position(i, thread));
            else return load(x + row * columns + position(i, thread));
        };

        float mean, variance;
        if constexpr (statistics == one_pass) {  // cheaper, but loses digits where the mean is large
            float sums[2] = {0, 0};
            visit(get, [&](float2 f) { sums[0] += f.x + f.y, sums[1] += f.x * f.x + f.y * f.y; });
            add_group(sums, partials[group][parity], thread, group);
            parity ^= 1;
            mean = sums[0] / columns, variance = sums[1] / columns - mean * mean;
        } else {
            float sum[1] = {0}, squares[1] = {0};
            visit(get, [&](float2 f) { sum[0] += f.x + f.y; });
            add_group(sum, partials[group][0], thread, group);
            mean = sum[0] / columns;
            visit(get, [&](float2 f) { squares[0] += (f.x - mean) * (f.x - mean) + (f.y - mean) * (f.y - mean); });
            add_group(squares, partials[group][1], thread, group);
            variance = squares[0] / columns;
        }
        const float scale = rsqrtf(fmaxf(variance, 0) + epsilon);
        // The sums are known only once all threads are through with the row before, whose place is therefore free.
        if (uses_ring) copy(count + stages - 1);

#pragma unroll unrolled
        for (int i = 0; i < vectors; i++) {
            const int at = position(i, thread);
            const Vector v = get(i);
            Vector w, b, result;
            if constexpr (weights == registers) w = opaque(kept_weight[i]), b = opaque(kept_bias[i]);
            else if constexpr (weights == shared) {
                w = *reinterpret_cast<const Vector *>(shared_weight + at);
                b = *reinterpret_cast<const Vector *>(shared_weight + columns + at);
            } else {
                w = *reinterpret_cast<const Vector *>(weight + at);
                b = *reinterpret_cast<const Vector *>(bias + at);
            }
            UNROLL for (int j = 0; j < vector_width / 2; j++) {
                const float2 f = __half22float2(reinterpret_cast<const half2 &>(v.words[j]));
                const float2 g = __half22float2(reinterpret_cast<const half2 &>(w.words[j]));
                const float2 h = __half22float2(reinterpret_cast<const half2 &>(b.words[j]));
                reinterpret_cast<half2 &>(result.words[j]) =
                    __floats2half2_rn((f.x - mean) * scale * g.x + h.x, (f.y - mean) * scale * g.y + h.y);
            }
            store(y + row * columns + at, result);
        }
    }
}
