import CCharsetIndexes

/// ISO-2022-JP as WHATWG Encoding, section 12.2 decodes it: bytes below 0x80, whose meaning the last escape before them says.
///
/// An escape shows nothing and belongs to no piece. What stands between two is a piece that says which of them is in force, so that
/// each piece gives its text by itself: `charset(iso-2022-jp-jis0208)` is read as within that shift.
struct ISO2022JP {
    static let name = "iso-2022-jp"

    /// What is in force at the start.
    let shift: Shift

    /// Which characters bytes stand for.
    enum Shift: String, CaseIterable, Sendable {
        case ascii = ""
        /// ASCII with a yen sign and an overline.
        case roman = "-roman"
        case katakana = "-katakana"
        case jis0208 = "-jis0208"
        /// ASCII right behind an escape: another one is a mistake there.
        case again = "-again"

        var charsetName: String { ISO2022JP.name + rawValue }
    }

    /// By a charset's name, also one that only stands in rules.
    init?(charsetName: String) {
        guard let shift = Shift.allCases.first(where: { $0.charsetName == charsetName }) else { return nil }
        self.shift = shift
    }

    /// What is in force at an offset of a text, so that a part of it can be read by itself.
    static func shift(at offset: Int, in bytes: [UInt8]) -> Shift {
        var index = min(offset, bytes.count)
        while index > 0 {
            index -= 1
            if bytes[index] == 0x1B, index + 3 <= offset, let shift = escape(bytes, index) { return shift }
        }
        return .ascii
    }

    /// The shift that an escape of three bytes leads to.
    private static func escape(_ bytes: [UInt8], _ index: Int) -> Shift? {
        guard index + 2 < bytes.count else { return nil }
        return switch (bytes[index + 1], bytes[index + 2]) {
        case (0x28, 0x42): .ascii
        case (0x28, 0x4A): .roman
        case (0x28, 0x49): .katakana
        case (0x24, 0x40), (0x24, 0x42): .jis0208
        default: nil
        }
    }

    func decode(_ bytes: [UInt8]) -> (text: [UInt8], pieces: [Charset.Piece]) {
        var out = Pieces()
        out.text.reserveCapacity(bytes.count + bytes.count / 2)
        var shift = shift == .again ? .ascii : shift
        var isBehindEscape = self.shift == .again
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x1B {
                guard let next = ISO2022JP.escape(bytes, index) else {
                    // What follows is read as if it stood alone.
                    out.append(nil, index, 1, shift)
                    isBehindEscape = false
                    index += 1
                    continue
                }
                if isBehindEscape { out.append(nil, index, 3, .again) } else { out.close() }
                (shift, isBehindEscape) = (next, true)
                index += 3
                continue
            }
            isBehindEscape = false
            switch shift {
            case .ascii, .again:
                let isCharacter = byte < 0x80 && byte != 0x0E && byte != 0x0F
                out.append(isCharacter ? UInt32(byte) : nil, index, 1, shift)
                index += 1
            case .roman:
                let scalar: UInt32? =
                    switch byte {
                    case 0x5C: 0xA5
                    case 0x7E: 0x203E
                    default: byte < 0x80 && byte != 0x0E && byte != 0x0F ? UInt32(byte) : nil
                    }
                out.append(scalar, index, 1, shift)
                index += 1
            case .katakana:
                out.append(0x21...0x5F ~= byte ? 0xFF61 - 0x21 + UInt32(byte) : nil, index, 1, shift)
                index += 1
            case .jis0208:
                guard 0x21...0x7E ~= byte, index + 1 < bytes.count, bytes[index + 1] != 0x1B else {
                    out.append(nil, index, 1, shift)
                    index += 1
                    continue
                }
                let trail = bytes[index + 1]
                var scalar: UInt32?
                if 0x21...0x7E ~= trail {
                    // The index has more rows and half columns than this charset reaches.
                    let found = headwater_jis0208_at((Int(byte) - 0x21) * 94 + Int(trail) - 0x21)
                    if found != 0 { scalar = found }
                }
                out.append(scalar, index, 2, shift)
                index += 2
            }
        }
        out.close()
        return (out.text, out.all)
    }

    /// How many bytes stand behind this text within the shift; nil where a character is not one of it for certain.
    func sourceLength(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard shift != .ascii && shift != .again else { return nil }
        var characters = 0
        for (index, byte) in text.enumerated() where byte & 0xC0 != 0x80 {
            if byte == 0xEF, index + 2 < text.count, text[index + 1] == 0xBF, text[index + 2] == 0xBD { return nil }
            characters += 1
        }
        return shift == .jis0208 ? 2 * characters : characters
    }

    /// Collects characters in pieces: a new one where the shift or the block of the source changes or bytes become text that
    /// is equal to them or no longer is. A mistake is a piece of its own, so that no cut goes through it.
    private struct Pieces {
        var text: [UInt8] = []
        private(set) var all: [Charset.Piece] = []
        private var open: Charset.Piece?

        mutating func append(_ scalar: UInt32?, _ offset: Int, _ length: Int, _ shift: Shift) {
            let isVerbatim = scalar.map { $0 < 0x80 && length == 1 } ?? false
            if let piece = open,
                scalar == nil || piece.isVerbatim != isVerbatim || (!isVerbatim && piece.shift != shift)
                    || (!isVerbatim && offset / Charset.blockSize != piece.offset / Charset.blockSize)
            {
                close()
            }
            var piece =
                open ?? Charset.Piece(length: 0, offset: offset, sourceLength: 0, isVerbatim: isVerbatim, shift: shift)
            let start = text.count
            text.append(
                contentsOf: scalar.flatMap(Unicode.Scalar.init).flatMap(UTF8.encode) ?? UTF8.encodedReplacementCharacter)
            piece.length += text.count - start
            piece.sourceLength += length
            open = piece
            if scalar == nil { close() }
        }

        mutating func close() {
            if let piece = open { all.append(piece) }
            open = nil
        }
    }
}
