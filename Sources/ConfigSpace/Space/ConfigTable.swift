/// Every valid config of a space, in lexicographic order, eight bytes each: a config is made when it is asked for.
///
/// What is kept of one is its key, the place of its values among all combinations of values, constraints apart.
public struct ConfigTable: RandomAccessCollection, Sendable {
    /// Copies share it.
    private let contents: Contents

    private final class Contents: Sendable {
        let names: [String]
        let layout: Layout
        /// What one place of each axis adds to a key.
        let strides: [UInt64]
        /// Ascending.
        let keys: [UInt64]

        init(names: [String], layout: Layout, strides: [UInt64], keys: [UInt64]) {
            self.names = names
            self.layout = layout
            self.strides = strides
            self.keys = keys
        }
    }

    /// Nil where there are more than `most` valid configs, or more combinations than 64 bits can number.
    init?(_ space: CompiledSpace, names: [String], most: Int) {
        let axes = space.layout.axes
        var strides = [UInt64](repeating: 0, count: axes.count)
        var product: UInt64 = 1
        for axis in axes.indices.reversed() {
            strides[axis] = product
            let (next, overflow) = product.multipliedReportingOverflow(by: UInt64(axes[axis].count))
            if overflow { return nil }
            product = next
        }
        var configs = ConfigSequence(space, names: names)
        guard let keys = configs.keys(strides: strides, most: most) else { return nil }
        contents = Contents(names: names, layout: space.layout, strides: strides, keys: keys)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { contents.keys.count }

    public subscript(place: Int) -> Config {
        var rest = contents.keys[place]
        let indices = contents.strides.map { stride in
            let (index, left) = rest.quotientAndRemainder(dividingBy: stride)
            rest = left
            return Int(index)
        }
        let layout = contents.layout
        return Config(names: contents.names, values: layout.shapes.map { layout.value(of: $0, indices) })
    }

    /// Where `config` stands; nil where it is not in the table.
    public func place(of config: Config) -> Int? {
        guard config.names == contents.names else { return nil }
        let keys = contents.keys
        var key: UInt64 = 0
        for (parameter, value) in config.values.enumerated() {
            contents.layout.scatter(value, over: contents.layout.shapes[parameter]) { axis, value in
                key &+= UInt64(truncatingIfNeeded: contents.layout.index(of: value, on: axis)) &* contents.strides[axis]
            }
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
    public func table(most: Int = .max) -> ConfigTable? { ConfigTable(compiled, names: names, most: most) }
}
