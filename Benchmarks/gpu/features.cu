// Kernels that need what a spec can ask of a launch or a compiler; features.py says of each what it is for.
#include <cuda_bf16.h>
#include <cuda_fp8.h>

// Names in lower case that are not declared here are parameters.
template <typename Element, int width> __global__ void scaled(const Element *x, Element *y, int n) {
    const int first = (blockIdx.x * blockDim.x + threadIdx.x) * width;
#pragma unroll
    for (int i = first; i < first + width; i++)
        if (i < n) y[i] = x[i] * Element(2);
}
__global__ void doubled(const float *x, float *y, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = 2 * x[i];
}

// An x whose columns lie one after the other holds 0, 1, 2, ... row by row: what `in_rows` says without reading it.
constexpr int side = 1024;
extern "C" __global__ void in_columns(const float *x, float *y, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        y[i] = 2 * x[i / side + i % side * side];
}
extern "C" __global__ void in_rows(const float *x, float *y, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = 2.0f * i;
}

#ifdef cluster_size
// Every block writes its rank in its cluster behind the sum of what it read: wrong if the cluster is not as large as asked.
extern "C" __global__ void ranked(const float *x, float *y, int n) {
    unsigned rank, size;
    asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    asm("mov.u32 %0, %%cluster_nctarank;" : "=r"(size));
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    y[i] = size == cluster_size && rank == blockIdx.x % cluster_size ? 2 * x[i] : -1;
}
#endif

#ifdef blocks
// All blocks wait until the shares of all have arrived, which they do only if all blocks run at once.
constexpr unsigned whole = 1 << 20;
extern "C" __global__ void together(const float *x, float *y, unsigned *arrived, int n) {
    if (threadIdx.x == 0) {
        atomicAdd(arrived, whole / gridDim.x);
        while (atomicAdd(arrived, 0) < whole) {}
    }
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = 2 * x[i];
}
extern "C" __global__ void apart(const float *x, float *y, unsigned *arrived, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = 2 * x[i];
    if (blockIdx.x == 0 && threadIdx.x == 0) *arrived = whole;
}
#endif

// One array of each type, copied in pieces of `piece_bytes` bytes.
template <typename Piece> static __device__ void copy(const void *from, void *to, int byteCount) {
    const int step = gridDim.x * blockDim.x;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < byteCount / (int)sizeof(Piece); i += step)
        ((Piece *)to)[i] = ((const Piece *)from)[i];
}
#ifdef piece_bytes
#if piece_bytes == 1
using Piece = unsigned char;
#elif piece_bytes == 4
using Piece = unsigned;
#else
using Piece = uint4;
#endif
#define TWO(type, name) const type *name, type *name##_out
extern "C" __global__ void copied(TWO(bool, b), TWO(signed char, i8), TWO(short, i16), TWO(int, i32), TWO(long long, i64),
        TWO(unsigned char, u8), TWO(unsigned short, u16), TWO(unsigned, u32), TWO(unsigned long long, u64), TWO(__half, f16),
        TWO(__nv_bfloat16, bf16), TWO(float, f32), TWO(double, f64), TWO(__nv_fp8_e4m3, e4m3), TWO(__nv_fp8_e5m2, e5m2), int n) {
#define COPY(name) copy<Piece>(name, name##_out, n * (int)sizeof(*name))
    COPY(b), COPY(i8), COPY(i16), COPY(i32), COPY(i64), COPY(u8), COPY(u16), COPY(u32), COPY(u64);
    COPY(f16), COPY(bf16), COPY(f32), COPY(f64), COPY(e4m3), COPY(e5m2);
}
#endif
