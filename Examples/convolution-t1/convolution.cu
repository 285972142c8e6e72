// Correlation of an image with a small filter in single precision: output[y][x] is the sum over the filter's rows i and
// columns j of input[y + i][x + j] * filter[i][j]. The input is larger than the output by the filter's size less one.
//
// The filter lies in constant memory, where all threads of a warp read the same element at the same time. The names that
// are not declared here are parameters of convolution_T1.json, and grid_size_x, which Kernel Tuner defines.
#define image_width 4096
#define image_height 4096
#define input_width (image_width + filter_width - 1)
#define covered_x (block_size_x * tile_size_x)
#define covered_y (block_size_y * tile_size_y)
#define held_x (covered_x + filter_width - 1)
#define held_y (covered_y + filter_height - 1)
// One more column keeps the rows of a warp's threads out of each other's banks.
#define pitch (held_x + use_padding)

__constant__ float d_filter[filter_height * filter_width];

__device__ float load(const float *place) { return read_only ? __ldg(place) : *place; }

extern "C" __global__ void __launch_bounds__(block_size_x *block_size_y)
    convolution(float *output, const float *input, const float *) {
    const int first_x = blockIdx.x * covered_x, first_y = blockIdx.y * covered_y;
    float sums[tile_size_y][tile_size_x] = {};
#if use_shmem
    // The part of the input that the block's outputs need, read once.
    __shared__ float held[held_y * pitch];
    for (int row = threadIdx.y; row < held_y; row += block_size_y)
        for (int column = threadIdx.x; column < held_x; column += block_size_x) {
            const int x = first_x + column, y = first_y + row;
            if (x < input_width && y < image_height + filter_height - 1)
                held[row * pitch + column] = load(input + y * input_width + x);
        }
    __syncthreads();
    const float *from = held + threadIdx.y * pitch + threadIdx.x;
    const int stride = pitch;
#else
    const float *from = input + (first_y + threadIdx.y) * input_width + first_x + threadIdx.x;
    const int stride = input_width;
#endif
    for (int i = 0; i < filter_height; i++)
#pragma unroll unroll_filter
        for (int j = 0; j < filter_width; j++) {
            const float weight = d_filter[i * filter_width + j];
#pragma unroll
            for (int v = 0; v < tile_size_y; v++)
#pragma unroll
                for (int u = 0; u < tile_size_x; u++) {
                    const float *place = from + (i + v * block_size_y) * stride + j + u * block_size_x;
                    sums[v][u] += (use_shmem ? *place : load(place)) * weight;
                }
        }
    for (int v = 0; v < tile_size_y; v++)
        for (int u = 0; u < tile_size_x; u++) {
            const int x = first_x + threadIdx.x + u * block_size_x, y = first_y + threadIdx.y + v * block_size_y;
            output[y * image_width + x] = sums[v][u];
        }
}
