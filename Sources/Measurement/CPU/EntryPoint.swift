import KernelSpec

/// The C or C++ file around a kernel's source that gives every kernel the same entry point, `void (void **)`.
struct EntryPoint {
    static let kernelSymbol = "autotune_kernel"
    static let referenceSymbol = "autotune_reference"

    let target: Target
    let arguments: [Argument]

    private var isCPlusPlus: Bool { target.language == Language.cPlusPlus.rawValue }

    /// The file's name: compilers show it where a kernel's signature does not fit its arguments.
    var fileName: String { "\(target.function).entry.\(isCPlusPlus ? "cpp" : "c")" }

    /// - Throws: when the source's path cannot be written in an #include.
    func text() throws(RPCError) -> String {
        guard !target.source.contains(where: { $0 == "\"" || $0.isNewline }) else {
            throw .unsupported("the path of \(target.source) has a quote or line break in it")
        }
        var text = """
            #include "\(target.source)"
            #include <\(isCPlusPlus ? "cstdint" : "stdint.h")>

            """
        if isCPlusPlus { text += Self.anyPointer }
        text += function(Self.kernelSymbol, calls: target.function)
        if case .function(let reference) = target.verification.against {
            text += function(Self.referenceSymbol, calls: reference)
        }
        return text
    }

    private func function(_ symbol: String, calls function: String) -> String {
        let passed = arguments.enumerated().map { index, argument in
            switch argument.kind {
            case .scalar: "*(\(type(argument.dataType)) *)arguments[\(index)]"
            case .array: pointer(index, argument.dataType)
            }
        }
        return """
            \(isCPlusPlus ? "extern \"C\" " : "")__attribute__((visibility("default"))) void \(symbol)(void **arguments) {
                (void)arguments;
                \(function)(\(passed.joined(separator: ", ")));
            }

            """
    }

    /// Types that C has a name for are checked against the kernel's signature. Kernels spell the narrow floating types
    /// in many ways (a compiler's own type, their bits in an integer), so those fit any pointer.
    private func pointer(_ index: Int, _ type: DataType) -> String {
        switch type {
        case .float8E4M3, .float8E5M2, .float16, .bfloat16:
            isCPlusPlus ? "autotune_any_pointer{arguments[\(index)]}" : "arguments[\(index)]"
        default: "(\(self.type(type)) *)arguments[\(index)]"
        }
    }

    private static let anyPointer = """
        struct autotune_any_pointer {
            void *address;
            template <class T> operator T *() const { return static_cast<T *>(address); }
        };

        """

    /// The C type of a scalar, and of what an array's pointer points to.
    private func type(_ type: DataType) -> String {
        switch type {
        case .bool: isCPlusPlus ? "bool" : "_Bool"
        case .int8: "int8_t"
        case .int16: "int16_t"
        case .int32: "int32_t"
        case .int64: "int64_t"
        case .uint8, .float8E4M3, .float8E5M2: "uint8_t"
        case .uint16: "uint16_t"
        case .uint32: "uint32_t"
        case .uint64: "uint64_t"
        case .float16: "_Float16"
        case .bfloat16: "__bf16"
        case .float32: "float"
        case .float64: "double"
        }
    }
}
