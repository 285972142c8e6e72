import Testing

@testable import KernelSpec

struct FillTests {
    private func array(_ type: DataType, _ count: Int, _ fill: Fill) -> Argument {
        Argument(name: "A", dataType: type, kind: .array(shape: [count], fill: fill, role: .input))
    }

    private func values(_ type: DataType, _ count: Int, _ fill: Fill, seedOffset: UInt64 = 0) throws -> [Double] {
        type.decode(try array(type, count, fill).bytes(seedOffset: seedOffset))
    }

    /// Worked out by a Python twin of the generator in arbitrary precision; a change of these numbers would make
    /// recorded runs and other machines disagree.
    @Test("a seed gives these numbers on every machine")
    func fixedNumbers() throws {
        #expect(CounterRandom(seed: 1).word(0) == 0xBFEF_8030_DDC2_D772)
        #expect(CounterRandom(seed: 1).word(123_456_789) == 0xD29A_6ED6_3A0E_A3C6)
        #expect(
            try values(.float64, 3, .uniform(low: 0, high: 1, seed: 1)) == [
                0.7497482413580301, 0.37239342287916577, 0.4382839062845528,
            ])
        #expect(try values(.int64, 8, .integers(low: -5, high: 5, seed: 9)) == [-3, 0, 5, 1, 2, 2, -4, -1])
        let normal = try values(.float64, 3, .normal(mean: 0, standardDeviation: 1, seed: 1))
        #expect(
            zip(normal, [0.6736977112341553, -0.32552092846644526, -0.15532156872943548]).allSatisfy {
                abs($0 - $1) < 1e-14
            })
    }

    @Test("an element depends on the seed and its index alone")
    func counterBased() throws {
        let fill = Fill.normal(mean: 0, standardDeviation: 1, seed: 5)
        let long = try values(.float32, 10_000, fill)
        #expect(try values(.float32, 17, fill) == Array(long.prefix(17)))
        #expect(try values(.float32, 17, fill, seedOffset: 1) != Array(long.prefix(17)))
        #expect(
            try values(.float32, 17, .normal(mean: 0, standardDeviation: 1, seed: 4), seedOffset: 1)
                == Array(long.prefix(17)))
    }

    @Test("plain fills give what they say")
    func plainFills() throws {
        #expect(try values(.float16, 3, .zeros) == [0, 0, 0])
        #expect(try values(.bfloat16, 3, .constant(1.5)) == [1.5, 1.5, 1.5])
        #expect(try values(.int16, 4, .arange(start: -3, step: 2)) == [-3, -1, 1, 3])
        #expect(try values(.float64, 3, .arange(start: 0.5, step: 0.25), seedOffset: 9) == [0.5, 0.75, 1])
        let count = try array(.uint32, 5000, .arange(start: 0, step: 1)).bytes()
        #expect(count.suffix(4) == [0x87, 0x13, 0, 0])
    }

    @Test("integers reach both ends, 64-bit ones too")
    func integerEnds() throws {
        let dice = try values(.int8, 3000, .integers(low: 1, high: 6, seed: 3))
        #expect(Set(dice) == [1, 2, 3, 4, 5, 6])
        let wide = try values(.int64, 1000, .integers(low: .min, high: .max, seed: 3))
        #expect(wide.contains { $0 < -8e18 } && wide.contains { $0 > 8e18 })
        #expect(Set(try values(.bool, 100, .integers(low: 0, high: 1, seed: 3))) == [0, 1])
    }

    @Test("the ends of int64 are held, and those of smaller types are not passed")
    func heldIntegers() throws {
        let ends = "\"int64\", \"shape\": [16], \"fill\": { \"kind\": \"integers\", \"low\": LOW, \"high\": HIGH }"
            .replacing("LOW", with: "\(Int.min)").replacing("HIGH", with: "\(Int.max)")
        try SpecFolder.with { folder in
            let text = Sample.c.replacing("\"float32\", \"shape\": [16]", with: ends)
            guard case .array(_, let fill, _) = try folder.read(text).arguments[0].kind else { return }
            #expect(fill == .integers(low: .min, high: .max, seed: 1))
            #expect(
                folder.error(of: text.replacing("\"int64\", \"shape\"", with: "\"int8\", \"shape\""))
                    == "kernel.json:5:89: arguments[0].fill.low: -9223372036854775808 does not fit int8")
        }
    }

    @Test("random fills have the mean and deviation asked for")
    func moments() throws {
        let count = 200_000
        for (fill, mean, deviation) in [
            (Fill.normal(mean: 3, standardDeviation: 2, seed: 11), 3.0, 2.0),
            (.uniform(low: -1, high: 3, seed: 12), 1, 4 / 12.0.squareRoot()),
        ] {
            let sample = try values(.float64, count, fill)
            let average = sample.reduce(0, +) / Double(count)
            let variance = sample.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
            #expect(abs(average - mean) < 5 * deviation / Double(count).squareRoot())
            #expect(abs(variance.squareRoot() / deviation - 1) < 0.01)
        }
    }

    @Test(
        "the normal quantile agrees with tables",
        arguments: [
            (0.5, 0.0), (0.975, 1.959963984540054), (0.1, -1.2815515655446004), (1e-10, -6.361340902404056),
            (0.9999, 3.719016485455709), (0x1p-53, -8.209536151601387),
        ])
    func quantile(p: Double, expected: Double) {
        #expect(abs(NormalDistribution.quantile(p) - expected) <= 4e-15 * max(1, abs(expected)))
    }

    @Test("a scalar's bytes are its value")
    func scalar() throws {
        let scalar = Argument(name: "n", dataType: .int32, kind: .scalar(.int(-2)))
        #expect(try scalar.bytes() == [254, 255, 255, 255])
        #expect(scalar.byteCount == 4)
    }
}
