import ConfigSpace
import KernelSpec

/// A parameter's value as a C preprocessor macro.
///
/// A scalar NAME=value is `NAME` (booleans 1 and 0). Lists, tuples and permutations are `NAME_0`, `NAME_1`, … and
/// `NAME_COUNT`, and so on inwards. A value of an explicit list is also `NAME_INDEX`, its position in the list; a string
/// that is an identifier is that identifier, and any other string, like null, is not defined but by its index.
struct Macro: Sendable, Equatable {
    var name: String
    var value: String

    /// As it stands behind `-D`.
    var definition: String { "\(name)=\(value)" }

    /// The macros of all parameters, in the space's order.
    static func all(of config: Config, in space: ConfigSpace) -> [Macro] {
        space.parameters.flatMap { parameter in
            config[parameter.name].map { macros(parameter.name, $0, in: parameter.domain) } ?? []
        }
    }

    /// Of a kernel: none in Python, which has no preprocessor; with what Kernel Tuner defines besides, for sources that were written for it.
    static func all(of config: Config, in spec: KernelSpec, launch: TargetLaunch?) -> [Macro] {
        guard !spec.kernel.language.isPython else { return [] }
        let parameters = all(of: config, in: spec.configSpace)
        guard spec.kernel.isForKernelTuner else { return parameters }
        let extents = zip(["grid_size_", "block_size_"], [launch?.grid ?? [], launch?.block ?? []])
            .flatMap { name, extents in
                zip(["x", "y", "z"], extents).map { Macro(name: name + $0, value: "\($1)") }
            }
        let own = [Macro(name: "kernel_tuner", value: "1")] + extents
        return parameters + own.filter { own in !parameters.contains { $0.name == own.name } }
    }

    private static func macros(_ name: String, _ value: Value, in domain: Domain) -> [Macro] {
        if case .values(let values) = domain, let index = values.firstIndex(of: value) {
            return plain(name, value) + [Macro(name: "\(name)_INDEX", value: "\(index)")]
        }
        guard case .list(let elements) = value else { return plain(name, value) }
        let inner = elements.enumerated().flatMap { index, element in
            switch domain {
            case .list(_, let of): macros("\(name)_\(index)", element, in: of)
            case .tuple(let domains) where index < domains.count:
                macros("\(name)_\(index)", element, in: domains[index])
            default: plain("\(name)_\(index)", element)
            }
        }
        return inner + [Macro(name: "\(name)_COUNT", value: "\(elements.count)")]
    }

    private static func plain(_ name: String, _ value: Value) -> [Macro] {
        switch value {
        case .null, .object: []
        case .bool(let flag): [Macro(name: name, value: flag ? "1" : "0")]
        case .int(let number): [Macro(name: name, value: "\(number)")]
        case .double(let number): [Macro(name: name, value: "\(number)")]
        case .string(let text): isIdentifier(text) ? [Macro(name: name, value: text)] : []
        case .list(let elements):
            elements.enumerated().flatMap { plain("\(name)_\($0)", $1) }
                + [Macro(name: "\(name)_COUNT", value: "\(elements.count)")]
        }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
