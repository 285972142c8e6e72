/// A counter-based generator: the word for element i depends on (seed, i) alone.
///
/// Word i is SplitMix64's output function applied to key + (i + 1) * 0x9E3779B97F4A7C15 (mod 2^64), where key is the same
/// function of the seed. Thus any part of an array can be made anywhere, in any order, in a few lines of C, CUDA or
/// Python, and is the same on every machine.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (mix64variant13).
struct CounterRandom {
    private let key: UInt64

    init(seed: UInt64) { key = Self.mix(seed) }

    func word(_ index: Int) -> UInt64 {
        Self.mix(key &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Uniform in [0, 1): the word's upper 53 bits over 2^53.
    func unit(_ index: Int) -> Double { Double(word(index) >> 11) * 0x1p-53 }

    /// Uniform in (0, 1), ends excluded: the word's upper 52 bits plus a half, over 2^52.
    func openUnit(_ index: Int) -> Double { (Double(word(index) >> 12) + 0.5) * 0x1p-52 }

    /// Standard normal.
    func normal(_ index: Int) -> Double { NormalDistribution.quantile(openUnit(index)) }

    /// An integer in low...high: the upper half of the word times the number of values, so that each is as likely as
    /// any other to within one part in 2^64.
    func integer(_ index: Int, low: Int, high: Int) -> Int {
        let span = UInt64(bitPattern: Int64(high &- low)) &+ 1
        let offset = span == 0 ? word(index) : word(index).multipliedFullWidth(by: span).high
        return low &+ Int(truncatingIfNeeded: offset)
    }

    private static func mix(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
