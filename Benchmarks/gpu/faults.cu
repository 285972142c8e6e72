// A kernel that is right for mode `none` and has one fault in every other. With `after` it is right in all modes: the
// config that follows each fault, which has to be measured as if nothing had happened.
//
// `mode` and `after` are macros that autotune defines; what they need of the launch stands in faults.py.
enum Mode {
    none, illegal_address, misaligned_access, infinite_loop, device_assert, trap, too_many_threads,
    too_much_shared_memory, too_many_registers, out_of_memory, wrong, nan_result, race, second_run, unwritten, outside_after,
    outside_before, writes_input, no_compile, compile_hang
};
constexpr Mode fault = after ? none : mode;
constexpr int kept = 96;

static_assert(fault != no_compile, "this fault is in the source");

// Twice as many types at each depth: 2^40 of them.
template <int depth, unsigned long long path>
struct Types {
    static constexpr int count = Types<depth - 1, 2 * path>::count + Types<depth - 1, 2 * path + 1>::count;
};
template <unsigned long long path>
struct Types<0, path> {
    static constexpr int count = 1;
};

// What assert() calls on the device; NVRTC has no assert.h of its own.
extern "C" __device__ void __assertfail(const char *, const char *, unsigned, const char *, size_t);
#define assert(condition) ((condition) ? (void)0 : __assertfail(#condition, __FILE__, __LINE__, __func__, 1))

// Left from launch to launch, as the tickets of kernels whose last block does more than the others.
__device__ int launches;

extern "C" __global__ void faulty(const float *x, float *y, int *blocks, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;

    if constexpr (fault == illegal_address) {
        if (i == 5) *(volatile int *)8 = 1;
    } else if constexpr (fault == misaligned_access) {
        if (i == 5) *(volatile int *)((char *)y + 1) = 1;
    } else if constexpr (fault == infinite_loop) {
        while (atomicAdd(blocks, 0) >= 0) {}
    } else if constexpr (fault == device_assert) {
        assert(i != 5);
    } else if constexpr (fault == trap) {
        if (i == 5) __trap();
    } else if constexpr (fault == too_many_registers) {
        // All are read before any is added, and in the other order: each needs a register of its own.
        float values[kept];
        _Pragma("unroll") for (int j = 0; j < kept; j++) values[j] = ((volatile const float *)x)[(i + 977 * j) % n];
        __syncthreads();
        float sum = 0;
        _Pragma("unroll") for (int j = kept - 1; j >= 0; j--) sum = sum * 3 + values[j];
        if (sum == 1) y[0] = sum;
    } else if constexpr (fault == out_of_memory) {
        // For all threads that a device can hold at once.
        volatile char large[500 * 1024];
        for (int j = 0; j < 500 * 1024; j += 4096) large[j + i % 7] = i;
        if (large[i % 4096] == 77) y[0] = 1;
    } else if constexpr (fault == outside_after) {
        if (i == 0) y[n] = 1;
    } else if constexpr (fault == outside_before) {
        if (i == 0) y[-2] = 1;
    } else if constexpr (fault == writes_input) {
        if (i == 17) ((float *)x)[i] = 3;
    }

    // No block may see what another has counted: reading, adding and writing apart loses counts.
    if constexpr (fault == race) *(volatile int *)blocks = *(volatile int *)blocks + (threadIdx.x == 0);
    else if (threadIdx.x == 0) atomicAdd(blocks, 1);

    if (i >= n || (fault == unwritten && i == 7)) return;
    float value = 2 * x[i] + Types<fault == compile_hang ? 40 : 0, 1>::count;
    if (fault == wrong && i == 9) value += 1;
    if (fault == second_run && i == 13) value += launches++;
    if (fault == nan_result && i == 11) value = __int_as_float(0x7FFFFFFF);
    y[i] = value;
}
