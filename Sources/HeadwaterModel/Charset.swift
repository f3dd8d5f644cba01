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

    /// Those that are supported, by name.
    package static let all =
        (["utf-8", "utf-16le", "utf-16be"] + MultiByteDecoding.allCases.map(\.rawValue) + [ISO2022JP.name]
        + SingleByteTables.text.keys.sorted())
        .map(Charset.init(name:))

    /// The encoding that a page, a header or a detector calls by this label; nil if it is not supported.
    public init?(label: String) {
        let label = label.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        let name = Charset.aliases[label] ?? label
        guard
            ["utf-8", "utf-16le", "utf-16be", ISO2022JP.name].contains(name) || MultiByteDecoding(rawValue: name) != nil
                || SingleByteTables.text[name] != nil
        else { return nil }
        self.name = name
    }

    /// The encoding that a rewriting rule names; nil if there is none. Within a shift, a text is read as one of its own.
    init?(rule name: some StringProtocol) {
        if let shifted = ISO2022JP(charsetName: String(name)) {
            self.init(name: shifted.shift.charsetName)
        } else {
            self.init(label: String(name))
            if self.name != String(name) { return nil }
        }
    }

    public var description: String { name }

    /// Some decoded bytes: which text bytes come from which source bytes.
    public struct Piece: Equatable, Sendable {
        public var length: Int
        public var offset: Int
        public var sourceLength: Int
        /// Whether the text bytes equal the source bytes.
        public var isVerbatim: Bool
        /// Which of the charset's shifts they stand in.
        var shift = ISO2022JP.Shift.ascii

        /// What these bytes are read as by themselves, in a text of this charset.
        package func charset(in whole: Charset) -> Charset { shift == .ascii ? whole : Charset(name: shift.charsetName) }
    }

    /// What a part of a text is read as that begins at this offset of it.
    public func starting(at offset: Int, in bytes: [UInt8]) -> Charset {
        guard ISO2022JP(charsetName: name) != nil else { return self }
        return Charset(name: ISO2022JP.shift(at: offset, in: bytes).charsetName)
    }

    /// Pieces that are not verbatim reach over no source offset that is a multiple of this, so that the source bytes
    /// behind a part of one are counted in short time, however long the text is.
    public static let blockSize = 1024

    /// Decodes all of `bytes`. Never fails: what the encoding does not define becomes U+FFFD. Pieces are in order and
    /// cover the text.
    ///
    /// - Parameter isStart: whether this is where the source begins, so that a byte order mark there belongs to no
    ///   piece. Anywhere else the same bytes are a character.
    public func decode(_ bytes: [UInt8], isStart: Bool = true) -> (text: [UInt8], pieces: [Piece]) {
        switch self {
        case .utf8: UTF8Decoding.decode(bytes, isStart: isStart)
        case .utf16LE: UTF16Decoding.decode(bytes, littleEndian: true, isStart: isStart)
        case .utf16BE: UTF16Decoding.decode(bytes, littleEndian: false, isStart: isStart)
        default:
            MultiByteDecoding(rawValue: name)?.decode(bytes) ?? ISO2022JP(charsetName: name)?.decode(bytes)
                ?? SingleByteDecoding.decode(bytes, table: SingleByteDecoding.tables[name] ?? [])
        }
    }

    /// Whether characters other than ASCII have one to four bytes here and UTF-8 is not meant.
    package var isMultiByte: Bool { MultiByteDecoding(rawValue: name) != nil || isShifted }

    /// Whether escapes say what its bytes mean, which are all those of ASCII.
    package var isShifted: Bool { name.hasPrefix(ISO2022JP.name) }

    /// In how many places the bytes are none of this encoding, so that U+FFFD stands for them.
    package func malformedCount(_ bytes: [UInt8]) -> Int {
        // In UTF-8 the character may also stand there as it is.
        if self == .utf8 { return UTF8Scan.firstMalformed(bytes) == nil ? 0 : decode(bytes).pieces.count { !$0.isVerbatim } }
        return decode(bytes).text.withUnsafeBufferPointer { text in
            text.indices.dropLast(2).count { text[$0] == 0xEF && text[$0 + 1] == 0xBF && text[$0 + 2] == 0xBD }
        }
    }

    /// How many source bytes stand behind this text, where that can be told from the text alone: it is what lets a
    /// rewritten segment be split. Nil for UTF-8, whose rewritten segments are replacements of malformed bytes.
    func sourceLength(of text: ArraySlice<UInt8>) -> Int? {
        guard self != .utf8 else { return nil }
        if let decoding = MultiByteDecoding(rawValue: name) { return text.withUnsafeBufferPointer(decoding.sourceLength) }
        if let shifted = ISO2022JP(charsetName: name) { return text.withUnsafeBufferPointer(shifted.sourceLength) }
        let isWide = self == .utf16LE || self == .utf16BE
        return text.withUnsafeBufferPointer { text in
            var units = 0
            // Four UTF-8 bytes are a surrogate pair of UTF-16; all other characters are one unit.
            for byte in text where byte & 0xC0 != 0x80 { units += isWide && byte >= 0xF0 ? 2 : 1 }
            return isWide ? 2 * units : units
        }
    }

    /// Whether two neighbouring rewritten segments are one longer one: not where some are pieces of their own for what they
    /// hold.
    var isJoinable: Bool { self != .utf8 && !isMultiByte }

    /// The labels that differ from the name (WHATWG Encoding, section 4.2), and of charsets of several bytes also
    /// what uchardet and old pages call them. ISO-8859-8-I is read as ISO-8859-8: they differ in the direction of display only.
    private static let aliases: [String: String] = {
        var aliases: [String: String] = [:]
        for line in aliasTable.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            for label in parts[1].split(separator: " ") { aliases[String(label)] = String(parts[0]) }
        }
        return aliases
    }()

    /// `name: label label`, a charset a line.
    private static let aliasTable = """
        utf-8: unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8
        ibm866: 866 cp866 csibm866
        iso-8859-2: csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
        iso-8859-3: csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
        iso-8859-4: csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
        iso-8859-5: csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
        iso-8859-6: arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso- \
            ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
        iso-8859-7: csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 \
            iso_8859-7:1987 sun_eu_greek
        iso-8859-8: csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 \
            iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical
        iso-8859-10: csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6
        iso-8859-13: iso8859-13 iso885913
        iso-8859-14: iso8859-14 iso885914
        iso-8859-15: csisolatin9 iso8859-15 iso885915 iso_8859-15 l9
        koi8-r: cskoi8r koi koi8 koi8_r
        koi8-u: koi8-ru
        macintosh: csmacintosh mac x-mac-roman
        windows-874: dos-874 iso-8859-11 iso8859-11 iso885911 tis-620
        windows-1250: cp1250 x-cp1250
        windows-1251: cp1251 x-cp1251
        windows-1252: ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 \
            iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252
        windows-1253: cp1253 x-cp1253
        windows-1254: cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 \
            latin5 x-cp1254
        windows-1255: cp1255 x-cp1255
        windows-1256: cp1256 x-cp1256
        windows-1257: cp1257 x-cp1257
        windows-1258: cp1258 x-cp1258
        x-mac-cyrillic: x-mac-ukrainian
        gbk: chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk cp936 windows-936 euc-cn
        big5: big5-hkscs cn-big5 csbig5 x-x-big5 cp950 windows-950
        euc-jp: cseucpkdfmtjapanese x-euc-jp
        shift_jis: csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis cp932 windows-932
        iso-2022-jp: csiso2022jp
        euc-kr: cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949 uhc
        utf-16be: unicodefffe
        utf-16le: csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16
        """
}

/// UTF-8: valid runs pass as they are; each maximal malformed part becomes one U+FFFD (Unicode, section 3.9).
private enum UTF8Decoding {
    static func decode(_ bytes: [UInt8], isStart: Bool) -> (text: [UInt8], pieces: [Charset.Piece]) {
        let start = isStart && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var text: [UInt8] = []
        var pieces: [Charset.Piece] = []
        var run = start
        var index = start
        func closeRun() {
            guard index > run else { return }
            if index - run == bytes.count {
                // Nearly every source: its bytes are the text as they are.
                text = bytes
            } else {
                if text.isEmpty { text.reserveCapacity(bytes.count) }
                text.append(contentsOf: bytes[run..<index])
            }
            pieces.append(.init(length: index - run, offset: run, sourceLength: index - run, isVerbatim: true))
        }
        while index < bytes.count {
            index = UTF8Scan.endOfASCII(bytes, from: index)
            if index == bytes.count { break }
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
    static func decode(_ bytes: [UInt8], littleEndian: Bool, isStart: Bool) -> (text: [UInt8], pieces: [Charset.Piece]) {
        let mark: [UInt8] = littleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
        let start = isStart && bytes.starts(with: mark) ? 2 : 0
        let end = bytes.count - (bytes.count - start) % 2
        func unit(_ index: Int) -> UInt32 {
            let (low, high) = littleEndian ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            return UInt32(high) << 8 | UInt32(low)
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var pieces = BlockPieces(from: start)
        var index = start
        while index < end {
            pieces.startCharacter(at: index, text.count)
            var code = unit(index)
            index += 2
            if 0xD800..<0xDC00 ~= code, index < end, 0xDC00..<0xE000 ~= unit(index) {
                code = 0x10000 + (code - 0xD800) << 10 + (unit(index) - 0xDC00)
                index += 2
            }
            text.append(contentsOf: UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
        }
        pieces.close(at: end, text.count)
        if end < bytes.count {
            text.append(contentsOf: [0xEF, 0xBF, 0xBD])
            pieces.close(at: bytes.count, text.count)
        }
        return (text, pieces.all)
    }
}

/// Collects pieces that are not verbatim, a new one for each block of the source.
struct BlockPieces {
    private(set) var all: [Charset.Piece] = []
    private var source: Int
    private var text = 0

    init(from start: Int) { source = start }

    mutating func startCharacter(at offset: Int, _ textOffset: Int) {
        if offset / Charset.blockSize != source / Charset.blockSize { close(at: offset, textOffset) }
    }

    mutating func close(at offset: Int, _ textOffset: Int) {
        guard offset > source else { return }
        all.append(.init(length: textOffset - text, offset: source, sourceLength: offset - source, isVerbatim: false))
        (source, text) = (offset, textOffset)
    }
}

/// Encodings of one byte a character.
private enum SingleByteDecoding {
    typealias Table = [Unicode.Scalar]

    static func decode(_ bytes: [UInt8], table: Table) -> (text: [UInt8], pieces: [Charset.Piece]) {
        guard !bytes.isEmpty else { return ([], []) }
        if bytes.allSatisfy({ $0 < 0x80 }) {
            return (bytes, [.init(length: bytes.count, offset: 0, sourceLength: bytes.count, isVerbatim: true)])
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        var pieces = BlockPieces(from: 0)
        for (index, byte) in bytes.enumerated() {
            pieces.startCharacter(at: index, text.count)
            if byte < 0x80 {
                text.append(byte)
            } else {
                text.append(contentsOf: UTF8.encode(table[Int(byte) - 0x80]) ?? UTF8.encodedReplacementCharacter)
            }
        }
        pieces.close(at: bytes.count, text.count)
        return (text, pieces.all)
    }

    /// The upper half of each encoding, by WHATWG name. Read once.
    static let tables: [String: Table] = SingleByteTables.text.mapValues { text in
        text.split(whereSeparator: \.isWhitespace).map { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}" }
    }
}
