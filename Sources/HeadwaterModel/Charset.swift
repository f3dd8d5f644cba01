internal import Glibc

/// A character encoding by its WHATWG name, with the way from its bytes to UTF-8 and back to byte ranges.
public struct Charset: Hashable, Sendable, CustomStringConvertible {
    /// The lower-case WHATWG name: `utf-8`, `windows-1251`.
    public let name: String

    public static let utf8 = Charset(name: "utf-8")
    public static let utf16LE = Charset(name: "utf-16le")
    public static let utf16BE = Charset(name: "utf-16be")
    public static let windows1251 = Charset(name: "windows-1251")
    public static let windows1252 = Charset(name: "windows-1252")

    private init(name: String) { self.name = name }

    /// The encoding that a page, a header or a detector calls by this label; nil if it is not supported.
    public init?(label: String) {
        let label = label.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        let name = Charset.aliases[label] ?? label
        guard ["utf-8", "utf-16le", "utf-16be"].contains(name) || Charset.singleByteNames.contains(name) else { return nil }
        self.name = name
    }

    public var description: String { name }

    /// Some decoded bytes: which text bytes come from which source bytes.
    public struct Piece: Equatable, Sendable {
        public var length: Int
        public var offset: Int
        public var sourceLength: Int
        /// Whether the text bytes equal the source bytes.
        public var isVerbatim: Bool
    }

    /// Decodes all of `bytes`. Never fails: what the encoding does not define becomes U+FFFD. A leading byte order
    /// mark belongs to no piece. Pieces are in order and cover the text.
    public func decode(_ bytes: [UInt8]) -> (text: [UInt8], pieces: [Piece]) {
        switch self {
        case .utf8: UTF8Decoding.decode(bytes)
        case .utf16LE: UTF16Decoding.decode(bytes, littleEndian: true)
        case .utf16BE: UTF16Decoding.decode(bytes, littleEndian: false)
        default: SingleByteDecoding.decode(bytes, table: SingleByteDecoding.table(of: name))
        }
    }

    /// How many source bytes stand behind this text, where that can be told from the text alone: it is what lets a
    /// rewritten segment be split. Nil for UTF-8, whose rewritten segments are replacements of malformed bytes.
    func sourceLength(of text: ArraySlice<UInt8>) -> Int? {
        switch self {
        case .utf8: return nil
        case .utf16LE, .utf16BE:
            // Four UTF-8 bytes are a surrogate pair; all other characters are one unit.
            return 2 * text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
        default: return text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        }
    }

    /// The labels that differ from the name and that pages use (WHATWG Encoding, section 4.2).
    private static let aliases: [String: String] = [
        "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8",
        "ascii": "windows-1252", "us-ascii": "windows-1252", "iso-8859-1": "windows-1252", "latin1": "windows-1252",
        "iso8859-1": "windows-1252", "l1": "windows-1252", "cp1252": "windows-1252", "x-cp1252": "windows-1252",
        "cp1251": "windows-1251", "x-cp1251": "windows-1251", "win1251": "windows-1251",
        "cp1250": "windows-1250", "cp1253": "windows-1253", "cp1254": "windows-1254", "iso-8859-9": "windows-1254",
        "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258",
        "latin2": "iso-8859-2", "iso8859-2": "iso-8859-2", "koi8": "koi8-r", "cp866": "ibm866", "mac": "macintosh",
        "utf-16": "utf-16le", "ucs-2": "utf-16le", "unicode": "utf-16le", "unicodefffe": "utf-16be",
    ]

    private static let singleByteNames: Set<String> = [
        "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
        "windows-1257", "windows-1258", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6",
        "iso-8859-7", "iso-8859-8", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
        "koi8-r", "koi8-u", "ibm866", "macintosh",
    ]
}

/// UTF-8: valid runs pass as they are; each maximal malformed part becomes one U+FFFD (Unicode, section 3.9).
private enum UTF8Decoding {
    static func decode(_ bytes: [UInt8]) -> (text: [UInt8], pieces: [Charset.Piece]) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var pieces: [Charset.Piece] = []
        var run = start
        var index = start
        func closeRun() {
            guard index > run else { return }
            text.append(contentsOf: bytes[run..<index])
            pieces.append(.init(length: index - run, offset: run, sourceLength: index - run, isVerbatim: true))
        }
        while index < bytes.count {
            switch UTF8Scan.step(bytes, index) {
            case .valid(let length): index += length
            case .malformed(let length):
                closeRun()
                text.append(contentsOf: [0xEF, 0xBF, 0xBD])
                pieces.append(.init(length: 3, offset: index, sourceLength: length, isVerbatim: false))
                index += length
                run = index
            }
        }
        closeRun()
        return (text, pieces)
    }
}

/// UTF-16: a lone surrogate or a last odd byte becomes U+FFFD.
private enum UTF16Decoding {
    static func decode(_ bytes: [UInt8], littleEndian: Bool) -> (text: [UInt8], pieces: [Charset.Piece]) {
        let mark: [UInt8] = littleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
        let start = bytes.starts(with: mark) ? 2 : 0
        let end = bytes.count - (bytes.count - start) % 2
        func unit(_ index: Int) -> UInt32 {
            let (low, high) = littleEndian ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            return UInt32(high) << 8 | UInt32(low)
        }
        var text: [UInt8] = []
        var index = start
        while index < end {
            var code = unit(index)
            index += 2
            if 0xD800..<0xDC00 ~= code, index < end, 0xDC00..<0xE000 ~= unit(index) {
                code = 0x10000 + (code - 0xD800) << 10 + (unit(index) - 0xDC00)
                index += 2
            }
            text.append(contentsOf: UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
        }
        var pieces: [Charset.Piece] = []
        if end > start {
            pieces.append(.init(length: text.count, offset: start, sourceLength: end - start, isVerbatim: false))
        }
        if end < bytes.count {
            text.append(contentsOf: [0xEF, 0xBF, 0xBD])
            pieces.append(.init(length: 3, offset: end, sourceLength: 1, isVerbatim: false))
        }
        return (text, pieces)
    }
}

/// Encodings of one byte a character, by a table of 256 that the C library's iconv fills once.
private enum SingleByteDecoding {
    typealias Table = [Unicode.Scalar]

    static func decode(_ bytes: [UInt8], table: Table) -> (text: [UInt8], pieces: [Charset.Piece]) {
        guard !bytes.isEmpty else { return ([], []) }
        if bytes.allSatisfy({ $0 < 0x80 }) {
            return (bytes, [.init(length: bytes.count, offset: 0, sourceLength: bytes.count, isVerbatim: true)])
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else {
                text.append(contentsOf: UTF8.encode(table[Int(byte)]) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return (text, [.init(length: text.count, offset: 0, sourceLength: bytes.count, isVerbatim: false)])
    }

    private static let iconvNames = ["ibm866": "IBM866", "macintosh": "MACINTOSH"]

    /// Bytes that the encoding leaves open stand for U+FFFD, but in Windows code pages for the C1 control of the same
    /// number, as WHATWG's tables have it.
    static func table(of name: String) -> Table {
        let target = iconv_open("UTF-32LE", iconvNames[name] ?? name.uppercased())
        guard Int(bitPattern: target) != -1 else { return Array(repeating: "\u{FFFD}", count: 256) }
        defer { iconv_close(target) }
        return (0..<256).map { byte -> Unicode.Scalar in
            var input = CChar(truncatingIfNeeded: byte)
            var code: UInt32 = 0
            let converted = withUnsafeMutablePointer(to: &input) { inputPointer in
                withUnsafeMutableBytes(of: &code) { output -> Bool in
                    var source: UnsafeMutablePointer<CChar>? = inputPointer
                    var sourceLeft = 1
                    var room: UnsafeMutablePointer<CChar>? = output.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var roomLeft = output.count
                    return iconv(target, &source, &sourceLeft, &room, &roomLeft) != -1 && roomLeft == 0
                }
            }
            if converted, let scalar = Unicode.Scalar(UInt32(littleEndian: code)) { return scalar }
            return name.hasPrefix("windows-") && 0x80..<0xA0 ~= byte ? Unicode.Scalar(UInt8(byte)) : "\u{FFFD}"
        }
    }
}
