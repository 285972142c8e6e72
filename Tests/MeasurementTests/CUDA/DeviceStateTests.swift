import Testing

@testable import Measurement

@Suite("A device's state in words")
struct DeviceStateTests {
    @Test("what is known is told, and what disturbs timings stands out")
    func words() {
        let busy = DeviceState(
            clockMegahertz: 1410, maxClockMegahertz: 1980, temperatureCelsius: 61, powerMilliwatts: 698_700,
            slowdowns: .powerCap, processCount: 2)
        #expect(
            busy.description
                == "1410 of 1980 MHz, 61 °C, 699 W, at its power limit, 2 programs on it: timings will be disturbed")
        let idle = DeviceState(clockMegahertz: 345, slowdowns: .idle, processCount: 0)
        #expect(idle.description == "345 MHz, no program on it")
        #expect(DeviceState().description.isEmpty)
    }
}
