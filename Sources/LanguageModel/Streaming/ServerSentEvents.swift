/// One event of a stream, whatever it was framed by.
struct StreamEvent: Equatable {
    /// The event's type, where the framing names one.
    var name: String?
    /// Its data, in the formats we speak a JSON document.
    var data: String
}

/// Takes a stream apart into events.
protocol EventFraming {
    /// The events that these bytes complete, wherever the stream was cut into pieces.
    ///
    /// - Throws: What is wrong with the framing, in words.
    mutating func take(_ bytes: [UInt8]) throws(FramingError) -> [StreamEvent]
    /// What the end of the stream completes.
    mutating func end() -> [StreamEvent]
}

struct FramingError: Error {
    var words: String
}

/// Server-sent events, as the HTML standard defines `text/event-stream`.
///
/// It works on bytes and decodes whole lines, so that a piece may end within a character.
struct ServerSentEventParser: EventFraming {
    private var line: [UInt8] = []
    /// The last byte was a carriage return: a line feed after it belongs to the same line end.
    private var isAfterReturn = false
    private var isAtStart = true
    private var name: String?
    private var data: String?

    mutating func take(_ bytes: [UInt8]) -> [StreamEvent] {
        var events: [StreamEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            if isAfterReturn, rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
            isAfterReturn = false
            guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
                break
            }
            line += rest[..<end]
            isAfterReturn = rest[end] == UInt8(ascii: "\r")
            rest = rest[(end + 1)...]
            if let event = endLine() { events.append(event) }
        }
        line += rest
        return events
    }

    /// The standard drops an event whose blank line is missing; servers that end without it mean it.
    mutating func end() -> [StreamEvent] {
        [line.isEmpty ? nil : endLine(), endEvent()].compactMap(\.self)
    }

    /// A line's end: of a field, or, where the line is blank, of the event.
    private mutating func endLine() -> StreamEvent? {
        var text = Substring(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
        if isAtStart, text.first == "\u{FEFF}" { text = text.dropFirst() }
        isAtStart = false
        guard !text.isEmpty else { return endEvent() }
        let field = text.prefix { $0 != ":" }
        var value = text.dropFirst(field.count + 1)
        if value.first == " " { value = value.dropFirst() }
        switch field {
        case "data": data = data.map { $0 + "\n" + value } ?? String(value)
        case "event": name = String(value)
        // Comments, which keep a connection alive, have no field name; ids and retry times are of no use here.
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> StreamEvent? {
        defer { (name, data) = (nil, nil) }
        return data.map { StreamEvent(name: name, data: $0) }
    }
}
