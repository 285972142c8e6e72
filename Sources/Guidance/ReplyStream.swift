internal import ConfigSpace

/// Reads a reply while it is being written and hands out each config as soon as it is complete.
///
/// `ReplyReader` decides only at the end of a reply which of several lists the model settled on. What is handed out before
/// is therefore chosen with care: the elements of `{"configs":[…]}`, the form that was asked for, where it opens a line,
/// outside of `<think>`, and only of the first such list. Everything else (a bare list, objects one by one, a wrapper in
/// the middle of a sentence) waits for `end()`. What was handed out and turns out to be a draft is a config that the model
/// wrote down all the same: if it is valid, it costs one measurement and misleads nobody.
///
/// An element counts as complete when what follows it is there too, for `{…} * 4` is no config. The parser is the one that
/// reads whole replies: it is set back where it ran into the end of the text, and tries again only when something was
/// closed since and not too much was read in vain, so that the time is linear whatever the text is.
struct ReplyStream {
    struct Ending: Equatable {
        /// The reply as `ReplyReader` reads it.
        var reply: ReadReply
        /// Its items behind those that were handed out; nil where it does not begin with those, which were a draft.
        var rest: [ReadReply.Item]?
    }

    private enum Place {
        case outside
        /// In an object that may have "configs".
        case object
        /// In the list under "configs".
        case configs
        /// Behind it: nothing more is handed out before the end.
        case settled
    }

    /// Bytes that may be read in vain, for each byte that has arrived.
    private static let repetitions = 16

    private var json = LenientJSON([])
    private var place = Place.outside
    private var handedOut: [ReadReply.Item] = []
    /// Elements before the list's first object; without one it is no list of configs.
    private var held: [ReadReply.Item] = []
    private var holdsObjects = false
    private var elementCount = 0
    private var readInVain = 0
    private var waitsForMore = false
    /// A closing bracket has arrived, and what follows it.
    private var somethingClosed = false
    private var endsInClosing = false
    private var isThinking = false
    private var searchedForThinking = 0

    /// Takes the next piece of the reply, and gives the items that it completes.
    mutating func receive(_ delta: String) -> [ReadReply.Item] {
        let bytes = delta.utf8.prefix(ReplyReader.longestReply - json.bytes.count)
        json.append(bytes)
        for byte in bytes where !LenientJSON.isBlank(byte) {
            if endsInClosing { somethingClosed = true }
            endsInClosing = LenientJSON.isClosing(byte)
        }
        let known = handedOut.count
        if !waitsForMore || isWorthTrying {
            somethingClosed = false
            waitsForMore = false
            while place != .settled, step() {}
        }
        return Array(handedOut[known...])
    }

    /// Reads the whole, which has the last word.
    func end() -> Ending {
        let reply = ReplyReader.read(json.bytes)
        let isContinued = reply.items.starts(with: handedOut)
        return Ending(reply: reply, rest: isContinued ? Array(reply.items.dropFirst(handedOut.count)) : nil)
    }

    private var isWorthTrying: Bool {
        let pending = json.bytes.count - json.position
        return somethingClosed && readInVain + pending <= Self.repetitions * json.bytes.count
    }

    /// Reads one part of the text; false where its end is not there yet.
    private mutating func step() -> Bool {
        switch place {
        case .outside: findObject()
        case .object: readMember()
        case .configs: readElement()
        case .settled: false
        }
    }

    private mutating func findObject() -> Bool {
        guard json.skipToContainer() else { return false }
        if json.current == UInt8(ascii: "{"), opensLine, !isInThoughts() {
            json.position += 1
            place = .object
            return true
        }
        return attempt { json in json.nextContainer() } != nil
    }

    private mutating func readMember() -> Bool {
        enum Part { case configs, other, end }
        let part = attempt { json -> Part in
            json.skipBlanksAndCommas()
            guard let byte = json.current else { return .end }
            if LenientJSON.isClosing(byte) {
                // One of another kind closes nothing here, and is passed over outside.
                json.position += byte == UInt8(ascii: "}") ? 1 : 0
                return .end
            }
            let start = json.position
            if json.key() == "configs" {
                json.skipBlanks()
                if json.current == UInt8(ascii: "[") {
                    json.position += 1
                    return .configs
                }
            }
            json.position = start
            _ = json.member(depth: 0)
            return .other
        }
        switch part {
        case .configs:
            place = .configs
            held = []
        case .end: place = .outside
        case .other: break
        case nil: return false
        }
        return true
    }

    private mutating func readElement() -> Bool {
        enum Part {
            case element(LenientJSON.Node)
            case end
        }
        let part = attempt { json -> Part in
            json.skipBlanksAndCommas()
            guard let byte = json.current else { return .end }
            if LenientJSON.isClosing(byte) {
                json.position += byte == UInt8(ascii: "]") ? 1 : 0
                return .end
            }
            return .element(json.element(depth: 1))
        }
        switch part {
        case .element(let node): handOut(node)
        case .end: place = holdsObjects ? .settled : .object
        case nil: return false
        }
        return true
    }

    private mutating func handOut(_ node: LenientJSON.Node) {
        elementCount += 1
        guard elementCount <= ReplyReader.mostItems else {
            place = .settled
            return
        }
        if let item = ReplyReader.item(node) { held.append(item) }
        if case .object = node.content { holdsObjects = true }
        if holdsObjects {
            handedOut += held
            held = []
        }
    }

    /// Reads a part, or stays where it is if that part may go on in what is still to come.
    private mutating func attempt<Part>(_ read: (inout LenientJSON) -> Part) -> Part? {
        let start = json.position
        let part = read(&json)
        guard json.isAtEnd else { return part }
        readInVain += json.position - start
        json.position = start
        waitsForMore = true
        return nil
    }

    /// Whether nothing but blanks stands before this in its line.
    private var opensLine: Bool {
        var place = json.position
        while place > 0 {
            place -= 1
            if json.bytes[place] == 10 { return true }
            if !LenientJSON.isBlank(json.bytes[place]) { return false }
        }
        return true
    }

    /// Whether this stands in reasoning that a server left in the text.
    private mutating func isInThoughts() -> Bool {
        let opening = Array("<think".utf8)
        let closing = Array("</think".utf8)
        while searchedForThinking < json.position {
            if json.bytes[searchedForThinking] == opening[0] {
                let rest = json.bytes[searchedForThinking..<json.position]
                if rest.starts(with: opening) { isThinking = true }
                if rest.starts(with: closing) { isThinking = false }
            }
            searchedForThinking += 1
        }
        return isThinking
    }
}
