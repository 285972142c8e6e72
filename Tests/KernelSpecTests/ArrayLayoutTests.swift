import Testing

@testable import KernelSpec

@Suite("How arrays lie in memory")
struct ArrayLayoutTests {
    @Test("strides follow the order of the dimensions")
    func strides() {
        #expect(ArrayLayout(shape: [2, 3, 4]).strides == [12, 4, 1])
        #expect(ArrayLayout(shape: [2, 3], order: [1, 0]).strides == [1, 2])
        #expect(ArrayLayout(shape: [2, 3, 4], order: [0, 2, 1]).strides == [12, 1, 3])
    }

    @Test("an element's place is found from where it lies")
    func places() {
        let layout = ArrayLayout(shape: [2, 3], order: [1, 0])
        #expect((0..<6).map(layout.place) == [[0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2]])
    }

    @Test("a row-major file's elements come to their places")
    func arranged() {
        // [[1, 2, 3], [4, 5, 6]] in 16-bit numbers.
        let bytes: [UInt8] = [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]
        let layout = ArrayLayout(shape: [2, 3], order: [1, 0])
        #expect(layout.arranged(bytes, elementBytes: 2) == [1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 0])
        #expect(ArrayLayout(shape: [2, 3]).arranged(bytes, elementBytes: 2) == bytes)
    }

    @Test("kernel.json gives the order, and one that is none is an error with the cure")
    func reading() throws {
        func text(_ order: String) -> String {
            """
            { "name": "k", "kernel": { "language": "cuda", "source": "matmul.cu", "function": "k" },
              "arguments": [ { "name": "y", "dtype": "float32", "shape": [4, 8], "order": \(order), "role": "output" } ],
              "launch": { "grid": [1], "block": [32] },
              "config_space": [ { "name": "tile", "type": "integer", "min": 1, "max": 4 } ] }
            """
        }
        try SpecFolder.with { folder in
            let spec = try folder.read(text("[1, 0]"))
            #expect(spec.arguments[0].layout?.strides == [1, 4])
            for order in ["[0]", "[1, 1]", "[0, 2]", "[]"] {
                let error = folder.error(of: text(order))
                #expect(error.contains("is no order of the shape's 2 dimensions"), "\(order): \(error)")
            }
        }
    }
}
