import ConfigSpace
import Testing

/// A search space of the auto-tuning benchmark hub, and how many configs of it are valid.
struct HubSpace: Sendable, CustomStringConvertible {
    let description: String
    let parameters: [(String, String)]
    let constraints: [String]
    let valid: UInt128

    static let all = [
        HubSpace(
            description: "convolution",
            parameters: [
                ("block_size_x", "[16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256]"),
                ("block_size_y", "[1, 2, 4, 8, 16]"), ("tile_size_x", "[1, 2, 3, 4]"), ("tile_size_y", "[1, 2, 3, 4]"),
                ("read_only", "[0, 1]"), ("use_padding", "[0, 1]"), ("use_shmem", "[0, 1]"), ("use_cmem", "[1]"),
                ("filter_height", "[15]"), ("filter_width", "[15]"),
            ],
            constraints: [
                "use_padding==0 or block_size_x % 32 != 0", "block_size_x*block_size_y<=1024",
                "use_padding==0 or use_shmem != 0",
                "use_shmem == 0 or (((block_size_x*tile_size_x+(filter_width-1)))*((block_size_y*tile_size_y+"
                    + "(filter_height-1)))) < 12*1024",
            ], valid: 4362),
        HubSpace(
            description: "dedispersion",
            parameters: [
                ("block_size_x", "[1, 2, 4, 8, 16, 32]"), ("block_size_y", "[8 * i for i in range(4, 33)]"),
                ("block_size_z", "[1]"), ("tile_size_x", "[1, 2, 3, 4]"), ("tile_size_y", "[1, 2, 3, 4, 5, 6, 7, 8]"),
                ("tile_stride_x", "[0, 1]"), ("tile_stride_y", "[0, 1]"), ("loop_unroll_factor_channel", "[0]"),
            ],
            constraints: [
                "32 <= block_size_x * block_size_y <= 1024", "tile_size_x > 1 or tile_stride_x == 0",
                "tile_size_y > 1 or tile_stride_y == 0",
            ], valid: 11130),
        HubSpace(
            description: "gemm",
            parameters: [
                ("GEMMK", "[0]"), ("MWG", "[16, 32, 64, 128]"), ("NWG", "[16, 32, 64, 128]"), ("KWG", "[16, 32]"),
                ("MDIMC", "[8, 16, 32]"), ("NDIMC", "[8, 16, 32]"), ("MDIMA", "[8, 16, 32]"), ("NDIMB", "[8, 16, 32]"),
                ("KWI", "[2]"), ("VWM", "[1, 2, 4, 8]"), ("VWN", "[1, 2, 4, 8]"), ("STRM", "[0, 1]"),
                ("STRN", "[0, 1]"), ("SA", "[0, 1]"), ("SB", "[0, 1]"), ("KREG", "[1]"), ("PRECISION", "[32]"),
            ],
            constraints: [
                "KWG % KWI == 0", "MWG % (MDIMC * VWM) == 0", "NWG % (NDIMC * VWN) == 0", "MWG % (MDIMA * VWM) == 0",
                "NWG % (NDIMB * VWN) == 0", "KWG % ((MDIMC * NDIMC)/MDIMA) == 0", "KWG % ((MDIMC * NDIMC)/NDIMB) == 0",
                "not (MWG == 128 and NWG == 128 and MDIMC == 8 and NDIMC == 8)",
            ], valid: 116_928),
        HubSpace(
            description: "hotspot",
            parameters: [
                ("grid_width", "[4096]"), ("grid_height", "[4096]"),
                ("block_size_x", "[1, 2, 4, 8, 16] + list(range(32, 1024+1, 32))"),
                ("block_size_y", "[2**i for i in range(0, 6)]"), ("tile_size_x", "[i for i in range(1, 11)]"),
                ("tile_size_y", "[i for i in range(1, 11)]"), ("temporal_tiling_factor", "[i for i in range(1, 11)]"),
                ("max_tfactor", "[10]"), ("loop_unroll_factor_t", "[i for i in range(1, 10+1)]"),
                ("sh_power", "[0, 1]"),
            ],
            constraints: [
                "block_size_x*block_size_y>= 32", "temporal_tiling_factor % loop_unroll_factor_t == 0",
                "block_size_x*block_size_y <= 1024",
                "(block_size_x*tile_size_x+ temporal_tiling_factor * 2) * (block_size_y*tile_size_y+ "
                    + "temporal_tiling_factor * 2) * (2+sh_power) * 4 <= 49152",
            ], valid: 82_984),
        HubSpace(
            description: "pnpoly",
            parameters: [
                ("between_method", "[0, 1, 2, 3]"), ("block_size_x", "[32 * i for i in range(1, 32)]"),
                ("tile_size", "[1] + [2 * i for i in range(1, 11)]"), ("use_method", "[0, 1, 2]"),
            ],
            constraints: [], valid: 4092),
    ]

    func space() throws -> ConfigSpace {
        let parameters = try parameters.map { ($0.0, try values($0.1)) }
        return try #require(try spaceWithValidDefault(parameters, constraints))
    }
}

@Test(
    "the hub's spaces have as many valid configs as the hub measured, counted and enumerated", arguments: HubSpace.all)
func hubCounts(hub: HubSpace) throws {
    let space = try hub.space()
    #expect(space.count().exact == hub.valid)
    var enumerated: UInt128 = 0
    for _ in space.allConfigs() { enumerated += 1 }
    #expect(enumerated == hub.valid)
}

@Test("samples of the hub's spaces are distinct and valid", arguments: HubSpace.all)
func hubSamples(hub: HubSpace) throws {
    let space = try hub.space()
    var generator = SplitMix64(seed: 3)
    let sample = space.sample(200, using: &generator)
    #expect(Set(sample).count == 200)
    #expect(sample.allSatisfy { space.violatedConstraints(in: $0).isEmpty && space.isValid($0) })
}
