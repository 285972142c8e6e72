import ConfigSpace
import Foundation
import KernelSpec
import Measurement
import Testing

@Suite("What kernels are given, and what is compared")
struct KernelArgumentTests {
    private static func array(
        _ name: String, _ type: DataType, _ count: Int, _ fill: Fill = .zeros, _ role: Argument.Role = .output
    ) -> Argument {
        Argument(name: name, dataType: type, kind: .array(shape: [count], fill: fill, role: role))
    }

    @Test("scalars of every kind arrive as they were written")
    func scalars() async throws {
        let kernel = try TestKernel(
            #"""
            #include <stdbool.h>
            #include <stdint.h>
            void kernel(double *y, int8_t a, uint16_t b, int64_t c, float d, double e, bool f) {
                y[0] = a; y[1] = b; y[2] = c == INT64_C(9007199254740993); y[3] = d; y[4] = e; y[5] = f;
            #if variant_INDEX == 1
                if (a != -3 || b != 65535 || y[2] != 1 || d != 0.5f || e != 1e300 || !f) y[0] = 77;
            #endif
            }
            """#, variants: ["plain", "checks"],
            arguments: [
                Self.array("y", .float64, 6),
                Argument(name: "a", dataType: .int8, kind: .scalar(.int(-3))),
                Argument(name: "b", dataType: .uint16, kind: .scalar(.int(65_535))),
                Argument(name: "c", dataType: .int64, kind: .scalar(.int(9_007_199_254_740_993))),
                Argument(name: "d", dataType: .float32, kind: .scalar(.double(0.5))),
                Argument(name: "e", dataType: .float64, kind: .scalar(.double(1e300))),
                Argument(name: "f", dataType: .bool, kind: .scalar(.bool(true))),
            ])
        let evaluations = try await kernel.evaluations(of: ["plain", "checks"])
        #expect(evaluations["checks"]?.outcome == .measured)
    }

    @Test("what is read and written starts the same before each run")
    func inOut() async throws {
        let kernel = try TestKernel(
            "void kernel(int *y) { for (int i = 0; i < 100; i++) y[i] += 1 + (variant_INDEX == 2); }",
            variants: ["plain", "same", "wrong"],
            arguments: [Self.array("y", .int32, 100, .arange(start: 0, step: 1), .inOut)])
        let evaluations = try await kernel.evaluations(of: ["plain", "same", "wrong"])
        #expect(evaluations["same"]?.outcome == .measured)
        #expect(
            evaluations["wrong"]?.reason
                == "y[0] is 2 where the reference has 1; 100 % of y is off (100 of 100 elements)")
    }

    @Test("an integer that nobody wrote is told from one that was written with the same bits")
    func unwrittenIntegers() async throws {
        // The pattern of poison is a right result here: 0xA5 in every byte.
        let kernel = try TestKernel(
            "void kernel(unsigned char *y) { for (int i = 0; i < 100; i++) if (variant_INDEX != 1 || i != 42) y[i] = 0xA5; }",
            variants: ["plain", "leaves_one"], arguments: [Self.array("y", .uint8, 100)])
        let evaluations = try await kernel.evaluations(of: ["plain", "leaves_one"])
        #expect(evaluations["plain"]?.outcome == .measured)
        #expect(
            evaluations["leaves_one"]?.reason
                == "y[42] was never written where the reference has 165; 1 % of y is off (1 of 100 elements)")
    }

    @Test("half floats are compared, whatever C calls them")
    func halfFloats() async throws {
        let kernel = try TestKernel(
            """
            #include <stdint.h>
            void kernel(uint16_t *y) { for (int i = 0; i < 8; i++) y[i] = 0x3C00 + 16 * (i == 3 && variant_INDEX == 1); }
            """, variants: ["plain", "off"], arguments: [Self.array("y", .float16, 8)])
        let evaluations = try await kernel.evaluations(of: ["plain", "off"])
        #expect(evaluations["plain"]?.outcome == .measured)
        #expect(
            evaluations["off"]?.reason
                == "y[3] is 1.015625 where the reference has 1.0; 12.5 % of y is off (1 of 8 elements)")
    }

    @Test("another function of the source is the reference, in C++ too")
    func functionReference() async throws {
        let kernel = try TestKernel(
            """
            template <int scale> static void run(const float *x, float *y) { for (int i = 0; i < 1000; i++) y[i] = scale * x[i]; }
            void kernel(const float *x, float *y) { run<variant_INDEX == 0 ? 3 : 2>(x, y); }
            void doubled(const float *x, float *y) { run<2>(x, y); }
            """, variants: ["wrong", "right"], language: .cPlusPlus, against: .function("doubled"))
        let evaluations = try await kernel.evaluations(of: ["wrong", "right"])
        #expect(evaluations["wrong"]?.outcome == .wrongResult)
        #expect(evaluations["right"]?.outcome == .measured)
    }

    @Test("a .npy file is the reference; then no config needs to be right before others")
    func fileReference() async throws {
        let folder = try TemporaryFolder()
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }"
        header += String(repeating: " ", count: 64 - (10 + header.utf8.count + 1) % 64) + "\n"
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        bytes += DataType.float32.encode([1, 2, 3, 4])
        try Data(bytes).write(to: URL(filePath: "\(folder.path)/y.npy"))
        let kernel = try TestKernel(
            "void kernel(float *y) { for (int i = 0; i < 4; i++) y[i] = i + (variant_INDEX == 1); }",
            variants: ["wrong", "right"], arguments: [Self.array("y", .float32, 4)],
            against: .files(["y": "\(folder.path)/y.npy"]))
        let evaluations = try await kernel.evaluations(of: ["wrong", "right"])
        #expect(
            evaluations["wrong"]?.reason
                == "y[0] is 0.0 where the reference has 1.0; 100 % of y is off (4 of 4 elements)")
        #expect(evaluations["right"]?.outcome == .measured)
    }

    @Test("a type of the signature that differs from the spec's is the compiler's error")
    func signature() async throws {
        let kernel = try TestKernel("void kernel(const double *x, float *y) {}", variants: ["only"])
        let error = await #expect(throws: MeasurementError.self) {
            _ = try await kernel.evaluations(of: ["only"])
        }
        #expect(error?.message.contains("kernel.entry.c:5:") == true)
    }
}
