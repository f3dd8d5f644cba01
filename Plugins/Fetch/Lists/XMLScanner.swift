/// Reads XML as a row of tags and texts, for files of strangers that name URLs.
///
/// Entities other than the five of XML and characters by number stay as they are written: none is declared, none is looked up
/// outside, so none can blow up or lead anywhere. Damage is read over; each byte is looked at once.
struct XMLScanner {
    enum Event: Equatable {
        /// A tag that opens an element; one that closes it at once is followed by its end.
        case start(name: String, attributes: [String: String])
        case end(name: String)
        case text([UInt8])
    }

    private let bytes: [UInt8]
    private var index = 0
    private var closing: String?

    /// - Parameter bytes: in UTF-8.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Event? {
        if let name = closing {
            closing = nil
            return .end(name: name)
        }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                let start = index
                index = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                return .text(XMLScanner.resolved(bytes[start..<index]))
            }
            if skip("<!--", upTo: "-->") || skip("<?", upTo: "?>") { continue }
            if holds("<![CDATA[") {
                let start = index + 9
                _ = skip("<![CDATA[", upTo: "]]>")
                let end = index - (bytes[..<index].suffix(3).elementsEqual("]]>".utf8) ? 3 : 0)
                return .text(Array(bytes[min(start, end)..<end]))
            }
            if holds("<!") {
                skipDeclaration()
                continue
            }
            return tag()
        }
        return nil
    }

    /// The part of a name behind its prefix.
    static func local(_ name: String) -> Substring {
        name[(name.lastIndex(of: ":").map(name.index(after:)) ?? name.startIndex)...]
    }

    private func holds(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in bytes[index...].starts(with: text) }
    }

    /// Goes behind what begins and ends so; to the end of all where it does not end.
    private mutating func skip(_ start: StaticString, upTo end: StaticString) -> Bool {
        guard holds(start) else { return false }
        index += start.utf8CodeUnitCount
        while index < bytes.count, !holds(end) { index += 1 }
        index = min(index + end.utf8CodeUnitCount, bytes.count)
        return true
    }

    /// A declaration with all that it holds in brackets and quotes.
    private mutating func skipDeclaration() {
        var depth = 0
        var quote: UInt8?
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">") where depth <= 0: return
            default: break
            }
        }
    }

    private mutating func tag() -> Event {
        index += 1
        let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
        if isEnd { index += 1 }
        let name = word()
        var attributes: [String: String] = [:]
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
            if bytes[index] == UInt8(ascii: "/") {
                index += 1
                if !isEnd, index < bytes.count, bytes[index] == UInt8(ascii: ">") { closing = name }
                continue
            }
            let attribute = word()
            if attribute.isEmpty {
                index += 1
                continue
            }
            let value = value()
            if attributes.count < 256, attributes[attribute] == nil { attributes[attribute] = value }
        }
        index = min(index + 1, bytes.count)
        return isEnd ? .end(name: name) : .start(name: name, attributes: attributes)
    }

    private mutating func word() -> String {
        let start = index
        while index < bytes.count, !ASCII.isSpace(bytes[index]), !"=>/".utf8.contains(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func value() -> String {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return "" }
        index += 1
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else { return word() }
        let quote = bytes[index]
        let start = index + 1
        index = bytes[start...].firstIndex(of: quote) ?? bytes.count
        defer { index = min(index + 1, bytes.count) }
        return String(decoding: XMLScanner.resolved(bytes[start..<index]), as: UTF8.self)
    }

    private mutating func skipSpace() { while index < bytes.count, ASCII.isSpace(bytes[index]) { index += 1 } }

    private static let entities: [String: UInt8] = [
        "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"), "quot": UInt8(ascii: "\""),
        "apos": UInt8(ascii: "'"),
    ]

    private static func resolved(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            // The longest, `&#x10FFFF;`, has ten bytes.
            if byte == UInt8(ascii: "&"), let end = text[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let value = character(text[(index + 1)..<end])
            {
                out += value
                index = end + 1
            } else {
                out.append(byte)
                index += 1
            }
        }
        return out
    }

    private static func character(_ name: ArraySlice<UInt8>) -> [UInt8]? {
        let text = String(decoding: name, as: UTF8.self)
        if let byte = entities[text] { return [byte] }
        guard text.hasPrefix("#") else { return nil }
        let isHex = text.dropFirst().first == "x"
        let code = UInt32(text.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
        return code.flatMap(Unicode.Scalar.init).flatMap { $0.value == 0 ? nil : Array(String($0).utf8) }
    }
}
