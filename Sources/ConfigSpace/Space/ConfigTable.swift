/// Every valid config of a space, in lexicographic order, eight bytes each: a config is made when it is asked for.
///
/// What is kept of one is its key, the place of its values among all combinations of values, constraints apart.
public struct ConfigTable: RandomAccessCollection, Sendable {
    private let space: ConfigSpace
    /// What one place of each axis adds to a key.
    private let strides: [UInt64]
    /// Ascending.
    private let keys: [UInt64]

    /// Nil where there are more than `most` valid configs, or more combinations than 64 bits can number.
    init?(_ space: ConfigSpace, most: Int) {
        let axes = space.compiled.layout.axes
        var strides = [UInt64](repeating: 0, count: axes.count)
        var product: UInt64 = 1
        for axis in axes.indices.reversed() {
            strides[axis] = product
            let (next, overflow) = product.multipliedReportingOverflow(by: UInt64(axes[axis].count))
            if overflow { return nil }
            product = next
        }
        var configs = ConfigSequence(space.compiled, names: space.names)
        guard let keys = configs.keys(strides: strides, most: most) else { return nil }
        self.space = space
        self.strides = strides
        self.keys = keys
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { keys.count }

    public subscript(place: Int) -> Config {
        var rest = keys[place]
        let indices = strides.map { stride in
            let (index, left) = rest.quotientAndRemainder(dividingBy: stride)
            rest = left
            return Int(index)
        }
        return space.config(at: indices)
    }

    /// Where `config` stands; nil where it is not in the table.
    public func place(of config: Config) -> Int? {
        guard config.names == space.names else { return nil }
        var key: UInt64 = 0
        for (index, stride) in zip(space.indices(of: config.values), strides) {
            key &+= UInt64(truncatingIfNeeded: index) &* stride
        }
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        // A value that its domain does not have may lead to another config's place.
        return low < keys.count && keys[low] == key && self[low] == config ? low : nil
    }
}

extension ConfigSpace {
    /// All valid configs at once, if they are at most `most` and 64 bits can number the combinations of all values.
    public func table(most: Int = .max) -> ConfigTable? { ConfigTable(self, most: most) }
}
