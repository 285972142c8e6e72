public import ConfigSpace
public import KernelSpec

/// A config as it is pasted into a source: what each language has for it.
public enum Snippet {
    /// The options of a Triton launch that `triton.Config` takes by name; all else is in its dictionary.
    private static let tritonOptions = ["num_warps", "num_stages", "num_ctas", "maxnreg"]

    /// A decorator for Helion, a `triton.Config`, or a header of macros, without a line break at the end.
    public static func text(_ config: Config, of spec: KernelSpec) -> String {
        let members = zip(config.names, config.values)
        switch spec.kernel.language {
        case .helion:
            let fields = members.map { "\($0)=\(python($1))" }.joined(separator: ", ")
            return "@helion.kernel(config=helion.Config(\(fields)))"
        case .triton:
            let constants = members.filter { !tritonOptions.contains($0.0) }.map { "\"\($0)\": \(python($1))" }
            let options = members.filter { tritonOptions.contains($0.0) && $0.1 != .null }.map { "\($0)=\(python($1))" }
            return "triton.Config(" + (["{\(constants.joined(separator: ", "))}"] + options).joined(separator: ", ")
                + ")"
        case .c, .cPlusPlus, .cuda, .openCL, .hip:
            let launch = try? TargetLaunch(spec, config)
            let macros = Macro.all(of: config, in: spec, launch: launch)
            return macros.map { $0.value.isEmpty ? "#define \($0.name)" : "#define \($0.name) \($0.value)" }
                .joined(separator: "\n")
        }
    }

    /// A value as Python writes it.
    static func python(_ value: Value) -> String {
        switch value {
        case .null: "None"
        case .bool(let truth): truth ? "True" : "False"
        case .list(let elements): "[\(elements.map(python).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\(Value.string($0.key).json): \(python($0.value))" }.joined(separator: ", "))}"
        case .int, .double, .string: value.json
        }
    }
}
