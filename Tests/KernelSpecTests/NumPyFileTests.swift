import Testing

@testable import KernelSpec

struct NumPyFileTests {
    private func file(_ header: String, version: UInt8 = 1, data: [UInt8]) -> [UInt8] {
        let length = header.utf8.count
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
        for place in 0..<(version == 1 ? 2 : 4) { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * place))) }
        return bytes + Array(header.utf8) + data
    }

    private func argument(_ type: DataType, _ shape: [Int], _ path: String) -> Argument {
        Argument(name: "A", dataType: type, kind: .array(shape: shape, fill: .file(path), role: .input))
    }

    private static let ones: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 64]
    private static let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }          \n"

    @Test("versions 1 to 3 are read", arguments: [1, 2, 3] as [UInt8])
    func versions(version: UInt8) throws {
        try SpecFolder.with { folder in
            try folder.write(file(Self.header, version: version, data: Self.ones), to: "a.npy")
            let bytes = try argument(.float32, [1, 2], folder.path + "/a.npy").bytes()
            #expect(DataType.float32.decode(bytes) == [1, 2])
        }
    }

    @Test(
        "what does not fit is told",
        arguments: [
            ("'<f4'", "'>f4'", "a.npy: is big-endian (>f4)\n  save it as little-endian"),
            ("'<f4'", "'<f8'", "a.npy: holds <f8, and A is float32\n  save it with the argument's type"),
            ("False", "True", "a.npy: is in Fortran order\n  save numpy.ascontiguousarray of it"),
            ("(1, 2)", "(2,)", "a.npy: has shape [2], and A has [2, 2]\n  save it with the argument's shape"),
            ("(1, 2)", "(2, 2)", "a.npy: ends after 8 of 16 bytes\n  write it again"),
            (
                "'<f4'", "[('x', '<f4')]",
                "a.npy: has a header that cannot be read: "
                    + "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 2), }          \n\n"
                    + "  write a plain array (no record type) with numpy.save"
            ),
        ])
    func misfits(old: String, new: String, expected: String) throws {
        try SpecFolder.with { folder in
            let header = Self.header.replacing("(1, 2)", with: "(2, 2)")
            let changed = old == "(1, 2)" ? Self.header.replacing(old, with: new) : header.replacing(old, with: new)
            try folder.write(file(changed, data: Self.ones), to: "a.npy")
            let error = #expect(throws: SpecError.self) {
                try argument(.float32, [2, 2], folder.path + "/a.npy").bytes()
            }
            #expect(error?.description.replacing(folder.path + "/", with: "") == expected)
        }
    }

    @Test("what is no .npy file, or a cut one, is told")
    func damaged() throws {
        try SpecFolder.with { folder in
            let whole = file(Self.header, data: Self.ones)
            for length in 0..<whole.count {
                try folder.write(Array(whole.prefix(length)), to: "a.npy")
                #expect(throws: SpecError.self) { try argument(.float32, [1, 2], folder.path + "/a.npy").bytes() }
            }
        }
    }

    @Test("a one-dimensional file may be in Fortran order, and fp8 comes as raw bytes")
    func rawBytes() throws {
        try SpecFolder.with { folder in
            let header = "{\"descr\": \"|V1\", \"fortran_order\": True, \"shape\": (3,)}"
            try folder.write(file(header, data: [0x38, 0xB8, 0x7E]), to: "a.npy")
            let bytes = try argument(.float8E4M3, [3], folder.path + "/a.npy").bytes(seedOffset: 4)
            #expect(DataType.float8E4M3.decode(bytes) == [1, -1, 448])
        }
    }

    @Test("kernel.json points at the file's name when it does not fit")
    func inKernelFile() throws {
        try SpecFolder.with { folder in
            try folder.write(file(Self.header, data: Self.ones), to: "a.npy")
            let fill = "[1, 2], \"fill\": { \"kind\": \"npy\", \"file\": \"a.npy\" }"
            let spec = try folder.read(Sample.c.replacing("[16]", with: fill))
            #expect(try DataType.float32.decode(spec.arguments[0].bytes()) == [1, 2])
            let wrong = Sample.c.replacing("[16]", with: fill.replacing("[1, 2]", with: "[2, 1]"))
            #expect(
                folder.error(of: wrong)
                    == "kernel.json:5:90: arguments[0].fill.file: a.npy: has shape [1, 2], and A has [2, 1]\n"
                    + "  save it with the argument's shape")
            let reference = Sample.c.replacing(
                "\"config_space\"",
                with: "\"verification\": { \"against\": { \"npy\": { \"C\": \"a.npy\" } } }, \"config_space\"")
            #expect(
                folder.error(of: reference)
                    == "kernel.json:8:48: verification.against.npy.C: a.npy: has shape [1, 2], and C has [16]\n"
                    + "  save it with the argument's shape")
        }
    }
}
