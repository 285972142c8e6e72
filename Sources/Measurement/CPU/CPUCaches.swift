import FoundationEssentials

/// The data caches of this machine's first core, as Linux tells them.
struct CPUCaches {
    struct Cache: Equatable {
        var level: Int
        var byteCount: Int
        /// The cores that share it.
        var sharedBy: Int
    }

    /// By level, first to last.
    let caches: [Cache]

    /// - Parameter folder: another one in tests.
    init(folder: String = "/sys/devices/system/cpu/cpu0/cache") {
        var caches: [Cache] = []
        for index in 0..<10 {
            let path = "\(folder)/index\(index)"
            guard let type = SystemFile.line("\(path)/type"), type != "Instruction",
                let level = SystemFile.line("\(path)/level").flatMap({ Int($0) }),
                let size = SystemFile.line("\(path)/size").flatMap(Self.bytes)
            else { continue }
            let sharedBy = SystemFile.line("\(path)/shared_cpu_list").map(Self.count(inList:)) ?? 1
            caches.append(Cache(level: level, byteCount: size, sharedBy: sharedBy))
        }
        self.caches = caches.sorted { $0.level < $1.level }
    }

    /// What is flushed where the system does not say (a container without /sys, another system).
    private static let assumedLastLevelBytes = 32 << 20

    static var lastLevelBytes: Int { CPUCaches().caches.last?.byteCount ?? assumedLastLevelBytes }

    /// "32K", "1024K", "32M".
    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int(digits) else { return nil }
        switch text.dropFirst(digits.count) {
        case "": return number
        case "K": return number << 10
        case "M": return number << 20
        default: return nil
        }
    }

    /// How many numbers "0-3,8" stands for.
    static func count(inList text: String) -> Int {
        text.split(separator: ",").reduce(0) { sum, range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return sum + (ends.count == 2 ? max(0, ends[1] - ends[0]) + 1 : ends.count)
        }
    }
}

/// The short files in which Linux tells about itself.
enum SystemFile {
    static func text(_ path: String) -> String? {
        (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
    }

    static func line(_ path: String) -> String? {
        text(path)?.split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
