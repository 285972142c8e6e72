/// How an array lies in memory: its strides by the order of its dimensions.
public struct ArrayLayout: Sendable, Equatable {
    public let shape: [Int]
    /// The dimensions from the one whose neighbours lie farthest apart to the one whose neighbours lie side by side.
    public let order: [Int]
    /// Elements from one neighbour to the next, by dimension.
    public let strides: [Int]

    /// - Parameter order: a permutation of the dimensions' numbers; nil is row-major, 0, 1, ….
    public init(shape: [Int], order: [Int]? = nil) {
        self.shape = shape
        self.order = order ?? Array(shape.indices)
        var strides = [Int](repeating: 1, count: shape.count)
        var stride = 1
        for dimension in self.order.reversed() {
            strides[dimension] = stride
            stride *= shape[dimension]
        }
        self.strides = strides
    }

    var isRowMajor: Bool { order == Array(shape.indices) }

    /// The place, by dimension, of the element that lies at `index` in memory.
    public func place(of index: Int) -> [Int] {
        var rest = index
        var place = [Int](repeating: 0, count: shape.count)
        for dimension in order {
            place[dimension] = rest / strides[dimension]
            rest %= strides[dimension]
        }
        return place
    }

    /// Elements that lie in row-major order, brought into this one.
    func arranged(_ rowMajor: [UInt8], elementBytes: Int) -> [UInt8] {
        guard !isRowMajor, elementBytes > 0 else { return rowMajor }
        var arranged = rowMajor
        let source = ArrayLayout(shape: shape)
        for index in 0..<rowMajor.count / elementBytes {
            let place = source.place(of: index)
            let target = zip(place, strides).reduce(0) { $0 + $1.0 * $1.1 } * elementBytes
            for byte in 0..<elementBytes { arranged[target + byte] = rowMajor[index * elementBytes + byte] }
        }
        return arranged
    }
}

extension Argument {
    /// Nil for a scalar.
    public var layout: ArrayLayout? {
        guard case .array(let shape, _, _) = kind else { return nil }
        return ArrayLayout(shape: shape, order: order)
    }
}
