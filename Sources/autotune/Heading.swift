internal import ConfigSpace
internal import Foundation
internal import KernelSpec
internal import LanguageModel
internal import Measurement
internal import Reporting
internal import Tuning

/// What a run begins with: the kernel, the device, who proposes, where it is kept.
enum Heading {
    static func print(
        _ spec: KernelSpec, _ device: DeviceDescription, strategy: SearchOptions.StrategyName,
        _ model: (any LanguageModel)?, _ session: Session
    ) {
        let space = spec.configSpace
        let parameters = space.parameters.count == 1 ? "1 parameter" : "\(space.parameters.count) parameters"
        let lines = [
            "kernel   \(spec.name) (\(spec.kernel.language.rawValue), \(spec.kernel.source))",
            "device   \(device.name)\(numbers(device))",
            "space    \(space.count()) valid configs, \(parameters)",
            "search   \(strategy.rawValue)\(model.map { ", \($0.name)" } ?? "")",
            "session  \(session.path)",
        ]
        let text = Text.printable(lines.joined(separator: "\n")) + "\n"
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    private static func numbers(_ device: DeviceDescription) -> String {
        guard let indices = device.indices else { return "" }
        let numbers = indices.map(String.init).joined(separator: ", ")
        return indices.count == 1 ? ", device \(numbers)" : ", devices \(numbers)"
    }
}
