import Testing

@testable import KernelSpec

struct KernelFileErrorTests {
    static let faults: [Fault] = [
        Fault(
            "\"name\": \"matmul\"", "\"nam\": \"matmul\"",
            """
            kernel.json:2:3: nam: unknown key "nam"; did you mean "name"?
              known: $schema, name, kernel, arguments, launch, config_space, constraints, verification, workload
            """),
        Fault(
            "  \"name\": \"matmul\",\n", "",
            """
            kernel.json:1:1: "name" is missing
            """),
        Fault(
            "\"launch\": {", "\"lunch\": {",
            """
            kernel.json:10:3: lunch: unknown key "lunch"; did you mean "launch"?
              known: $schema, name, kernel, arguments, launch, config_space, constraints, verification, workload
            """),
        Fault(
            "\"cuda\"", "\"cudo\"",
            """
            kernel.json:3:27: kernel.language: unknown language "cudo"; did you mean "cuda"?
              known: c, c++, cuda, helion, triton
            """),
        Fault(
            "\"cuda\"", "\"opencl\"",
            """
            kernel.json:3:27: kernel.language: unknown language "opencl"
              known: c, c++, cuda, helion, triton
            """),
        Fault(
            "\"cuda\"", "\"c++\"",
            """
            kernel.json:10:13: launch: a c++ kernel is called, not launched
              remove "launch"
            """),
        Fault(
            "\"matmul.cu\"", "\"nowhere.cu\"",
            """
            kernel.json:3:45: kernel.source: no such file: nowhere.cu
              give the source's path, seen from the folder of this file
            """),
        Fault(
            "\"matmul<float, 4>\"", "7",
            """
            kernel.json:3:70: kernel.function: expected a string, found the number 7
            """),
        Fault(
            "[\"--use_fast_math\"]", "\"--use_fast_math\"",
            """
            kernel.json:4:35: kernel.compiler_options: expected an array, found a string
            """),
        Fault(
            "\"role\": \"output\"", "\"role\": \"input\"",
            """
            kernel.json:5:16: arguments: no argument is an output
              give what the kernel writes "role": "output" or "inout"
            """),
        Fault(
            "\"role\": \"output\"", "\"role\": \"ouput\"",
            """
            kernel.json:8:72: arguments[2].role: unknown role "ouput"; did you mean "output"?
              known: input, output, inout
            """),
        Fault(
            "\"dtype\": \"int32\"", "\"dtype\": \"int31\"",
            """
            kernel.json:6:29: arguments[0].dtype: unknown dtype "int31"; did you mean "int32"?
              known: bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float8_e4m3fn, \
            float8_e5m2, float16, bfloat16, float32, float64
            """),
        Fault(
            "\"value\": 4096", "\"value\": 4096.5",
            """
            kernel.json:6:47: arguments[0].value: 4096.5 is not a whole number
            """),
        Fault(
            "\"value\": 4096", "\"value\": 3e9",
            """
            kernel.json:6:47: arguments[0].value: 3000000000 does not fit int32
            """),
        Fault(
            "\"value\": 4096", "\"value\": 4096, \"role\": \"input\"",
            """
            kernel.json:6:61: arguments[0].role: a scalar (with "value") has no role
              remove "role", or "value" for an array
            """),
        Fault(
            "\"shape\": [\"K\", 64], ", "",
            """
            kernel.json:7:5: arguments[1]: has neither "shape" nor "value"
              an array has a shape, a scalar a value
            """),
        Fault(
            "[\"K\", 64]", "[]",
            """
            kernel.json:7:49: arguments[1].shape: is empty
            """),
        Fault(
            "[\"K\", 64]", "[\"K\", 0]",
            """
            kernel.json:7:55: arguments[1].shape[1]: is 0, and has to be at least 1
            """),
        Fault(
            "[\"K\", 64]", "[\"K\", 1.5]",
            """
            kernel.json:7:55: arguments[1].shape[1]: the result should be an integer, not 1.5
            """),
        Fault(
            "[\"K\", 64]", "[\"K - 5000\"]",
            """
            kernel.json:7:50: arguments[1].shape[0]: is -904, and has to be at least 1
            """),
        Fault(
            "[\"K\", 64]", "[\"4 * k\", 64]",
            """
            kernel.json:7:55: arguments[1].shape[0]: unknown name k; did you mean K?
              known: K
            """),
        Fault(
            "[\"K\", 64]", "[\"K *\", 64]",
            """
            kernel.json:7:54: arguments[1].shape[0]: expected a value, not the end
            """),
        Fault(
            "[\"K\", 64]", "[1048576, 1048576]",
            """
            kernel.json:7:49: arguments[1].shape: an array of this shape is larger than 1 TiB
            """),
        Fault(
            "\"name\": \"alpha\"", "\"name\": \"A\"",
            """
            kernel.json:9:15: arguments[3].name: the argument A stands twice
              use another name
            """),
        Fault(
            "\"kind\": \"normal\"", "\"kind\": \"nromal\"",
            """
            kernel.json:7:78: arguments[1].fill.kind: unknown fill "nromal"; did you mean "normal"?
              known: zeros, constant, uniform, normal, arange, integers, npy
            """),
        Fault(
            "\"seed\": 1", "\"seeds\": 1",
            """
            kernel.json:7:88: arguments[1].fill.seeds: unknown key "seeds"; did you mean "seed"?
              known: kind, mean, std, seed
            """),
        Fault(
            "\"seed\": 1", "\"seed\": -1",
            """
            kernel.json:7:96: arguments[1].fill.seed: -1 is less than 0
            """),
        Fault(
            "\"seed\": 1", "\"mean\": 1e6",
            """
            kernel.json:7:96: arguments[1].fill.mean: 1000000.0 does not fit float16
            """),
        Fault(
            "{ \"kind\": \"normal\", \"seed\": 1 }", "{ \"kind\": \"npy\", \"file\": \"a.npy\" }",
            """
            kernel.json:7:93: arguments[1].fill.file: a.npy: no such file
              check the path
            """),
        Fault(
            "\"role\": \"output\"", "\"role\": \"output\", \"fill\": { \"kind\": \"zeros\" }",
            """
            kernel.json:8:90: arguments[2].fill: an output is overwritten and takes no fill
              remove it, or make the role "inout"
            """),
    ]

    @Test("a fault of names, kernel or arguments is one error with its place and its cure", arguments: faults)
    func faultIsTold(fault: Fault) throws {
        #expect(try fault.read() == fault.error)
    }
}
