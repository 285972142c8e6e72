import ConfigSpace
import Foundation
import KernelSpec
import Measurement

/// A small convolution with its filter in constant memory: its source, a T1 file and a kernel.json, in one folder.
struct ConvolutionFiles {
    let folder: TemporaryFolder
    let t1: String
    let kernelFile: String
    let source: String

    /// - Parameter compiler: what kernel.json names.
    init(compiler: String) throws {
        folder = try TemporaryFolder()
        source = try folder.write(Self.code, to: "convolution.cu")
        t1 = try folder.write(Self.t1Text, to: "convolution_T1.json")
        kernelFile = try folder.write(Self.kernelFileText(compiler: compiler), to: "kernel.json")
    }

    /// Each thread computes tile_size_x x tile_size_y elements that lie a block's size apart. A launch that is not as
    /// the file says traps; `through` picks the way by which the filter comes.
    private static let code = """
        #ifndef kernel_tuner
        #define grid_size_x ((WIDTH + block_size_x * tile_size_x - 1) / (block_size_x * tile_size_x))
        #define grid_size_y ((HEIGHT + block_size_y * tile_size_y - 1) / (block_size_y * tile_size_y))
        #define block_size_z 1
        #endif
        #define WIDTH 50
        #define HEIGHT 37
        enum { symbol, parameter };

        __constant__ float d_filter[filter_size * filter_size];

        __device__ float element(const float *image, const float *filter, int x, int y) {
            float sum = 0;
            for (int i = 0; i < filter_size; i++)
                for (int j = 0; j < filter_size; j++)
                    sum += image[(y + i) * (WIDTH + filter_size - 1) + x + j] * filter[i * filter_size + j];
            return sum;
        }

        __device__ void convolve(float *result, const float *image, const float *filter) {
            if (gridDim.x != grid_size_x || gridDim.y != grid_size_y || gridDim.z != 1) __trap();
            if (blockDim.x != block_size_x || blockDim.y != block_size_y || blockDim.z != block_size_z) __trap();
            #pragma unroll
            for (int v = 0; v < tile_size_y; v++)
                #pragma unroll
                for (int u = 0; u < tile_size_x; u++) {
                    int x = (blockIdx.x * tile_size_x + u) * block_size_x + threadIdx.x;
                    int y = (blockIdx.y * tile_size_y + v) * block_size_y + threadIdx.y;
                    if (x < WIDTH && y < HEIGHT)
                        result[y * WIDTH + x] = element(image, filter, x, y);
                }
        }

        extern "C" __global__ void convolution(float *result, const float *image, const float *filter) {
            convolve(result, image, through == symbol ? d_filter : filter);
        }

        extern "C" __global__ void convolution_of_symbol(float *result, const float *image) {
            convolve(result, image, d_filter);
        }

        extern "C" __global__ void expected(float *result, const float *image) {
            const float halves[filter_size * filter_size] = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
            for (int y = blockIdx.y; y < HEIGHT; y += gridDim.y)
                for (int x = blockIdx.x; x < WIDTH; x += gridDim.x)
                    if (threadIdx.x == 0 && threadIdx.y == 0) result[y * WIDTH + x] = element(image, halves, x, y);
        }

        """

    /// As the community's files are written: what is passed is in constant memory too.
    private static let t1Text = """
        {
          "General": { "BenchmarkName": "convolution" },
          "ConfigurationSpace": {
            "TuningParameters": [
              { "Name": "block_size_x", "Type": "int", "Values": "[8, 16] + [256]", "Default": 16 },
              { "Name": "block_size_y", "Type": "int", "Values": "[1, 4, 8]", "Default": 4 },
              { "Name": "tile_size_x", "Type": "int", "Values": "[1, 3]", "Default": 1 },
              { "Name": "tile_size_y", "Type": "int", "Values": "[1, 2]", "Default": 1 },
              { "Name": "through", "Type": "string", "Values": "['symbol', 'parameter']", "Default": "symbol" },
              { "Name": "filter_size", "Type": "int", "Values": "[3]", "Default": 3 } ],
            "Conditions": [ { "Expression": "tile_size_x == 1 or block_size_x > 8", "Parameters": ["tile_size_x"] } ]
          },
          "KernelSpecification": {
            "Language": "CUDA", "CompilerOptions": ["-std=c++11"], "KernelName": "convolution",
            "KernelFile": "convolution.cu", "ProblemSize": [50, 37], "SharedMemory": 0, "Stream": null,
            "GridDivX": ["block_size_x", "tile_size_x"], "GridDivY": ["block_size_y", "tile_size_y"],
            "Arguments": [
              { "Name": "result", "Type": "float", "MemoryType": "Vector", "AccessType": "WriteOnly",
                "FillType": "Constant", "FillValue": 0.0, "Size": "ProblemSize[0] * ProblemSize[1]", "Output": 1 },
              { "Name": "image", "Type": "float", "MemoryType": "Vector", "AccessType": "ReadOnly", "FillType": "Random",
                "Size": "(ProblemSize[0] + max(filter_size) - 1) * (ProblemSize[1] + max(filter_size) - 1)" },
              { "Name": "d_filter", "Type": "float", "MemoryType": "Vector", "AccessType": "ReadOnly",
                "MemType": "Constant", "FillType": "Random", "Size": "max(filter_size) * max(filter_size)" } ]
          }
        }
        """

    private static func kernelFileText(compiler: String) -> String {
        """
        {
          "name": "convolution",
          "kernel": { "language": "cuda", "source": "convolution.cu", "function": "convolution_of_symbol",
                      "compiler": "\(compiler)", "compiler_options": ["-Dfilter_size=3", "-Dthrough=symbol"] },
          "arguments": [
            { "name": "weights", "dtype": "float32", "shape": [9], "fill": { "kind": "constant", "value": 0.5 },
              "symbol": "d_filter" },
            { "name": "result", "dtype": "float32", "shape": [37, 50], "role": "output" },
            { "name": "image", "dtype": "float32", "shape": [39, 52], "fill": { "kind": "normal", "seed": 1 } } ],
          "launch": { "grid": ["ceil_div(50, block_size_x * tile_size_x)", "ceil_div(37, block_size_y * tile_size_y)"],
                      "block": ["block_size_x", "block_size_y"] },
          "config_space": [
            { "name": "block_size_x", "type": "power_of_2", "min": 8, "max": 16, "default": 16 },
            { "name": "block_size_y", "type": "power_of_2", "min": 2, "max": 8, "default": 4 },
            { "name": "tile_size_x", "type": "integer", "min": 1, "max": 2, "default": 1 },
            { "name": "tile_size_y", "type": "integer", "min": 1, "max": 1, "default": 1 } ],
          "verification": { "against": { "function": "expected" } }
        }
        """
    }
}
