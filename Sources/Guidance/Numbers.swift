internal import Foundation

/// Numbers as the prompts write them.
enum Numbers {
    /// Four decimals where they carry something, as many significant digits where the time is shorter.
    static func milliseconds(_ value: Double) -> String {
        value >= 0.01 || value == 0 ? String(format: "%.4f ms", value) : String(format: "%.3g ms", value)
    }

    static func percent(_ share: Double, digits: Int = 1) -> String {
        String(format: "%.\(digits)f%%", share * 100)
    }

    /// A count with a unit's prefix: 2.15 G, 340 M.
    static func scaled(_ value: Double) -> String {
        for (limit, prefix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= limit {
            return String(format: "%.3g %@", value / limit, prefix as NSString)
        }
        return String(format: "%.3g ", value)
    }
}
