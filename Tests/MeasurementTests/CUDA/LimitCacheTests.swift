import Testing

@testable import Measurement

@Suite("Measured limits on disk")
struct LimitCacheTests {
    @Test("limits are found again for the same device and driver alone")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let cache = LimitCache(folder: "\(folder.path)/limits")
        let device = LaunchLimitsTests.hopper
        #expect(cache.limits(of: device, driver: 13000) == nil)
        let limits = DeviceLimits(copyBytesPerSecond: 3e12, matrixOperationsPerSecond: ["float16": 8e14])
        cache.store(limits, of: device, driver: 13000)
        #expect(cache.limits(of: device, driver: 13000) == limits)
        #expect(cache.limits(of: device, driver: 13010) == nil)
        var other = device
        other.uuid = "GPU-other"
        #expect(cache.limits(of: other, driver: 13000) == nil)
    }

    @Test("a damaged file is as good as none")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let device = LaunchLimitsTests.hopper
        _ = try folder.write("{\"limits\":", to: "\(device.uuid).json")
        #expect(LimitCache(folder: folder.path).limits(of: device, driver: 13000) == nil)
    }

    @Test("there is no cache where the environment names no place for one")
    func noPlace() {
        #expect(LimitCache(environment: [:]) == nil)
        #expect(LimitCache(environment: ["XDG_CACHE_HOME": "/c"])?.folder == "/c/autotune/limits")
    }
}
