import Testing

@testable import KernelSpec

struct PythonKernelErrorTests {
    static let ofBoth: [Fault] = [Sample.helion, Sample.triton].flatMap { sample in
        let language = sample == Sample.helion ? "helion" : "triton"
        let line = sample == Sample.helion ? 7 : 11
        return [
            Fault(
                of: sample, "\"matmul.py\"", "\"nowhere.py\"",
                """
                kernel.json:3:47: kernel.source: no such file: nowhere.py
                  give the source's path, seen from the folder of this file
                """),
            Fault(
                of: sample, "\"function\": \"matmul\"", "\"function\": \"matmul\", \"compiler\": \"nvcc\"",
                """
                kernel.json:3:94: kernel.compiler: "compiler" means nothing in \(language)
                  remove it
                """),
            Fault(
                of: sample, "reference.py:matmul", "torch.matmul",
                """
                kernel.json:\(line):32: verification.against: "torch.matmul" is no reference
                  write "default", "reference.py:function" or {"npy": {…}}
                """),
            Fault(
                of: sample, "reference.py:matmul", "refrence.py:matmul",
                """
                kernel.json:\(line):32: verification.against: no such file: refrence.py
                  give the path of a Python file, seen from this file's folder
                """),
            Fault(
                of: sample, "reference.py:matmul", "reference.py:torch.matmul",
                """
                kernel.json:\(line):32: verification.against: "torch.matmul" is not the name of a function
                """),
            Fault(
                of: sample, "\"reference.py:matmul\"", "{ \"function\": \"matmul\" }",
                """
                kernel.json:\(line):34: verification.against.function: unknown key "function"
                  known: npy
                """),
        ]
    }

    static let ofHelion: [Fault] = [
        Fault(
            of: Sample.helion, "  \"workload\"", "  \"constraints\": [\"n > 1\"],\n  \"workload\"",
            """
            kernel.json:8:18: constraints: a helion kernel tells its configuration space itself
              remove "constraints"
            """),
        Fault(
            of: Sample.helion, "  \"workload\"", "  \"config_space\": [],\n  \"workload\"",
            """
            kernel.json:8:19: config_space: a helion kernel tells its configuration space itself
              remove "config_space"
            """),
        Fault(
            of: Sample.helion, "  \"workload\"", "  \"launch\": { \"grid\": [1] },\n  \"workload\"",
            """
            kernel.json:8:13: launch: a helion kernel is called, not launched
              remove "launch"
            """),
    ]

    static let ofTriton: [Fault] = [
        Fault(
            of: Sample.triton, "  \"launch\": { \"grid\": [\"ceil_div(n, BLOCK)\"] },\n", "",
            """
            kernel.json:1:1: "launch" is missing
              a triton kernel needs "launch": {"grid": […]}
            """),
        Fault(
            of: Sample.triton, "BLOCK)\"]", "BLOCK)\"], \"block\": [128]",
            """
            kernel.json:8:47: launch.block: unknown key "block"
              known: grid
            """),
        Fault(
            of: Sample.triton, "\"config_space\": [", "\"config\": [",
            """
            kernel.json:9:3: config: unknown key "config"
              known: $schema, name, kernel, arguments, launch, config_space, constraints, verification, workload
            """),
        Fault(
            of: Sample.triton, "\"role\": \"output\"", "\"role\": \"input\"",
            """
            kernel.json:4:16: arguments: no argument is an output
              give what the kernel writes "role": "output" or "inout"
            """),
        Fault(
            of: Sample.triton, "\"shape\": [64, 64]", "\"shape\": [64, 64], \"symbol\": \"x\"",
            """
            kernel.json:5:69: arguments[0].symbol: only a cuda kernel has arguments in symbols
              remove "symbol"; the array is passed
            """),
    ]

    @Test(
        "a fault of a kernel in Python is one error with its place and its cure",
        arguments: ofBoth + ofHelion + ofTriton)
    func faultIsTold(fault: Fault) throws {
        #expect(try fault.read() == fault.error)
    }
}
