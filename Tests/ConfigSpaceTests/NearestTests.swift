import ConfigSpace
import Testing

@Test(
    "a mistyped name is recognised",
    arguments: [
        ("blok_m", "block_m"), ("BLOCK_M", "block_m"), ("blockN", "block_n"), ("num_warp", "num_warps"),
        ("nmu_warps", "num_warps"), ("num-stages", "num_stages"), ("stages", nil), ("zzz", nil), ("", nil),
    ])
func nearestNames(name: String, expected: String?) {
    #expect(nearest(to: name, among: ["block_m", "block_n", "num_warps", "num_stages"]) == expected)
}

@Test("a name of any length is no trouble")
func longNames() {
    #expect(nearest(to: String(repeating: "x", count: 1_000_000), among: ["x"]) == nil)
}

@Test("the random numbers of a seed are the published ones of SplitMix64")
func splitMix64() {
    var generator = SplitMix64(seed: 1_234_567)
    let numbers = (0..<3).map { _ in generator.next() }
    #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
}
