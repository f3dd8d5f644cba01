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
            // Two simple passes: the first is one that a compiler makes many bytes at a time of.
            var count = 0
            for byte in bytes {
                let isPart =
                    byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") || byte == 0x0A || byte == 0x0D
                count &+= isPart ? 1 : 0
            }
            var index = 0
            while index + 1 < bytes.count {
                // NEL, LS and PS, the ends of lines beyond ASCII.
                if bytes[index] == 0xC2, bytes[index + 1] == 0x85 { count += 1 }
                if bytes[index] == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80, bytes[index + 2] & 0xFE == 0xA8 {
                    count += 1
                }
                index += 1
            }
            return count
        }
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
