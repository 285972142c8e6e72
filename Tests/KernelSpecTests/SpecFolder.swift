import Foundation
import Testing

@testable import KernelSpec

/// A folder of its own with a kernel.json and what it names, removed at the end of the closure.
struct SpecFolder {
    let path: String

    static func with<Result>(_ files: [String: String] = [:], _ body: (SpecFolder) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = SpecFolder(path: url.path)
        for source in ["matmul.cu", "matmul.c", "matmul.py", "reference.py"] { try folder.write("\n", to: source) }
        for (name, text) in files { try folder.write(text, to: name) }
        return try body(folder)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    }

    /// Reads `text` as the folder's kernel.json.
    func read(_ text: String) throws -> KernelSpec {
        try write(text, to: "kernel.json")
        return try KernelSpec.read(from: "\(path)/kernel.json")
    }

    /// The error that reading `text` gives, without the folder's own path.
    func error(of text: String) -> String {
        do {
            _ = try read(text)
            return "no error"
        } catch {
            return "\(error)".replacing("\(path)/", with: "")
        }
    }
}

enum Sample {
    /// A whole kernel.json of a CUDA kernel, which tests change in one place.
    static let cuda = """
        {
          "name": "matmul",
          "kernel": { "language": "cuda", "source": "matmul.cu", "function": "matmul<float, 4>",
                      "compiler_options": ["--use_fast_math"], "include_paths": ["include", "/opt/include"] },
          "arguments": [
            { "name": "K", "dtype": "int32", "value": 4096 },
            { "name": "A", "dtype": "float16", "shape": ["K", 64], "fill": { "kind": "normal", "seed": 1 } },
            { "name": "C", "dtype": "float16", "shape": ["2 * K", 64], "role": "output" },
            { "name": "alpha", "dtype": "float32", "value": 0.5 } ],
          "launch": { "grid": ["ceil_div(K, block_m) * ceil_div(4096, block_n)"], "block": ["32 * num_warps", 1],
                      "shared_memory": "num_stages * (block_m + block_n) * 2" },
          "config_space": [
            { "name": "block_m", "type": "power_of_2", "min": 16, "max": 256, "default": 64 },
            { "name": "block_n", "type": "power_of_2", "min": 16, "max": 256 },
            { "name": "num_warps", "type": "values", "values": [4, 8, 12], "default": 8 },
            { "name": "num_stages", "type": "integer", "min": 2, "max": 8, "step": 2, "description": "of the pipeline" },
            { "name": "swizzle", "type": "enum", "values": [null, "xor", true, 2], "default": "xor" },
            { "name": "vectorize", "type": "boolean" },
            { "name": "loop_orders", "type": "list", "length": 2, "of": { "type": "permutation", "length": 2, "default": [1, 0] } },
            { "name": "block_sizes", "type": "tuple", "of": [
              { "type": "power_of_2", "min": 1, "max": 1 }, { "type": "integer", "min": 0, "max": 4, "default": 3 } ] } ],
          "constraints": ["block_m * block_n <= 32768", "num_stages == 2 or block_sizes[1] >= 2"],
          "verification": { "against": "default", "rtol": 1e-2, "atol": 0.5 },
          "workload": { "flops": "2 * K ** 3", "bytes": 1024 }
        }
        """

    /// A small one of a C kernel.
    static let c = """
        {
          "name": "matmul",
          "kernel": { "language": "c", "source": "matmul.c", "function": "matmul" },
          "arguments": [
            { "name": "A", "dtype": "float32", "shape": [16] },
            { "name": "N", "dtype": "int64", "value": 16 },
            { "name": "C", "dtype": "float32", "shape": ["N"], "role": "inout" } ],
          "config_space": [ { "name": "unroll", "type": "integer", "min": 1, "max": 4 } ]
        }
        """

    /// One of a Helion kernel, which returns its result and tells its space itself.
    static let helion = """
        {
          "name": "matmul",
          "kernel": { "language": "helion", "source": "matmul.py", "function": "matmul" },
          "arguments": [
            { "name": "x", "dtype": "float16", "shape": [64, 64] },
            { "name": "n", "dtype": "int32", "value": 64 } ],
          "verification": { "against": "reference.py:matmul", "rtol": 1e-2 },
          "workload": { "flops": "2 * n ** 3" }
        }
        """

    /// One of a Triton kernel.
    static let triton = """
        {
          "name": "matmul",
          "kernel": { "language": "triton", "source": "matmul.py", "function": "matmul" },
          "arguments": [
            { "name": "x", "dtype": "float16", "shape": [64, 64] },
            { "name": "y", "dtype": "float16", "shape": [64, 64], "role": "output" },
            { "name": "n", "dtype": "int32", "value": 64 } ],
          "launch": { "grid": ["ceil_div(n, BLOCK)"] },
          "config_space": [ { "name": "BLOCK", "type": "power_of_2", "min": 16, "max": 64 } ],
          "constraints": ["n % BLOCK == 0"],
          "verification": { "against": "reference.py:matmul" }
        }
        """
}

/// A change of a sample that makes it wrong, and the error it gives.
struct Fault: Sendable, CustomTestStringConvertible {
    let sample: String
    let old: String
    let new: String
    let error: String

    var testDescription: String { "\(old) -> \(new)" }

    init(of sample: String = Sample.cuda, _ old: String, _ new: String, _ error: String) {
        self.sample = sample
        self.old = old
        self.new = new
        self.error = error
    }

    /// The error that the reader gives.
    func read() throws -> String {
        let text = sample.replacing(old, with: new, maxReplacements: 1)
        try #require(text != sample)
        return try SpecFolder.with { $0.error(of: text) }
    }
}
