/// What ptxas, the assembler, says of each kernel when it is asked to be verbose; sizes in bytes.
struct CompiledResources: Sendable, Codable, Equatable {
    var registersPerThread: Int?
    /// Written to local memory for want of registers, and read back, over the whole code.
    var spillStores: Int?
    var spillLoads: Int?
    /// Local memory of a thread: spilled registers, arrays indexed at run time.
    var stackBytes: Int?
    /// Static shared memory of a block.
    var sharedBytes: Int?

    /// The greater of what is stored and what is loaded.
    var spillBytes: Int? {
        guard let spillStores, let spillLoads else { return spillStores ?? spillLoads }
        return max(spillStores, spillLoads)
    }
}

/// The resources of each kernel, by its name in the machine code.
struct PtxasLog: Sendable {
    private(set) var kernels: [String: CompiledResources] = [:]

    init(_ log: String) {
        var kernel: String?
        for line in log.split(whereSeparator: \.isNewline)
        where line.hasPrefix("ptxas") || line.contains("bytes stack frame") {
            if line.contains("Compiling entry function") || line.contains("Function properties for") {
                kernel = Self.functionName(in: line)
            }
            guard let kernel else { continue }
            var resources = kernels[kernel] ?? CompiledResources()
            for part in line.split(separator: ",") {
                let number = Self.firstNumber(in: part)
                if part.contains("bytes stack frame") { resources.stackBytes = number }
                if part.contains("bytes spill stores") { resources.spillStores = number }
                if part.contains("bytes spill loads") { resources.spillLoads = number }
                if part.contains("Used"), part.contains("registers") {
                    resources.registersPerThread = number
                    resources.sharedBytes = resources.sharedBytes ?? 0
                }
                if part.contains("bytes smem") { resources.sharedBytes = number }
            }
            kernels[kernel] = resources
        }
        // Functions that are no kernels have properties and use no registers of their own.
        kernels = kernels.filter { $0.value.registersPerThread != nil }
    }

    /// `… 'name' for 'sm_90a'`, or `… properties for name`.
    private static func functionName(in line: Substring) -> String? {
        let quoted = line.split(separator: "'", omittingEmptySubsequences: false)
        if quoted.count > 1 { return String(quoted[1]) }
        return line.split(separator: " ").last.map(String.init)
    }

    private static func firstNumber(in text: Substring) -> Int? {
        let start = text.drop { !$0.isNumber }
        return Int(start.prefix { $0.isNumber })
    }
}
