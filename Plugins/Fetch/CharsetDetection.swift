import CUchardet
import HeadwaterModel

/// Which charset a text is in: what says so, in the order of how much it is to be trusted.
struct CharsetDetection: Equatable {
    /// Nil for a text in the charset `unsupported`, which nothing here reads.
    var charset: Charset?
    /// A charset that was declared or detected and that nothing here reads; `charset`, if there is one, is the next best.
    var unsupported: String?
    /// Nothing said anything: `charset` is the web's default.
    var isGuess = false

    /// Byte order mark, server, `<meta>`, validity as UTF-8, statistics, Windows-1252.
    static func of(_ bytes: [UInt8], mediaType: String, declared: ContentType?) -> CharsetDetection {
        if let charset = ByteOrderMark.charset(of: bytes) { return CharsetDetection(charset: charset) }
        var unsupported: String?
        func known(_ label: String) -> Charset? {
            let charset = Charset(label: label)
            if charset == nil { unsupported = unsupported ?? label }
            // Pages that somebody converted to UTF-8 and did not change: what is valid so is hardly ever anything else, but for
            // bytes of ASCII that shift by escapes.
            let isShifted = charset?.isShifted == true && ByteScan.contains(0x1B, bytes)
            return charset?.isMultiByte == true && !isShifted && isUTF8(bytes) ? .utf8 : charset
        }
        if let label = declared?.charset {
            if let charset = known(label) { return CharsetDetection(charset: charset) }
            if let name = MultiByteCharset.name(label: label) { return CharsetDetection(bytes, declaredAs: name) }
        }
        if let charset = UTF16Pattern.charset(of: bytes) { return CharsetDetection(charset: charset, unsupported: unsupported) }
        if MediaType.isMarkup(mediaType), let label = DeclaredCharset.label(in: bytes) {
            if let charset = known(label) {
                // What could be read as ASCII is not UTF-16, whatever it says (WHATWG HTML, section 13.2.3.2).
                let isMistaken = charset == .utf16LE || charset == .utf16BE
                return CharsetDetection(charset: isMistaken ? .utf8 : charset, unsupported: unsupported)
            }
            if let name = MultiByteCharset.name(label: label) { return CharsetDetection(bytes, declaredAs: name) }
        }
        // An escape may shift to another charset in bytes that are ASCII to look at.
        if !ByteScan.contains(0x1B, bytes), isUTF8(bytes) { return CharsetDetection(charset: .utf8, unsupported: unsupported) }
        let detected = detected(bytes)
        if let name = detected.flatMap(MultiByteCharset.name) { return CharsetDetection(charset: nil, unsupported: name) }
        let read = detected.flatMap(known)
        if read?.isShifted != true, isUTF8(bytes) { return CharsetDetection(charset: .utf8, unsupported: unsupported) }
        if let charset = read, !charset.isMultiByte || isRead(bytes, in: charset) {
            return CharsetDetection(charset: charset, unsupported: unsupported)
        }
        return CharsetDetection(charset: .windows1252, unsupported: unsupported, isGuess: true)
    }

    init(charset: Charset?, unsupported: String? = nil, isGuess: Bool = false) {
        self.charset = charset
        self.unsupported = unsupported
        self.isGuess = isGuess
    }

    /// What is declared to be in a charset of several bytes: nothing here reads it, unless it is plain UTF-8 or ASCII
    /// under a wrong name, as pages are that somebody converted and did not change.
    private init(_ bytes: [UInt8], declaredAs name: String) {
        let isShifted = MultiByteCharset.isSevenBit(name) && MultiByteCharset.mayShift(bytes, in: name)
        self.init(charset: !isShifted && CharsetDetection.isUTF8(bytes) ? .utf8 : nil, unsupported: name)
    }

    /// Valid, or damaged in few places: in a text of another charset, bytes above ASCII hardly ever form characters
    /// of UTF-8, so twenty good ones for each bad one leave no doubt.
    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        var good = 0
        var bad = 0
        var index = 0
        while true {
            index = UTF8Scan.endOfASCII(bytes, from: index)
            if index == bytes.count { return good >= bad * 20 }
            switch UTF8Scan.step(bytes, index) {
            case .valid(let length):
                good += 1
                index += length
            case .malformed(let length):
                bad += 1
                index += length
            }
        }
    }

    /// Whether nearly all of it is of this charset, as `isUTF8` has it: statistics of a short text may be wrong.
    private static func isRead(_ bytes: [UInt8], in charset: Charset) -> Bool {
        let head = Array(bytes.prefix(64 << 10))
        // Bytes that stand for more than themselves.
        let count = charset.isShifted ? head.count / 2 : head.count { $0 >= 0x80 }
        return charset.malformedCount(head) * 40 <= count
    }

    /// Mozilla's statistics of letters, over as much as tells them apart.
    private static func detected(_ bytes: [UInt8]) -> String? {
        guard let detector = uchardet_new() else { return nil }
        defer { uchardet_delete(detector) }
        let status = bytes.prefix(256 << 10).withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { uchardet_handle_data(detector, $0.baseAddress, $0.count) }
        }
        guard status == 0 else { return nil }
        uchardet_data_end(detector)
        guard let name = uchardet_get_charset(detector) else { return nil }
        let label = String(cString: name)
        // The one name of a charset that Headwater reads and that uchardet calls by no label of the standard.
        return label.isEmpty ? nil : label == "MAC-CYRILLIC" ? "x-mac-cyrillic" : label
    }
}

/// The mark that some texts begin with (WHATWG Encoding, section 6, "BOM sniff").
enum ByteOrderMark {
    static func charset(of bytes: [UInt8]) -> Charset? {
        guard bytes.count >= 2 else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0xEF, 0xBB): return bytes.count >= 3 && bytes[2] == 0xBF ? .utf8 : nil
        case (0xFF, 0xFE): return .utf16LE
        case (0xFE, 0xFF): return .utf16BE
        default: return nil
        }
    }
}

/// UTF-16 without a mark: every second byte of ASCII in it is zero.
enum UTF16Pattern {
    private static let headSize = 1024

    /// The charset, if the first bytes hold such zeros on one side only and are nothing but text when read so.
    static func charset(of bytes: [UInt8]) -> Charset? {
        // Nearly every text holds no zero at all.
        guard ByteScan.contains(0, bytes, within: headSize) else { return nil }
        let head = Array(bytes.prefix(headSize))
        guard head.count >= 4, head.count.isMultiple(of: 2) else { return nil }
        var zeros = (even: 0, odd: 0)
        for (index, byte) in head.enumerated() where byte == 0 {
            if index.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
        }
        let charset: Charset
        switch zeros {
        case (0, 1...): charset = .utf16LE
        case (1..., 0): charset = .utf16BE
        default: return nil
        }
        // A space after each long word is the least that a text in any script with spaces has.
        guard (zeros.even + zeros.odd) * 20 >= head.count / 2 else { return nil }
        // A pair may be cut where the first bytes end.
        let text = String(decoding: charset.decode(head).text, as: UTF8.self).unicodeScalars.dropLast()
        return text.allSatisfy(isText) ? charset : nil
    }

    private static func isText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: ["\t", "\n", "\r", "\u{C}"].contains(scalar)
        case .unassigned, .privateUse, .surrogate: false
        default: scalar != "\u{FFFD}"
        }
    }
}
