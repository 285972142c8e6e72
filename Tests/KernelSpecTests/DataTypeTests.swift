import Testing

@testable import KernelSpec

struct DataTypeTests {
    @Test(
        "every pattern of the small formats survives decoding and encoding",
        arguments: [
            DataType.float8E4M3, .float8E5M2, .float16, .bfloat16, .int8, .uint8, .int16, .uint16,
        ])
    func roundTrip(type: DataType) {
        let patterns = 1 << (8 * type.byteCount)
        var bytes: [UInt8] = []
        for pattern in 0..<patterns {
            for place in 0..<type.byteCount { bytes.append(UInt8(truncatingIfNeeded: pattern >> (8 * place))) }
        }
        let values = type.decode(bytes)
        let back = type.encode(values)
        var wrong = 0
        for pattern in 0..<patterns where !values[pattern].isNaN {
            let range = pattern * type.byteCount..<(pattern + 1) * type.byteCount
            if bytes[range] != back[range] { wrong += 1 }
        }
        #expect(wrong == 0)
        #expect(values.count { $0.isNaN } == nanCount(type))
    }

    private func nanCount(_ type: DataType) -> Int {
        switch type {
        case .float8E4M3: 2
        case .float8E5M2: 6
        case .float16: 2046
        case .bfloat16: 254
        default: 0
        }
    }

    #if !(os(macOS) && arch(x86_64))
    @Test("float16 agrees with the hardware's, halfway cases and subnormals included")
    func float16() {
        var generator = Lehmer(state: 7)
        var values: [Double] = [65519.99, 65520, 0x1p-25, 0x1.0000001p-25, 0x1p-24, 6.1e-5, 1 + 0x1p-11, 1 + 0x3p-11]
        for _ in 0..<2000 {
            let scale = Double(sign: .plus, exponent: generator.next(below: 50) - 30, significand: 1)
            values.append(scale * (1 + Double(generator.next(below: 1 << 30)) / 0x1p30))
            values.append(-scale * (1 + Double(generator.next(below: 1 << 12)) / 0x1p12))
        }
        let expected = values.flatMap { value in
            let bits = Float16(value).bitPattern
            return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        }
        #expect(DataType.float16.encode(values) == expected)
    }
    #endif

    @Test("bfloat16 rounds to the nearest, ties to even")
    func bfloat16() {
        let values = [1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1.1p-8, -1 - 0x1p-8, 3.395e38, 3.4e38]
        #expect(
            DataType.bfloat16.decode(DataType.bfloat16.encode(values)) == [
                1, 1 + 0x1p-6, 1 + 0x1p-7, -1, 0x1.FEp127, .infinity,
            ])
    }

    @Test(
        "float8_e4m3fn saturates at 448 and has one NaN",
        arguments: [
            (448, 0x7E), (464, 0x7E), (1e9, 0x7E), (Double.infinity, 0x7E), (-Double.infinity, 0xFE),
            (Double.nan, 0x7F),
            (0x1p-9, 0x01), (0x1p-10, 0x00), (0x1.8p-10, 0x01), (0x3p-10, 0x02), (17, 0x58), (19, 0x5A), (-0.0, 0x80),
        ] as [(Double, UInt8)])
    func float8E4M3(value: Double, pattern: UInt8) {
        #expect(DataType.float8E4M3.encode([value]) == [pattern])
    }

    @Test(
        "float8_e5m2 overflows to infinity",
        arguments: [
            (57344, 0x7B), (61439, 0x7B), (61440, 0x7C), (-1e9, 0xFC), (Double.infinity, 0x7C), (0x1p-16, 0x01),
            (0x1p-17, 0x00), (1.125, 0x3C), (1.375, 0x3E), (Double.nan, 0x7E),
        ] as [(Double, UInt8)])
    func float8E5M2(value: Double, pattern: UInt8) {
        #expect(DataType.float8E5M2.encode([value]) == [pattern])
    }

    @Test("integers round to even, saturate, and take NaN as 0")
    func integers() {
        let values = [0.5, 1.5, -2.5, 127.5, -300, 1e30, .nan, .infinity]
        #expect(DataType.int8.decode(DataType.int8.encode(values)) == [0, 2, -2, 127, -128, 127, 0, 127])
        #expect(DataType.uint16.decode(DataType.uint16.encode(values)) == [0, 2, 0, 128, 0, 65535, 0, 65535])
        #expect(DataType.bool.decode(DataType.bool.encode([0, -0.0, 0.1, 1])) == [0, 0, 1, 1])
    }

    @Test("64-bit scalars are exact where doubles are not")
    func exactScalars() {
        #expect(DataType.int64.encode(scalar: .int(.max)) == [255, 255, 255, 255, 255, 255, 255, 127])
        #expect(DataType.uint64.encode(scalar: .int(9_007_199_254_740_993)) == [1, 0, 0, 0, 0, 0, 32, 0])
        #expect(DataType.int64.decode([1, 0, 0, 0, 0, 0, 32, 0]) == [9_007_199_254_740_992])
        #expect(DataType.float32.encode(scalar: .double(1)) == [0, 0, 128, 63])
        #expect(DataType.bool.encode(scalar: .bool(true)) == [1])
    }
}
