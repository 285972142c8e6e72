/// Which devices measure, each with a timing worker of its own.
public enum DeviceSelection: Sendable, Equatable {
    case first
    case all
    /// By their numbers among those that a worker sees, from 0; finalists are ranked on the first.
    case indices([Int])
}

extension DeviceSelection {
    /// The device that kernels are compiled for and the prompt tells of; nil is the first there is.
    var firstIndex: Int? {
        if case .indices(let indices) = self { indices.first } else { nil }
    }

    /// The devices' numbers; nil stands for the only one there is.
    ///
    /// - Throws: when there is no such device, or the devices are not of one kind: what is compiled for one would not
    ///   run on the other, and their times would have nothing to do with each other.
    func chosen(among devices: [DeviceChoice]) throws(MeasurementError) -> [Int?] {
        let numbers: [Int]
        switch self {
        case .first: return [nil]
        case .all: numbers = devices.map(\.index)
        case .indices(let indices): numbers = indices
        }
        guard !devices.isEmpty else {
            throw MeasurementError(
                .unsupported, "there are no devices to choose from: this kernel runs on the processor",
                help: "Leave --devices out.")
        }
        let names = devices.map { "\($0.index)  \($0.name), \($0.architecture)" }.joined(separator: "\n")
        let found = numbers.compactMap { number in devices.first { $0.index == number } }
        guard found.count == numbers.count else {
            let missing = numbers.first { number in !devices.contains { $0.index == number } } ?? 0
            throw MeasurementError(
                .unsupported, "there is no device \(missing)", help: "These are there:\n\(names)")
        }
        guard found.allSatisfy({ $0.name == found[0].name && $0.architecture == found[0].architecture }) else {
            throw MeasurementError(
                .unsupported, "the devices are not of one kind, so their times cannot be compared",
                help: "Choose devices of one kind with --devices:\n\(names)")
        }
        return numbers
    }
}
