import Testing

@testable import KernelSpec

struct KernelFileErrorTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let error: String
        var testDescription: String { error }

        init(_ old: String, _ new: String, _ error: String) {
            self.old = old
            self.new = new
            self.error = error
        }
    }

    static let faults: [Fault] = [
        Fault("\"name\": \"matmul\"", "\"nam\": \"matmul\"", "?"),
        Fault("  \"name\": \"matmul\",\n", "", "?"),
        Fault("\"launch\": {", "\"lunch\": {", "?"),
        Fault("\"cuda\"", "\"cudo\"", "?"),
        Fault("\"cuda\"", "\"opencl\"", "?"),
        Fault("\"cuda\"", "\"c++\"", "?"),
        Fault("\"matmul.cu\"", "\"nowhere.cu\"", "?"),
        Fault("\"matmul<float, 4>\"", "7", "?"),
        Fault("[\"--use_fast_math\"]", "\"--use_fast_math\"", "?"),
        Fault("\"role\": \"output\"", "\"role\": \"input\"", "?"),
        Fault("\"role\": \"output\"", "\"role\": \"ouput\"", "?"),
        Fault("\"dtype\": \"int32\"", "\"dtype\": \"int31\"", "?"),
        Fault("\"value\": 4096", "\"value\": 4096.5", "?"),
        Fault("\"value\": 4096", "\"value\": 3e9", "?"),
        Fault("\"value\": 4096", "\"value\": 4096, \"role\": \"input\"", "?"),
        Fault("\"shape\": [\"K\", 64], ", "", "?"),
        Fault("[\"K\", 64]", "[]", "?"),
        Fault("[\"K\", 64]", "[\"K\", 0]", "?"),
        Fault("[\"K\", 64]", "[\"K\", 1.5]", "?"),
        Fault("[\"K\", 64]", "[\"K - 5000\"]", "?"),
        Fault("[\"K\", 64]", "[\"4 * k\", 64]", "?"),
        Fault("[\"K\", 64]", "[\"K *\", 64]", "?"),
        Fault("[\"K\", 64]", "[1048576, 1048576]", "?"),
        Fault("\"name\": \"alpha\"", "\"name\": \"A\"", "?"),
        Fault("\"kind\": \"normal\"", "\"kind\": \"nromal\"", "?"),
        Fault("\"seed\": 1", "\"seeds\": 1", "?"),
        Fault("\"seed\": 1", "\"seed\": -1", "?"),
        Fault("\"seed\": 1", "\"mean\": 1e6", "?"),
        Fault("{ \"kind\": \"normal\", \"seed\": 1 }", "{ \"kind\": \"npy\", \"file\": \"a.npy\" }", "?"),
        Fault("\"role\": \"output\"", "\"role\": \"output\", \"fill\": { \"kind\": \"zeros\" }", "?"),
        Fault("[\"32 * num_warps\", 1]", "[\"32 * num_warp\", 1]", "?"),
        Fault("[\"32 * num_warps\", 1]", "[\"32 * (num_warps\", 1]", "?"),
        Fault("[\"32 * num_warps\", 1]", "[\"num_warps // 16\"]", "?"),
        Fault("[\"32 * num_warps\", 1]", "[\"num_warps / 3\"]", "?"),
        Fault("[\"32 * num_warps\", 1]", "[1, 1, 1, 1]", "?"),
        Fault("\"num_stages * (block_m", "\"-num_stages * (block_m", "?"),
        Fault("\"name\": \"block_n\"", "\"name\": \"block-n\"", "?"),
        Fault("\"name\": \"block_n\"", "\"name\": \"register\"", "?"),
        Fault("\"name\": \"block_n\"", "\"name\": \"min\"", "?"),
        Fault("\"name\": \"vectorize\"", "\"name\": \"A\"", "?"),
        Fault("\"name\": \"vectorize\"", "\"name\": \"swizzle\"", "?"),
        Fault("\"name\": \"vectorize\"", "\"name\": \"block_sizes_0\"", "?"),
        Fault("\"type\": \"boolean\"", "\"type\": \"bool\"", "?"),
        Fault("\"min\": 16, \"max\": 256, \"default\": 64", "\"min\": 0, \"max\": 256, \"default\": 64", "?"),
        Fault("\"min\": 16, \"max\": 256, \"default\": 64", "\"min\": 16, \"max\": 8", "?"),
        Fault("\"default\": 64", "\"default\": 48", "?"),
        Fault("\"default\": 64", "\"default\": \"64\"", "?"),
        Fault("\"default\": 64", "\"default\": 64, \"step\": 2", "?"),
        Fault("\"default\": 8", "\"default\": 6", "?"),
        Fault("\"step\": 2", "\"step\": 0", "?"),
        Fault("[4, 8, 12]", "[4, 8, 8.0]", "?"),
        Fault("[4, 8, 12]", "[4, {}]", "?"),
        Fault("[null, \"xor\", true, 2]", "[null, [1]]", "?"),
        Fault("\"default\": [1, 0]", "\"default\": [1, 1]", "?"),
        Fault("\"max\": 4, \"default\": 3", "\"max\": 4, \"defualt\": 3", "?"),
        Fault("block_m * block_n <= 32768", "block_m * block_n <= 32", "?"),
        Fault("block_m * block_n <= 32768", "block_m * blok_n <= 32768", "?"),
        Fault("block_m * block_n <= 32768", "swizzle + block_n <= 32768", "?"),
        Fault("block_m * block_n <= 32768", "block_m && block_n", "?"),
        Fault("\"rtol\": 1e-2", "\"rtol\": -1", "?"),
        Fault("\"against\": \"default\"", "\"against\": \"defalt\"", "?"),
        Fault("\"against\": \"default\"", "\"against\": { \"npy\": { \"A\": \"a.npy\" } }", "?"),
        Fault("\"against\": \"default\"", "\"against\": { \"npy\": {} }", "?"),
        Fault("\"flops\": \"2 * K ** 3\"", "\"flops\": \"-K\"", "?"),
        Fault("\"bytes\": 1024", "\"byte\": 1024", "?"),
    ]

    @Test("each fault is one error with its place and its cure", arguments: faults)
    func faultIsTold(fault: Fault) throws {
        let text = Sample.cuda.replacing(fault.old, with: fault.new, maxReplacements: 1)
        #expect(text != Sample.cuda)
        #expect(try SpecFolder.with { $0.error(of: text) } == fault.error)
    }
}
