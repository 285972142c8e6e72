import Testing

@testable import Measurement

@Suite("Which devices measure")
struct DeviceSelectionTests {
    private let devices = [
        DeviceChoice(index: 0, name: "H100", architecture: "sm_90a"),
        DeviceChoice(index: 1, name: "H100", architecture: "sm_90a"),
        DeviceChoice(index: 2, name: "A100", architecture: "sm_80"),
    ]

    @Test("the first without being chosen, all of one kind, or those named")
    func chosen() throws {
        #expect(try DeviceSelection.first.chosen(among: devices) == [nil])
        #expect(try DeviceSelection.all.chosen(among: Array(devices.prefix(2))) == [0, 1])
        #expect(try DeviceSelection.indices([1, 0]).chosen(among: devices) == [1, 0])
        #expect(DeviceSelection.indices([1, 0]).firstIndex == 1 && DeviceSelection.all.firstIndex == nil)
    }

    @Test("a device that is not there, a mixture of kinds, and a kernel without choice are refused with the cure")
    func refused() {
        func error(_ selection: DeviceSelection, _ devices: [DeviceChoice]) -> String {
            do {
                return "\(try selection.chosen(among: devices))"
            } catch {
                return "\(error)"
            }
        }
        #expect(error(.indices([0, 7]), devices).hasPrefix("there is no device 7\nThese are there:\n0  H100, sm_90a"))
        #expect(error(.all, devices).contains("not of one kind"))
        #expect(error(.all, []).contains("Leave --devices out"))
    }
}
