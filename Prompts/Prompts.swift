/// The templates the prompts are rendered from, as they ship inside the program.
///
/// They are Mustache files; `--prompts DIR` puts a user's own in their place, file by file.
public enum Prompts: String, CaseIterable, Sendable {
    case system
    case initial
    case refinement
    /// What follows a reply of which no config could be used.
    case again
    /// What usually matters on a CPU: the partial `knobs` of the system prompt for C and C++.
    case cpu
    /// The same for CUDA C++ and its relatives.
    case cuda
    /// The same for Helion.
    case helion
    /// The same for Triton.
    case triton

    public var fileName: String { rawValue + ".mustache" }

    public var text: String {
        let bytes =
            switch self {
            case .system: PackageResources.system_mustache
            case .initial: PackageResources.initial_mustache
            case .refinement: PackageResources.refinement_mustache
            case .again: PackageResources.again_mustache
            case .cpu: PackageResources.cpu_mustache
            case .cuda: PackageResources.cuda_mustache
            case .helion: PackageResources.helion_mustache
            case .triton: PackageResources.triton_mustache
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}
