import Testing

@testable import KernelSpec

struct ConfigSpaceErrorTests {
    static let faults: [Fault] = [
        Fault(
            "[\"32 * num_warps\", 1]", "[\"32 * num_warp\", 1]",
            """
            kernel.json:10:91: launch.block[0]: unknown name num_warp; did you mean num_warps?
              known: block_m, block_n, num_warps, num_stages, swizzle, vectorize, loop_orders, block_sizes, K, \
            alpha
            """),
        Fault(
            "[\"32 * num_warps\", 1]", "[\"32 * (num_warps\", 1]",
            """
            kernel.json:10:101: launch.block[0]: expected ')', not the end
            """),
        Fault(
            "[\"32 * num_warps\", 1]", "[\"num_warps // 16\"]",
            """
            kernel.json:10:85: launch.block[0]: is 0 for the default config, and has to be from 1 to 2147483647
            """),
        Fault(
            "[\"32 * num_warps\", 1]", "[\"num_warps / 3\"]",
            """
            kernel.json:10:86: launch.block[0]: the result should be an integer, not 2.6666666666666665
            """),
        Fault(
            "[\"32 * num_warps\", 1]", "[1, 1, 1, 1]",
            """
            kernel.json:10:84: launch.block: has 4 elements, more than 3
            """),
        Fault(
            "\"num_stages * (block_m", "\"-num_stages * (block_m",
            """
            kernel.json:11:32: launch.shared_memory: is -320 for the default config, and has to be from 0 to \
            2147483647
            """),
        Fault(
            "\"name\": \"block_n\"", "\"name\": \"block-n\"",
            """
            kernel.json:14:15: config_space[1].name: "block-n" is not a C identifier
              parameters become macros: use another name
            """),
        Fault(
            "\"name\": \"block_n\"", "\"name\": \"register\"",
            """
            kernel.json:14:15: config_space[1].name: "register" is a keyword of C or C++
              parameters become macros: use another name
            """),
        Fault(
            "\"name\": \"block_n\"", "\"name\": \"min\"",
            """
            kernel.json:14:15: config_space[1].name: "min" is a word of the expression language
              parameters become macros: use another name
            """),
        Fault(
            "\"name\": \"vectorize\"", "\"name\": \"A\"",
            """
            kernel.json:18:15: config_space[5].name: A is an argument's name already
              use another name
            """),
        Fault(
            "\"name\": \"vectorize\"", "\"name\": \"swizzle\"",
            """
            kernel.json:18:15: config_space[5].name: the parameter swizzle stands twice
              use another name
            """),
        Fault(
            "\"name\": \"vectorize\"", "\"name\": \"block_sizes_0\"",
            """
            kernel.json:20:15: config_space[7].name: block_sizes_0 is a macro of the parameter block_sizes already
              use another name
            """),
        Fault(
            "\"type\": \"boolean\"", "\"type\": \"bool\"",
            """
            kernel.json:18:36: config_space[5].type: unknown type "bool"
              known: power_of_2, integer, enum, values, boolean, permutation, list, tuple
            """),
        Fault(
            "\"min\": 16, \"max\": 256, \"default\": 64", "\"min\": 0, \"max\": 256, \"default\": 64",
            """
            kernel.json:13:55: config_space[0].min: 0 is not a power of two
              use 1, 2, 4, 8, …
            """),
        Fault(
            "\"min\": 16, \"max\": 256, \"default\": 64", "\"min\": 16, \"max\": 8",
            """
            kernel.json:13:66: config_space[0].max: max 8 is less than min 16
              exchange them
            """),
        Fault(
            "\"default\": 64", "\"default\": 48",
            """
            kernel.json:13:82: config_space[0].default: 48 is not allowed
              allowed: powers of two from 16 to 256
            """),
        Fault(
            "\"default\": 64", "\"default\": \"64\"",
            """
            kernel.json:13:82: config_space[0].default: "64" is not allowed
              allowed: powers of two from 16 to 256
            """),
        Fault(
            "\"default\": 64", "\"default\": 64, \"step\": 2",
            """
            kernel.json:13:86: config_space[0].step: unknown key "step"
              known: name, description, type, default, min, max
            """),
        Fault(
            "\"default\": 8", "\"default\": 6",
            """
            kernel.json:15:79: config_space[2].default: 6 is not allowed
              allowed: 4, 8, 12
            """),
        Fault(
            "\"step\": 2", "\"step\": 0",
            """
            kernel.json:16:76: config_space[3].step: 0 is less than 1
            """),
        Fault(
            "[4, 8, 12]", "[4, 8, 8.0]",
            """
            kernel.json:15:63: config_space[2].values[2]: 8.0 stands twice
              remove one of them
            """),
        Fault(
            "[4, 8, 12]", "[4, {}]",
            """
            kernel.json:15:60: config_space[2].values[1]: expected null, a boolean, a number, a string or a \
            list of them, found an object
            """),
        Fault(
            "[null, \"xor\", true, 2]", "[null, [1]]",
            """
            kernel.json:17:59: config_space[4].values[1]: expected null, a boolean, a number or a string, found \
            an array
            """),
        Fault(
            "\"default\": [1, 0]", "\"default\": [1, 1]",
            """
            kernel.json:19:114: config_space[6].of.default: [1,1] is not allowed
              allowed: 0 to 1 in any order
            """),
        Fault(
            "\"max\": 4, \"default\": 3", "\"max\": 4, \"defualt\": 3",
            """
            kernel.json:21:94: config_space[7].of[1].defualt: unknown key "defualt"; did you mean "default"?
              known: type, default, min, max, step
            """),
        Fault(
            "block_m * block_n <= 32768", "block_m * block_n <= 32",
            """
            kernel.json:22:19: constraints[0]: the default config violates block_m * block_n <= 32 (block_m = \
            64, block_n = 16)
              change the defaults or the constraint
            """),
        Fault(
            "block_m * block_n <= 32768", "block_m * blok_n <= 32768",
            """
            kernel.json:22:30: constraints[0]: unknown name blok_n; did you mean block_n?
              known: block_m, block_n, num_warps, num_stages, swizzle, vectorize, loop_orders, block_sizes, K, \
            alpha
            """),
        Fault(
            "block_m * block_n <= 32768", "swizzle + block_n <= 32768",
            """
            kernel.json:22:28: constraints[0]: '+' does not go with a string and a number, for the default config
            """),
        Fault(
            "block_m * block_n <= 32768", "block_m && block_n",
            """
            kernel.json:22:28: constraints[0]: '&&' is not an operator here; write 'and'
            """),
        Fault(
            "\"rtol\": 1e-2", "\"rtol\": -1",
            """
            kernel.json:23:51: verification.rtol: -1 is negative
            """),
        Fault(
            "\"against\": \"default\"", "\"against\": \"defalt\"",
            """
            kernel.json:23:32: verification.against: "defalt" is no reference
              write "default", {"function": …} or {"npy": {…}}
            """),
        Fault(
            "\"against\": \"default\"", "\"against\": { \"npy\": { \"A\": \"a.npy\" } }",
            """
            kernel.json:23:43: verification.against.npy.A: unknown output argument "A"
              known: C
            """),
        Fault(
            "\"against\": \"default\"", "\"against\": { \"npy\": {} }",
            """
            kernel.json:23:41: verification.against.npy: has no file for the output C
              name a .npy file for each output
            """),
        Fault(
            "\"flops\": \"2 * K ** 3\"", "\"flops\": \"-K\"",
            """
            kernel.json:24:26: workload.flops: is -4096.0 for the default config, and has to be 0 or more
            """),
        Fault(
            "\"bytes\": 1024", "\"byte\": 1024",
            """
            kernel.json:24:40: workload.byte: unknown key "byte"; did you mean "bytes"?
              known: flops, bytes
            """),
    ]

    @Test(
        "a fault of launch, space, verification or workload is one error with its place and its cure", arguments: faults
    )
    func faultIsTold(fault: Fault) throws {
        #expect(try fault.read() == fault.error)
    }
}
