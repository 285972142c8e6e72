// C = A * B in single precision: A is M x K, B is K x N, C is M x N, all row-major.
//
// Three levels, as in the BLAS libraries:
//   1. block loops, in the order `loop_order`: C is built from blocks of block_m x block_n and K is cut into pieces of
//      block_k, so that the blocks of A and B in use stay in cache;
//   2. inside a block, a walk over micro-tiles of micro_rows x (micro_vectors * vector_width) elements of C;
//   3. the micro-kernel: the sums of one micro-tile stay in vector registers while it walks down block_k.
// Blocks of A and B may be copied ("packed") first, so that the micro-kernel reads them with stride one: rows of A and
// B are a power of two apart, and would otherwise compete for the same few sets of the cache.
//
// Lower-case names that are not declared here are parameters: macros that the tuner defines. The constraints in
// kernel.json see to it that blocks divide the matrices and micro-tiles the blocks, so no loop has a remainder.

#define PRAGMA(text) _Pragma(#text)
#ifdef __clang__
#define UNROLL(times) PRAGMA(clang loop unroll_count(times))
#else
#define UNROLL(times) PRAGMA(GCC unroll times)
#endif
#define UNROLL_FULLY UNROLL(32)  // longer than any loop over a micro-tile

enum { micro_columns = micro_vectors * vector_width };
enum { rows, columns };  // the values of inner_loop

// C and an unpacked B are aligned to an element only, so they are read and written through the second type.
typedef float vector __attribute__((vector_size(4 * vector_width)));
typedef float unaligned_vector __attribute__((vector_size(4 * vector_width), aligned(4), may_alias));

static float packed_a[block_m * block_k] __attribute__((aligned(64)));
static float packed_b[block_k * block_n] __attribute__((aligned(64)));

// A block of A as panels of micro_rows rows; in a panel, the micro_rows elements of one k lie side by side.
static void copy_block_a(const float *a, long stride) {
    float *to = packed_a;
    for (int i = 0; i < block_m; i += micro_rows)
        for (int k = 0; k < block_k; k++)
            for (int r = 0; r < micro_rows; r++) *to++ = a[(i + r) * stride + k];
}

// A block of B as panels of micro_columns columns; in a panel, row follows row.
static void copy_block_b(const float *b, long stride) {
    float *to = packed_b;
    for (int j = 0; j < block_n; j += micro_columns)
        for (int k = 0; k < block_k; k++)
            for (int c = 0; c < micro_columns; c++) *to++ = b[k * stride + j + c];
}

// One micro-tile of C from micro_rows rows of A and micro_columns columns of B, block_k deep. Element (r, k) of A is at
// a[r * a_row + k * a_step], row k of B at b + k * b_step. The first piece of K overwrites C, the others add to it.
static inline __attribute__((always_inline)) void micro_kernel(
    const float *a, long a_row, long a_step, const float *b, long b_step, float *c, long c_row, int first) {
    vector sum[micro_rows][micro_vectors];  // at most 28: AVX-512 and NEON have 32 registers, AVX and SSE 16
    UNROLL_FULLY
    for (int r = 0; r < micro_rows; r++)
        UNROLL_FULLY
        for (int v = 0; v < micro_vectors; v++) sum[r][v] = (vector){0};

    UNROLL(unroll_k)
    for (int k = 0; k < block_k; k++) {
        if (prefetch_distance > 0)  // past the end of B it does no harm
            UNROLL_FULLY
            for (int c = 0; c < micro_columns; c += 16)
                __builtin_prefetch(b + (k + prefetch_distance) * b_step + c);
        vector b_row[micro_vectors];
        UNROLL_FULLY
        for (int v = 0; v < micro_vectors; v++)
            b_row[v] = *(const unaligned_vector *)(b + k * b_step + v * vector_width);
        UNROLL_FULLY
        for (int r = 0; r < micro_rows; r++)
            UNROLL_FULLY
            for (int v = 0; v < micro_vectors; v++) sum[r][v] += a[r * a_row + k * a_step] * b_row[v];
    }

    UNROLL_FULLY
    for (int r = 0; r < micro_rows; r++)
        UNROLL_FULLY
        for (int v = 0; v < micro_vectors; v++) {
            unaligned_vector *to = (unaligned_vector *)(c + r * c_row + v * vector_width);
            if (!first) sum[r][v] += *to;
            *to = sum[r][v];
        }
}

// One block of C from a block of A and a block of B, packed or in place.
static void multiply_block(
    const float *a, long a_stride, const float *b, long b_stride, float *c, long c_stride, int first) {
    enum { tiles_m = block_m / micro_rows, tiles_n = block_n / micro_columns };
    for (int tile = 0; tile < tiles_m * tiles_n; tile++) {
        const int i = micro_rows * (inner_loop == rows ? tile % tiles_m : tile / tiles_n);
        const int j = micro_columns * (inner_loop == rows ? tile / tiles_m : tile % tiles_n);
        micro_kernel(
            pack_a ? packed_a + i * block_k : a + i * a_stride, pack_a ? 1 : a_stride, pack_a ? micro_rows : 1,
            pack_b ? packed_b + j * block_k : b + j, pack_b ? micro_columns : b_stride,
            c + i * c_stride + j, c_stride, first);
    }
}

void matmul(int M, int N, int K, const float *A, const float *B, float *C) {
    enum { m, n, k };
    const long end[3] = {[m] = M, [n] = N, [k] = K};
    const long step[3] = {[m] = block_m, [n] = block_n, [k] = block_k};
    // Where the packed blocks come from: an order that keeps a block in use longer packs it fewer times.
    const float *packed_from_a = 0, *packed_from_b = 0;
    long at[3];
    for (at[loop_order_0] = 0; at[loop_order_0] < end[loop_order_0]; at[loop_order_0] += step[loop_order_0])
        for (at[loop_order_1] = 0; at[loop_order_1] < end[loop_order_1]; at[loop_order_1] += step[loop_order_1])
            for (at[loop_order_2] = 0; at[loop_order_2] < end[loop_order_2]; at[loop_order_2] += step[loop_order_2]) {
                const float *a = A + at[m] * K + at[k], *b = B + at[k] * N + at[n];
                if (pack_a && packed_from_a != a) copy_block_a(packed_from_a = a, K);
                if (pack_b && packed_from_b != b) copy_block_b(packed_from_b = b, N);
                multiply_block(a, K, b, N, C + at[m] * N + at[n], N, at[k] == 0);
            }
}

// The right result in its plainest form, independent of all parameters.
void matmul_reference(int M, int N, int K, const float *A, const float *B, float *C) {
    for (long i = 0; i < M; i++) {
        for (long j = 0; j < N; j++) C[i * N + j] = 0;
        for (long k = 0; k < K; k++)
            for (long j = 0; j < N; j++) C[i * N + j] += A[i * K + k] * B[k * N + j];
    }
}
