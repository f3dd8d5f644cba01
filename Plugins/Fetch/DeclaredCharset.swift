import HeadwaterModel

/// The charset that a page's own first bytes declare (WHATWG HTML, section 13.2.3.2, "prescan a byte stream").
enum DeclaredCharset {
    /// Authors must declare within the first 1024 bytes, and the standard looks no further.
    static let limit = 1024

    /// The label in the first `<meta>` that has one, else in the XML declaration.
    static func label(in bytes: [UInt8]) -> String? {
        let head = Array(bytes.prefix(limit))
        return meta(head) ?? xmlDeclaration(head)
    }

    private static func meta(_ bytes: [UInt8]) -> String? {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            if bytes[index...].starts(with: "<!--".utf8) {
                // The comment's own dashes may be those that end it: `<!-->`.
                index = end(of: "-->", in: bytes, from: index + 2) ?? bytes.count
            } else if isTag("meta", bytes, index) {
                var attributes = TagAttributes(bytes, from: index + 5)
                if let label = label(&attributes) { return label }
                index = attributes.offset
            } else if index + 1 < bytes.count, ASCII.isAlphanumeric(bytes[index + 1]) || bytes[index + 1] == UInt8(ascii: "/") {
                var attributes = TagAttributes(bytes, from: index + 1, skippingName: true)
                while attributes.next() != nil {}
                index = attributes.offset
            } else {
                index += 1
            }
        }
        return nil
    }

    /// A `charset` attribute, or `content` with a charset beside `http-equiv="content-type"`.
    private static func label(_ attributes: inout TagAttributes) -> String? {
        var isContentType = false
        var fromContent: String?
        var direct: String?
        while let (name, value) = attributes.next() {
            switch name {
            case "http-equiv": isContentType = isContentType || value.lowercased() == "content-type"
            case "content": fromContent = fromContent ?? charset(inContent: Array(value.utf8))
            case "charset": direct = direct ?? value
            default: break
            }
        }
        return direct ?? (isContentType ? fromContent : nil)
    }

    /// WHATWG HTML, section 2.6.6, "extracting a character encoding from a meta element".
    private static func charset(inContent value: [UInt8]) -> String? {
        var start = 0
        while let found = end(of: "charset", in: value, from: start) {
            start = found
            let rest = value[found...].drop(while: ASCII.isSpace)
            guard rest.first == UInt8(ascii: "=") else { continue }
            let label = rest.dropFirst().drop(while: ASCII.isSpace)
            if let quote = label.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                let inside = label.dropFirst()
                return inside.firstIndex(of: quote).map { String(decoding: inside[..<$0], as: UTF8.self) }
            }
            return String(decoding: label.prefix { !ASCII.isSpace($0) && $0 != UInt8(ascii: ";") }, as: UTF8.self)
        }
        return nil
    }

    /// `<?xml … encoding="…"?>` (XML 1.0, section 4.3.3).
    private static func xmlDeclaration(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: "<?xml".utf8), let close = end(of: "?>", in: bytes, from: 5) else { return nil }
        let declaration = Array(bytes[..<close])
        guard let name = end(of: "encoding", in: declaration, from: 5) else { return nil }
        let rest = declaration[name...].drop(while: ASCII.isSpace)
        guard rest.first == UInt8(ascii: "=") else { return nil }
        let value = rest.dropFirst().drop(while: ASCII.isSpace)
        guard let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let inside = value.dropFirst()
        return inside.firstIndex(of: quote).map { String(decoding: inside[..<$0], as: UTF8.self) }
    }

    private static func isTag(_ name: String, _ bytes: [UInt8], _ index: Int) -> Bool {
        let end = index + 1 + name.utf8.count
        guard end < bytes.count, bytes[index + 1..<end].map(ASCII.lowercased).elementsEqual(name.utf8) else { return false }
        return ASCII.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: "/")
    }

    /// Where the text ends, letters in either case, if it stands anywhere from `start` on.
    private static func end(of text: String, in bytes: [UInt8], from start: Int) -> Int? {
        let text = Array(text.utf8)
        guard start <= bytes.count - text.count else { return nil }
        let found = (start...bytes.count - text.count).first { at in
            text.indices.allSatisfy { ASCII.lowercased(bytes[at + $0]) == text[$0] }
        }
        return found.map { $0 + text.count }
    }
}

/// Reads a tag's attributes one by one (WHATWG HTML, section 13.2.3.2, "get an attribute").
struct TagAttributes {
    private let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8], from start: Int, skippingName: Bool = false) {
        self.bytes = bytes
        offset = start
        if skippingName { while let byte = current, !ASCII.isSpace(byte), byte != UInt8(ascii: ">") { offset += 1 } }
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// The next attribute, its name in lower case; nil at the tag's end.
    mutating func next() -> (name: String, value: String)? {
        while let byte = current, ASCII.isSpace(byte) || byte == UInt8(ascii: "/") { offset += 1 }
        guard let first = current, first != UInt8(ascii: ">") else { return nil }
        let nameStart = offset
        while let byte = current, offset == nameStart || byte != UInt8(ascii: "="), byte != UInt8(ascii: ">"),
            byte != UInt8(ascii: "/"), !ASCII.isSpace(byte)
        { offset += 1 }
        let name = String(decoding: bytes[nameStart..<offset].map(ASCII.lowercased), as: UTF8.self)
        while let byte = current, ASCII.isSpace(byte) { offset += 1 }
        guard current == UInt8(ascii: "=") else { return (name, "") }
        offset += 1
        while let byte = current, ASCII.isSpace(byte) { offset += 1 }
        guard let quote = current else { return (name, "") }
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            offset += 1
            let start = offset
            while let byte = current, byte != quote { offset += 1 }
            defer { offset = min(offset + 1, bytes.count) }
            return (name, String(decoding: bytes[start..<offset], as: UTF8.self))
        }
        let start = offset
        while let byte = current, !ASCII.isSpace(byte), byte != UInt8(ascii: ">") { offset += 1 }
        return (name, String(decoding: bytes[start..<offset], as: UTF8.self))
    }
}
