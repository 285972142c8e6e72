import ConfigSpace
import KernelSpec

/// The results in a recording, by the values of a space's parameters.
struct Recording: Sendable {
    private(set) var entries: [[Value]: RecordedEntry] = [:]
    /// The file's own words, where it has any.
    private(set) var device: DeviceDescription?
    private let parameters: [Parameter]

    /// Reads a T4 file or a Kernel Tuner cache file, told apart by their content.
    ///
    /// Of several results for one config the first counts. A parameter that the recording does not name is taken to have
    /// the only value that the space leaves it.
    init(_ bytes: [UInt8], file: String, space: ConfigSpace) throws(MeasurementError) {
        parameters = space.parameters
        let root = try Self.document(bytes, file).root
        do {
            if let results = root.member("results"), results.kind == .array {
                device = Self.device(root.member("metadata")?.member("device"))
                for result in results.elements {
                    guard let configuration = result.member("configuration"), configuration.kind == .object else {
                        throw result.error("a result without \"configuration\"")
                    }
                    try add(configuration) { RecordedEntry(t4: result) }
                }
            } else if let cache = root.member("cache"), cache.kind == .object {
                device = root.member("device_name")?.string.map { DeviceDescription(name: $0, facts: []) }
                for member in cache.members { try add(member.value) { RecordedEntry(cache: member.value) } }
            } else {
                throw root.error("neither \"results\" (T4) nor \"cache\" (Kernel Tuner) is in it")
            }
        } catch let error as SpecError {
            throw .recording(file, "\(error)")
        } catch {
            throw .recording(file, "\(error)")
        }
    }

    /// The spec with the space that its kernel told when the recording was made.
    static func withSpace(_ spec: KernelSpec, _ bytes: [UInt8], file: String) throws(MeasurementError) -> KernelSpec {
        guard let space = try document(bytes, file).root.member("metadata")?.member("space") else {
            throw .recording(
                file, "it does not hold the configuration space of the \(spec.kernel.language.rawValue) kernel")
        }
        do { return try spec.with(space: space.value) } catch { throw .recording(file, "\(error)") }
    }

    private static func device(_ node: JSONNode?) -> DeviceDescription? {
        guard let name = node?.member("name")?.string else { return nil }
        var device = DeviceDescription(name: name, facts: [])
        guard let facts = node?.member("facts")?.elements else { return device }
        for fact in facts {
            guard let name = fact.member("name")?.string, let value = fact.member("value")?.string else { continue }
            device.facts.append(.init(name: name, value: value))
        }
        return device
    }

    /// What the recording says of a config; nil if it is not in it.
    func entry(of config: Config) -> RecordedEntry? {
        var key: [Value] = []
        key.reserveCapacity(parameters.count)
        for (index, parameter) in parameters.enumerated() {
            // Configs of the space have its order.
            let value =
                index < config.names.count && config.names[index] == parameter.name
                ? config.values[index] : config[parameter.name]
            guard let value else { return nil }
            key.append(Self.canonical(value))
        }
        return entries[key]
    }

    private mutating func add(_ configuration: JSONNode, _ entry: () -> RecordedEntry) throws(SpecError) {
        var key: [Value] = []
        key.reserveCapacity(parameters.count)
        for parameter in parameters {
            if let node = configuration.member(parameter.name) {
                key.append(Self.canonical(node.value))
            } else if parameter.domain.cardinality == 1 {
                key.append(Self.canonical(parameter.defaultValue))
            } else {
                throw configuration.error(
                    "the config names no value for parameter \"\(parameter.name)\"",
                    help: "The recording is of another kernel, or of another version of its space.")
            }
        }
        if entries[key] == nil { entries[key] = entry() }
    }

    /// The same number or truth value is the same however it was written: Python writes 1, 1.0 and True for what its
    /// programs take as one.
    private static func canonical(_ value: Value) -> Value {
        switch value {
        case .bool(let flag): .int(flag ? 1 : 0)
        case .double(let number): Int(exactly: number).map(Value.int) ?? value
        case .list(let elements): .list(elements.map(canonical))
        case .null, .int, .string, .object: value
        }
    }

    /// Kernel Tuner leaves a cache file open while it tunes, and after a run that was cut short: its last braces are missing.
    private static func document(_ bytes: [UInt8], _ file: String) throws(MeasurementError) -> JSONDocument {
        do {
            return try JSONDocument.parse(bytes, file: file)
        } catch {
            let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ",")]
            let end = (bytes.lastIndex { !blank.contains($0) } ?? -1) + 1
            guard let closed = try? JSONDocument.parse(bytes[..<end] + Array("}}".utf8), file: file) else {
                throw .recording(file, "\(error)")
            }
            return closed
        }
    }
}
