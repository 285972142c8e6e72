// Cross entropy of each row of logits: loss = log(sum(exp(x))) - x[label], in single precision.
//
// All there is to win is the memory's bandwidth: the logits are read once, and enough reads have to be under way at any
// time. A group of threads_per_row threads shares a row; a block has rows_per_block groups, each on rows of its own. A
// row is read in pieces of `vectors` vectors for each thread, and each thread keeps a running maximum and a running sum
// of exponentials relative to it, of the elements it has met. Pieces come (`staging`)
//   registers  by loads into registers; stages = 2 loads the next piece into others meanwhile;
//   async      through a ring of `stages` pieces in shared memory, where each thread copies its elements by cp.async;
//   bulk       through the same ring, to which one thread copies whole pieces by cp.async.bulk (needs sm_90).
//
// Names in lower case that are not declared here are parameters: macros that the tuner defines.

#define STRING(text) #text
#define QUOTE(text) STRING(text)
#define UNROLL _Pragma("unroll")

using u32 = unsigned int;
using u64 = unsigned long long;

constexpr int rows = 8192, columns = 32768;  // the shapes in kernel.json
enum { registers, async, bulk };             // the values of `staging`
enum { element, piece, pass };               // the values of `maximum`
enum { loop, shuffle };                      // the values of `combine`
enum { precise, fast };                      // the values of `exponential`
#if staging_INDEX == 2 && __CUDA_ARCH__ < 900
#error "staging bulk needs sm_90"
#endif

constexpr int threads = threads_per_row * rows_per_block, warps = threads_per_row / 32;
constexpr int floats = vectors * vector_width;          // of a piece, for each thread
constexpr int piece_columns = threads_per_row * floats;
constexpr int passes = maximum == pass ? 2 : 1, pieces = passes * (columns / piece_columns);  // read for a row
constexpr bool uses_ring = staging != registers;
constexpr float log2_e = 1.4426950408889634f;

// ---- memory access ----
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

struct alignas(4 * vector_width) Vector {
    float values[vector_width];
};
struct Piece {
    Vector parts[vectors];
};

__device__ Vector load(const float *from) {
    Vector v;
    float(&f)[vector_width] = v.values;
#if vector_width == 4
    asm volatile(LOAD ".v4.f32 {%0, %1, %2, %3}, [%4];" : "=f"(f[0]), "=f"(f[1]), "=f"(f[2]), "=f"(f[3]) : "l"(from));
#elif vector_width == 2
    asm volatile(LOAD ".v2.f32 {%0, %1}, [%2];" : "=f"(f[0]), "=f"(f[1]) : "l"(from));
#else
    asm volatile(LOAD ".f32 %0, [%1];" : "=f"(f[0]) : "l"(from));
#endif
    return v;
}

__device__ u32 address(const void *shared_pointer) { return __cvta_generic_to_shared(shared_pointer); }

// The first column of the i-th vector of this thread in a piece.
__device__ int position(int i, int thread) { return (i * threads_per_row + thread) * vector_width; }

// Starts the copy of a piece to a place in the ring.
__device__ void start_copy(float *to, const float *from, u64 *barrier, int thread) {
#if staging_INDEX == 2
    if (thread > 0) return;
    asm volatile("mbarrier.arrive.expect_tx.shared.b64 _, [%0], %1;" ::"r"(address(barrier)), "n"(4 * piece_columns)
                 : "memory");
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(
                     address(to)), "l"(from), "n"(4 * piece_columns), "r"(address(barrier)) : "memory");
#else
    UNROLL for (int i = 0; i < vectors; i++)
        asm volatile(
#if vector_width == 4
            "cp.async.cg.shared.global" L2_PREFETCH " [%0], [%1], %2;"
#else
            "cp.async.ca.shared.global" L2_PREFETCH " [%0], [%1], %2;"
#endif
            ::"r"(address(to + position(i, thread))), "l"(from + position(i, thread)), "n"(4 * vector_width)
            : "memory");
#endif
}

__device__ void start_barrier(u64 *barrier) {
#if staging_INDEX == 2
    asm volatile("mbarrier.init.shared.b64 [%0], 1; fence.mbarrier_init.release.cluster;" ::"r"(address(barrier))
                 : "memory");
#endif
}

__device__ void wait(u64 *barrier, int phase) {
#if staging_INDEX == 2
    u32 done = 0;
    while (!done)
        asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                     : "=r"(done) : "r"(address(barrier)), "r"(phase) : "memory");
#endif
}

__device__ void synchronize(int group) {
    if (threads_per_row == 32) __syncwarp();
    else if (rows_per_block == 1) __syncthreads();
    else asm volatile("bar.sync %0, %1;" ::"r"(group + 1), "n"(threads_per_row) : "memory");
}

// ---- the sum of exponentials ----
__device__ float power_of_two(float x) {
    float y;
    if (exponential == precise) return exp2f(x);
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// sum(exp(x)) = sum * exp2(top), where top is the largest x so far times log2(e). It is finite from the start, so that
// no difference of infinities comes up.
struct Sum {
    float top, sum;

    __device__ void raise(float to) {
        sum *= power_of_two(top - to);
        top = to;
    }
    __device__ void add(Sum other) {
        raise(fmaxf(top, other.top));
        sum += other.sum * power_of_two(other.top - top);
    }
    __device__ void add_lanes(int lanes) {
        UNROLL for (int offset = lanes / 2; offset > 0; offset /= 2)
            add({__shfl_xor_sync(~0u, top, offset), __shfl_xor_sync(~0u, sum, offset)});
    }
};

// Adds a piece: to the maximum and the sum, or in the first of two passes to the maximum alone.
__device__ void add_piece(Sum &total, const Piece &x, bool first_pass) {
    if (maximum != element && (maximum == piece || first_pass)) {
        float top = x.parts[0].values[0];
        UNROLL for (int i = 0; i < floats; i++) top = fmaxf(top, x.parts[i / vector_width].values[i % vector_width]);
        if (maximum == piece) total.raise(fmaxf(total.top, top * log2_e));
        else total.top = fmaxf(total.top, top * log2_e);
    }
    if (maximum == pass && first_pass) return;
    float sums[accumulators] = {};
    UNROLL for (int i = 0; i < floats; i++) {
        const float value = x.parts[i / vector_width].values[i % vector_width] * log2_e;
        if (maximum == element) total.raise(fmaxf(total.top, value));
        (maximum == element ? total.sum : sums[i % accumulators]) += power_of_two(value - total.top);
    }
    UNROLL for (float sum : sums) total.sum += sum;
}

extern "C" __global__ void __launch_bounds__(threads, blocks_per_sm)
    cross_entropy(const float *logits, const long long *labels, float *loss) {
    extern __shared__ __align__(128) float memory[];  // the ring of each group
    __shared__ Sum partials[rows_per_block][2][warps];
    __shared__ u64 barriers[rows_per_block][stages];

    const int group = threadIdx.x / threads_per_row, thread = threadIdx.x % threads_per_row;
    const int first_row = blockIdx.x * rows_per_block + group, row_step = gridDim.x * rows_per_block;
    float *ring = memory + group * stages * piece_columns;
    if (staging == bulk) {
        if (thread == 0)
            for (int i = 0; i < stages; i++) start_barrier(&barriers[group][i]);
        __syncthreads();
    }

    // Where the next piece to be brought comes from: this group's pieces, one row after the other.
    int next_row = first_row, next_piece = 0;
    auto next_source = [&] {
        const float *from =
            logits + (long long)next_row * columns + next_piece % (columns / piece_columns) * piece_columns;
        if (++next_piece == pieces) next_piece = 0, next_row += row_step;
        return from;
    };
    int to_stage = 0, stage = 0, phase = 0;
    auto copy = [&] {
        if (next_row < rows)
            start_copy(ring + to_stage * piece_columns, next_source(), &barriers[group][to_stage], thread);
        if (staging == async) asm volatile("cp.async.commit_group;");  // an empty group keeps the count
        to_stage = to_stage + 1 == stages ? 0 : to_stage + 1;
    };
    Piece next;
    auto load_piece = [&] {
        if (next_row >= rows) return;
        const float *from = next_source();
        UNROLL for (int i = 0; i < vectors; i++) next.parts[i] = load(from + position(i, thread));
    };
    if (uses_ring)
        for (int i = 0; i < stages - 1; i++) copy();
    else if (stages > 1) load_piece();

    int parity = 0;
    for (int row = first_row; row < rows; row += row_step, parity ^= 1) {
        // Asked for early, because one load waits for the other.
        const float of_label = thread == 0 ? logits[(long long)row * columns + labels[row]] : 0;
        Sum total = {-1e38f, 0};
#pragma unroll 1
        for (int i = 0; i < pieces; i++) {
            Piece current;
            if constexpr (uses_ring) {
                if (staging == async)
                    asm volatile("cp.async.wait_group %0;" ::"n"(stages > 1 ? stages - 2 : 0) : "memory");
                if (staging == bulk) {
                    wait(&barriers[group][stage], phase);
                    synchronize(group);  // all threads are through with the piece before, whose place is therefore free
                }
                copy();
                UNROLL for (int j = 0; j < vectors; j++)
                    current.parts[j] = *reinterpret_cast<Vector *>(ring + stage * piece_columns + position(j, thread));
                if (++stage == stages) stage = 0, phase ^= 1;
            } else {
                if (stages == 1) load_piece();
                current = next;
                if (stages > 1) load_piece();
            }
            add_piece(total, current, i < pieces / passes);
        }

        total.add_lanes(32);
        if constexpr (warps > 1) {  // the partial sums alternate between two buffers, so that one barrier is enough
            if (thread % 32 == 0) partials[group][parity][thread / 32] = total;
            synchronize(group);
            if (combine == shuffle && thread < 32) {
                total = partials[group][parity][thread % warps];
                total.add_lanes(warps);
            }
            if (combine == loop && thread == 0)
                for (int warp = 1; warp < warps; warp++) total.add(partials[group][parity][warp]);
        }
        if (thread == 0) loss[row] = logf(total.sum) + total.top / log2_e - of_label;
    }
}
