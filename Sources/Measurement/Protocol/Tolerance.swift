import KernelSpec

/// How near a result has to be to the reference: |a - b| <= absolute * max(1, rms(reference)) + relative * |b|, in float64.
///
/// NaN never passes, an infinity only where the reference has the same one; neither counts in the reference's rms. A
/// reference with NaN in it is refused before anything is compared with it.
struct Tolerance: Codable, Sendable, Equatable {
    var relative: Double
    var absolute: Double

    /// The first element that is off, and how many are.
    struct Mismatch: Equatable {
        var index: Int
        var value: Double
        var expected: Double
        var offCount: Int
        var count: Int
    }

    /// Nil if all elements are near enough. Both have the same count.
    func mismatch(_ values: [Double], reference: [Double]) -> Mismatch? {
        let floor = floor(rms: Self.rootMeanSquare(reference))
        var first: Int?
        var offCount = 0
        for index in values.indices where !isNear(values[index], reference[index], floor) {
            offCount += 1
            first = first ?? index
        }
        guard let first else { return nil }
        return Mismatch(
            index: first, value: values[first], expected: reference[first], offCount: offCount, count: values.count)
    }

    /// The part that does not depend on the element.
    func floor(rms: Double) -> Double { absolute * max(1, rms) }

    @inline(__always)
    private func isNear(_ value: Double, _ expected: Double, _ floor: Double) -> Bool {
        if value == expected { return true }
        guard expected.isFinite else { return false }
        return abs(value - expected) <= floor + relative * abs(expected)
    }

    static func rootMeanSquare(_ values: [Double]) -> Double {
        var sum = 0.0
        var count = 0
        for value in values where value.isFinite {
            sum += value * value
            count += 1
        }
        return count == 0 ? 0 : (sum / Double(count)).squareRoot()
    }
}

/// Why a result is wrong, whatever the reference says.
struct WrongResult: Error {
    var reason: String
    /// Whether memory may be damaged that is not the kernel's to write.
    var isStray = false
}

extension Argument {
    /// An element by its place in the array, "C[3, 17]", from where it lies in memory.
    func element(_ index: Int) -> String {
        guard let place = layout?.place(of: index) else { return name }
        return "\(name)[\(place.map(String.init).joined(separator: ", "))]"
    }

    /// A value of the argument's type as short as it can be told.
    func text(_ value: Double) -> String {
        if !dataType.isFloat { return value.shortText }
        // Swift tells a NaN's payload too, which says nothing to anyone here.
        if value.isNaN { return "nan" }
        return dataType == .float64 ? "\(value)" : "\(Float(value))"
    }

    /// What is off, for a reason: "C[3, 17] is 0.5 where the reference has 1.25; 12.5 % of C (2 of 16 elements) is off".
    func description(of mismatch: Tolerance.Mismatch, isUntouched: Bool) -> String {
        description(
            ofElement: mismatch.index, value: isUntouched ? nil : text(mismatch.value),
            expected: text(mismatch.expected), offCount: mismatch.offCount, count: mismatch.count)
    }

    /// The same from the values' texts; a nil `value` was never written.
    func description(ofElement index: Int, value: String?, expected: String, offCount: Int, count: Int) -> String {
        let what = value.map { "is \($0)" } ?? "was never written"
        let tenths = (1_000 * Double(offCount) / Double(max(1, count))).rounded() / 10
        let percent = tenths == 0 ? "under 0.1" : tenths.shortText
        return "\(element(index)) \(what) where the reference has \(expected); "
            + "\(percent) % of \(name) is off (\(offCount) of \(count) elements)"
    }
}
