import HeadwaterModel

/// What kind of page some bytes are, by what they are said to be and by what they look like.
enum PageKind {
    case markup, text

    static func isText(mediaType: String) -> Bool {
        let name = essence(of: mediaType)
        return name.isEmpty || name.hasPrefix("text/") || name == "application/xhtml+xml" || name == "application/xml"
    }

    /// XML by its media type, or by the declaration that it begins with: saved pages lose the type.
    static func isXML(_ bytes: [UInt8], mediaType: String) -> Bool {
        let name = essence(of: mediaType)
        return name.hasSuffix("+xml") || name.hasSuffix("/xml")
            || bytes[WhiteSpace.end(bytes, from: 0)...].starts(with: "<?xml".utf8)
    }

    /// The type without its parameters.
    private static func essence(of mediaType: String) -> String { mediaType.prefix { $0 != ";" && $0 != " " }.lowercased() }

    /// Control characters that no text holds, more than one in a hundred bytes of the beginning.
    static func isBinary(_ bytes: [UInt8]) -> Bool {
        let beginning = bytes.prefix(4096)
        let controls = beginning.count { $0 < 0x09 || $0 > 0x0D && $0 < 0x1B || $0 > 0x1B && $0 < 0x20 }
        return controls * 100 > beginning.count
    }

    /// How many tags, character references and lines the bytes can have at most: each costs memory many times its own size.
    static func partCount(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            beginnings.withUnsafeBufferPointer { beginnings in
                var count = 0
                for index in 0..<bytes.count {
                    let kind = beginnings[Int(bytes[index])]
                    // Nearly every byte begins nothing.
                    if kind == 0 { continue }
                    if kind == 1 || endsLine(bytes, index) { count += 1 }
                }
                return count
            }
        }
    }

    /// 1 for a byte that is a part by itself, 2 for one that may begin the end of a line beyond ASCII, by byte.
    private static let beginnings: [UInt8] = (0..<256).map { byte in
        switch byte {
        case 0x3C, 0x26, 0x0A, 0x0D: 1
        case 0xC2, 0xE2: 2
        default: 0
        }
    }

    /// Whether NEL, LS or PS stands there.
    private static func endsLine(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard index + 1 < bytes.count else { return false }
        if bytes[index] == 0xC2 { return bytes[index + 1] == 0x85 }
        return index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8
    }

    /// Markup is what has tags of a page, whatever it is called: at least one that makes a block or begins a document.
    init(_ bytes: [UInt8]) {
        var index = 0
        var tags = 0
        while index + 2 < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "!"), bytes[index + 2] == UInt8(ascii: "-") {
                // A comment.
                tags += 1
                if tags >= 3 {
                    self = .markup
                    return
                }
                index += 3
            } else if bytes[index] == UInt8(ascii: "<") {
                let start = bytes[index + 1] == UInt8(ascii: "/") ? index + 2 : index + 1
                var end = start
                while end < bytes.count, end - start < 12, ASCII.isLetter(bytes[end]) || ASCII.isDigit(bytes[end]) { end += 1 }
                let closes =
                    end < bytes.count
                    && (bytes[end] == UInt8(ascii: ">") || ASCII.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: "/"))
                if end > start, closes {
                    switch ElementName(bytes[start..<end]) {
                    case .html, .body, .head:
                        self = .markup
                        return
                    case .p, .div, .br, .a, .span, .table, .td, .tr, .li, .ul, .h1, .h2, .h3, .article, .section: tags += 1
                    default: break
                    }
                    if tags >= 3 {
                        self = .markup
                        return
                    }
                }
                index = max(end, index + 1)
            } else {
                index += 1
            }
        }
        self = .text
    }
}
