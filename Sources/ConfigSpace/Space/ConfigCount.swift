/// How many valid configs a space has: exactly, or about.
public struct ConfigCount: Sendable, Equatable, CustomStringConvertible {
    /// Nil where counting would take too long, or the number does not fit in 128 bits.
    public let exact: UInt128?
    /// The exact number rounded, or else an estimate; infinite where it exceeds what a double can say.
    public let estimate: Double

    init(exact: UInt128) {
        self.exact = exact
        estimate = Double(exact)
    }

    init(estimate: Double) {
        exact = nil
        self.estimate = max(1, estimate)
    }

    /// `4,362`, or `about 1.2e14`.
    public var description: String {
        if let exact { return grouped(String(exact)) }
        guard estimate.isFinite else { return "more than 1e308" }
        var exponent = 0
        var scale = 1.0
        while estimate / scale >= 10 {
            scale *= 10
            exponent += 1
        }
        var tenths = Int((estimate / scale * 10).rounded())
        if tenths == 100 {
            tenths = 10
            exponent += 1
        }
        guard exponent >= 6 else {
            let rounded = (0..<max(0, exponent - 1)).reduce(tenths) { number, _ in number * 10 }
            return "about \(grouped(String(exponent == 0 ? (tenths + 5) / 10 : rounded)))"
        }
        return "about \(tenths / 10).\(tenths % 10)e\(exponent)"
    }
}

extension ConfigSpace {
    /// How many configs there would be without the constraints.
    public func countWithoutConstraints() -> ConfigCount {
        let product = parameters.reduce(1.0) { $0 * $1.domain.cardinality }
        // Up to here doubles count exactly.
        return product <= 0x1p53 ? ConfigCount(exact: UInt128(product)) : ConfigCount(estimate: product)
    }
}

private func grouped(_ digits: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
        result.append(digit)
    }
    return result
}
