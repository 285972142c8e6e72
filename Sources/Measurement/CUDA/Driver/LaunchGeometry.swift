/// Threads, blocks or clusters in three dimensions.
struct Extent3: Sendable, Hashable, CustomStringConvertible {
    var x: Int
    var y: Int
    var z: Int

    init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
        (self.x, self.y, self.z) = (x, y, z)
    }

    /// One to three numbers, the missing ones 1.
    init?(_ extents: [Int]) {
        guard (1...3).contains(extents.count) else { return nil }
        self.init(extents[0], extents.count > 1 ? extents[1] : 1, extents.count > 2 ? extents[2] : 1)
    }

    var all: [Int] { [x, y, z] }

    /// The product, or the greatest number there is where that is too small.
    var count: Int {
        all.reduce(1) { product, extent in
            let (result, overflow) = product.multipliedReportingOverflow(by: extent)
            return overflow ? .max : result
        }
    }

    var description: String { "\(x) x \(y) x \(z)" }
}

/// How a kernel is launched.
struct LaunchGeometry: Sendable, Hashable {
    /// In blocks.
    var grid: Extent3
    /// In threads.
    var block: Extent3
    var dynamicSharedBytes = 0
    /// Blocks of a cluster; nil launches without clusters.
    var cluster: Extent3?
    /// All blocks run at once and may wait for one another.
    var isCooperative = false
}

/// The value of one argument of a kernel.
struct LaunchArgument: Sendable, Hashable {
    /// As the kernel's parameter has them, at most 16.
    let bytes: [UInt8]

    /// A scalar's little-endian bytes, 1 to 16 of them.
    init(scalar bytes: [UInt8]) {
        precondition((1...16).contains(bytes.count), "a kernel's scalar has 1 to 16 bytes")
        self.bytes = bytes
    }

    init(_ address: DeviceAddress) {
        bytes = (0..<8).map { UInt8(truncatingIfNeeded: address.bits >> (8 * UInt64($0))) }
    }
}
