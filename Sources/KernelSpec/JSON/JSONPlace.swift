internal import ConfigSpace

// Where a node stands. Worked out when an error asks for it, so that reading costs nothing.
extension JSONNode {
    /// Line and column of the value's first byte.
    public var position: TextPosition {
        document.withText { TextPosition(ofOffset: Int(document.entries[index].start), in: $0) }
    }

    /// The way from the root, such as `config_space[2].min`; empty for the root.
    ///
    /// A key's own path is that of its value.
    public var path: String {
        var path = ""
        var container = 0
        while container < index, document.entries[container].kind.isContainer {
            let isObject = document.entries[container].kind == .object
            var child = container + 1
            var place = 0
            while true {
                if isObject, child == index {
                    return path + step(toKey: child, isFirst: path.isEmpty)
                }
                let value = isObject ? child + 1 : child
                let next = document.next(after: value)
                if index < next {
                    path += isObject ? step(toKey: child, isFirst: path.isEmpty) : "[\(place)]"
                    container = value
                    break
                }
                child = next
                place += 1
            }
        }
        return path
    }

    /// An error at this value.
    public func error(_ message: String, help: String? = nil) -> SpecError {
        error(message, at: position, help: help)
    }

    /// An error at a byte (of the UTF-8) inside this string, where the text of an expression stands.
    public func error(_ message: String, atByte offset: Int, help: String? = nil) -> SpecError {
        guard kind == .string else { return error(message, help: help) }
        let place = document.withText { text in
            let place = JSONString.sourceOffset(ofByte: offset, in: document.entries[index], text)
            return TextPosition(ofOffset: place, in: text)
        }
        return error(message, at: place, help: help)
    }

    private func error(_ message: String, at position: TextPosition, help: String?) -> SpecError {
        SpecError(
            file: document.file, line: position.line, column: position.column, path: path, message: message, help: help)
    }

    private func step(toKey key: Int, isFirst: Bool) -> String {
        let name = document.withText { JSONString.decode(document.entries[key], $0) }
        let isPlain = !name.isEmpty && name.utf8.allSatisfy(\.isIdentifierByte)
        guard isPlain else { return "[\(Value.string(name).json)]" }
        return isFirst ? name : "." + name
    }
}
