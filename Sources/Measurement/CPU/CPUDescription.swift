import FoundationEssentials

/// This machine's processor as the prompt, the result and the user see it.
enum CPUDescription {
    static func current(compiler: String?) -> DeviceDescription {
        let information = fields(of: SystemFile.text("/proc/cpuinfo") ?? "")
        let cores = ProcessInfo.processInfo.activeProcessorCount
        var facts = [DeviceDescription.Fact(name: "Cores", value: "\(cores)")]
        facts += CPUCaches().caches.map { fact($0) }
        let vectors = vectorExtensions(flags: information["flags"] ?? information["Features"] ?? "")
        if !vectors.isEmpty {
            facts.append(.init(name: "Vector extensions", value: vectors.joined(separator: ", ")))
        }
        let gibibytes = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
        facts.append(.init(name: "Memory", value: "\(((gibibytes * 10).rounded() / 10).shortText) GiB"))
        if let compiler { facts.append(.init(name: "Compiler", value: compiler)) }
        return DeviceDescription(name: information["model name"] ?? "\(architecture) CPU", facts: facts)
    }

    /// The extensions that decide how wide and with what a kernel computes, by the names Linux gives them.
    private static let toldExtensions = [
        "sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16",
        "avx512_fp16", "amx_tile", "asimd", "asimdhp", "asimddp", "sve", "sve2", "bf16", "i8mm",
    ]

    static func vectorExtensions(flags: String) -> [String] {
        let present = Set(flags.split(separator: " ").map(String.init))
        // Linux calls Arm's NEON by the name of its 64-bit form.
        return toldExtensions.filter(present.contains).map { $0 == "asimd" ? "neon" : $0 }
    }

    /// The first processor's "name : value" lines.
    static func fields(of text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = trimmed(parts[0])
            if fields[name] == nil { fields[name] = trimmed(parts[1]) }
        }
        return fields
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }

    private static func fact(_ cache: CPUCaches.Cache) -> DeviceDescription.Fact {
        let kibibytes = cache.byteCount >> 10
        let size = kibibytes >= 1024 ? "\((Double(kibibytes) / 1024).shortText) MiB" : "\(kibibytes) KiB"
        let sharing = cache.sharedBy > 1 ? "shared by \(cache.sharedBy) cores" : "per core"
        return .init(name: cache.level == 1 ? "L1d cache" : "L\(cache.level) cache", value: "\(size) \(sharing)")
    }

    #if arch(x86_64)
    private static let architecture = "x86-64"
    #elseif arch(arm64)
    private static let architecture = "64-bit Arm"
    #else
    private static let architecture = "unknown"
    #endif
}
