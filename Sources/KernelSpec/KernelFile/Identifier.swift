/// Names that become macros, C identifiers and names in expressions.
enum Identifier {
    /// Why `name` cannot be a parameter's or an argument's; nil when it can.
    static func fault(in name: String) -> String? {
        guard isIdentifier(name) else { return "is not a C identifier" }
        if keywords.contains(name) { return "is a keyword of C or C++" }
        if expressionWords.contains(name) { return "is a word of the expression language" }
        return nil
    }

    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, !first.isDigit else { return false }
        return name.utf8.allSatisfy(\.isIdentifierByte)
    }

    /// Where `name` stands in an expression's text, in UTF-8 bytes; strings in quotes are passed over.
    static func offset(of name: String, in text: String) -> Int? {
        let bytes = Array(text.utf8)
        var quote: UInt8?
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
                index += 1
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
                index += 1
            } else if byte.isIdentifierByte {
                let end = bytes[index...].firstIndex { !$0.isIdentifierByte } ?? bytes.count
                if bytes[index..<end].elementsEqual(name.utf8) { return index }
                index = end
            } else {
                index += 1
            }
        }
        return nil
    }

    /// C23's and C++23's keywords; CUDA C++ adds none.
    private static let keywords: Set<String> = Set(
        """
        alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await \
        co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do \
        double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable \
        namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast \
        requires restrict return short signed sizeof static static_assert static_cast struct switch template this \
        thread_local throw true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void volatile \
        wchar_t while xor xor_eq _Alignas _Alignof _Atomic _BitInt _Bool _Complex _Decimal32 _Decimal64 _Decimal128 \
        _Generic _Imaginary _Noreturn _Static_assert _Thread_local
        """.split(separator: " ").map(String.init))

    private static let expressionWords: Set<String> = [
        "True", "False", "None", "null", "in", "is", "lambda", "min", "max", "abs", "ceil_div", "len", "round", "floor",
        "ceil",
        "sum", "list", "range",
    ]
}
