import CCharsetIndexes

/// Charsets of one to four bytes a character, as WHATWG Encoding, sections 10.2, 11.1, 12.1, 12.3 and 13.1 decode them.
///
/// Each character is decoded by itself, so that any part of a text that begins with one gives the same again.
enum MultiByteDecoding: String, CaseIterable {
    case gbk, gb18030, big5
    case eucJP = "euc-jp"
    case shiftJIS = "shift_jis"
    case eucKR = "euc-kr"

    /// What begins at some byte.
    struct Step {
        /// Of the source.
        var length: Int
        /// U+FFFD for what the charset does not define.
        var scalar: Unicode.Scalar
        /// Two codes of Big5 are a letter and a mark each.
        var mark: Unicode.Scalar?
        /// Whether its length can be told from the character, see `length(of:)`.
        var isRegular = true

        static func malformed(_ length: Int) -> Step { Step(length: length, scalar: "\u{FFFD}", isRegular: false) }
    }

    /// Characters in runs, a new one for each block of the source; whatever is not regular is a piece of its own, so that no
    /// cut goes through it.
    func decode(_ bytes: [UInt8]) -> (text: [UInt8], pieces: [Charset.Piece]) {
        if UTF8Scan.endOfASCII(bytes, from: 0) == bytes.count {
            return (
                bytes, bytes.isEmpty ? [] : [.init(length: bytes.count, offset: 0, sourceLength: bytes.count, isVerbatim: true)]
            )
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        var pieces = BlockPieces(from: 0)
        var index = 0
        bytes.withUnsafeBufferPointer { bytes in
            while index < bytes.count {
                pieces.startCharacter(at: index, text.count)
                if bytes[index] < 0x80 {
                    text.append(bytes[index])
                    index += 1
                    continue
                }
                let step = step(bytes, index)
                if !step.isRegular { pieces.close(at: index, text.count) }
                text.append(contentsOf: UTF8.encode(step.scalar) ?? UTF8.encodedReplacementCharacter)
                if let mark = step.mark { text.append(contentsOf: UTF8.encode(mark) ?? UTF8.encodedReplacementCharacter) }
                index += step.length
                if !step.isRegular { pieces.close(at: index, text.count) }
            }
        }
        pieces.close(at: bytes.count, text.count)
        return (text, pieces.all)
    }

    /// How many source bytes stand behind regular characters; nil where a character is not one of them for certain.
    func sourceLength(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        var length = 0
        var index = 0
        while index < text.count {
            let lead = text[index]
            let width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard index + width <= text.count, lead < 0x80 || lead >= 0xC2 else { return nil }
            if lead < 0x80 {
                length += 1
            } else if lead == 0xEF, text[index + 1] == 0xBF, text[index + 2] == 0xBD {
                return nil
            } else if self == .big5, (lead == 0xC3 && text[index + 1] & 0x9F == 0x8A) || lead == 0xCC {
                // Letters and marks of the codes that are two characters.
                return nil
            } else if self == .shiftJIS, lead == 0xEF, text[index + 1] == 0xBD || text[index + 1] == 0xBE,
                0xFF61...0xFF9F ~= 0xF000 | UInt32(text[index + 1] & 0x3F) << 6 | UInt32(text[index + 2] & 0x3F)
            {
                length += 1
            } else {
                length += 2
            }
            index += width
        }
        return length
    }

    /// What begins at a byte that is not ASCII.
    private func step(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Step {
        let lead = bytes[index]
        let trail = index + 1 < bytes.count ? bytes[index + 1] : nil
        switch self {
        case .gbk, .gb18030:
            if lead == 0x80 { return Step(length: 1, scalar: "\u{20AC}", isRegular: false) }
            guard lead < 0xFF else { return .malformed(1) }
            if let trail, 0x30...0x39 ~= trail { return fourBytes(bytes, index) }
            guard let trail, 0x40...0x7E ~= trail || 0x80...0xFE ~= trail else { return failed(trail) }
            return found(headwater_gb18030_at(pointer(lead, 0x81, 190, trail, trail < 0x7F ? 0x40 : 0x41)), trail)
        case .big5:
            guard 0x81...0xFE ~= lead else { return .malformed(1) }
            guard let trail, 0x40...0x7E ~= trail || 0xA1...0xFE ~= trail else { return failed(trail) }
            let pointer = pointer(lead, 0x81, 157, trail, trail < 0x7F ? 0x40 : 0x62)
            switch pointer {
            case 1133: return Step(length: 2, scalar: "\u{CA}", mark: "\u{304}", isRegular: false)
            case 1135: return Step(length: 2, scalar: "\u{CA}", mark: "\u{30C}", isRegular: false)
            case 1164: return Step(length: 2, scalar: "\u{EA}", mark: "\u{304}", isRegular: false)
            case 1166: return Step(length: 2, scalar: "\u{EA}", mark: "\u{30C}", isRegular: false)
            default:
                var step = found(headwater_big5_at(pointer), trail)
                if [0xCA, 0xEA].contains(step.scalar.value) || 0x300..<0x340 ~= step.scalar.value { step.isRegular = false }
                return step
            }
        case .eucJP:
            guard lead == 0x8E || lead == 0x8F || 0xA1...0xFE ~= lead else { return .malformed(1) }
            guard let trail else { return .malformed(1) }
            if lead == 0x8E, 0xA1...0xDF ~= trail { return found(0xFF61 - 0xA1 + UInt32(trail), trail) }
            if lead == 0x8F, 0xA1...0xFE ~= trail {
                guard index + 2 < bytes.count else { return .malformed(2) }
                let third = bytes[index + 2]
                guard 0xA1...0xFE ~= third,
                    let scalar = Unicode.Scalar(headwater_jis0212_at(pointer(trail, 0xA1, 94, third, 0xA1))),
                    scalar.value != 0
                else { return .malformed(third < 0x80 ? 2 : 3) }
                return Step(length: 3, scalar: scalar, isRegular: false)
            }
            guard lead >= 0xA1, 0xA1...0xFE ~= trail else { return failed(trail) }
            return found(headwater_jis0208_at(pointer(lead, 0xA1, 94, trail, 0xA1)), trail)
        case .shiftJIS:
            if lead == 0x80 { return Step(length: 1, scalar: "\u{80}", isRegular: false) }
            if 0xA1...0xDF ~= lead { return Step(length: 1, scalar: Unicode.Scalar(0xFF61 - 0xA1 + UInt32(lead)) ?? "\u{FFFD}") }
            guard lead != 0xA0, lead <= 0xFC else { return .malformed(1) }
            guard let trail, 0x40...0x7E ~= trail || 0x80...0xFC ~= trail else { return failed(trail) }
            let pointer = pointer(lead, lead < 0xA0 ? 0x81 : 0xC1, 188, trail, trail < 0x7F ? 0x40 : 0x41)
            // Places for characters of one's own.
            if 8836...10715 ~= pointer { return found(0xE000 - 8836 + UInt32(pointer), trail) }
            return found(headwater_jis0208_at(pointer), trail)
        case .eucKR:
            guard 0x81...0xFE ~= lead else { return .malformed(1) }
            guard let trail, 0x41...0xFE ~= trail else { return failed(trail) }
            return found(headwater_euc_kr_at(pointer(lead, 0x81, 190, trail, 0x41)), trail)
        }
    }

    private func pointer(_ lead: UInt8, _ first: Int, _ row: Int, _ trail: UInt8, _ start: Int) -> Int {
        (Int(lead) - first) * row + Int(trail) - start
    }

    /// A second byte that is ASCII is read again by itself.
    private func failed(_ trail: UInt8?) -> Step { .malformed(trail.map { $0 < 0x80 ? 1 : 2 } ?? 1) }

    private func found(_ value: UInt32, _ trail: UInt8) -> Step {
        guard value != 0, let scalar = Unicode.Scalar(value) else { return failed(trail) }
        return Step(length: 2, scalar: scalar)
    }

    /// GB 18030's characters that have no code of two bytes (section 10.2.1).
    private func fourBytes(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Step {
        // A text that ends within one is one mistake; a byte that does not fit leaves those behind the first to be read again.
        guard index + 2 < bytes.count else { return .malformed(2) }
        guard 0x81...0xFE ~= bytes[index + 2] else { return .malformed(1) }
        guard index + 3 < bytes.count else { return .malformed(3) }
        guard 0x30...0x39 ~= bytes[index + 3] else { return .malformed(1) }
        let (first, second) = (Int(bytes[index]) - 0x81, Int(bytes[index + 1]) - 0x30)
        let (third, fourth) = (Int(bytes[index + 2]) - 0x81, Int(bytes[index + 3]) - 0x30)
        let pointer = ((first * 10 + second) * 126 + third) * 10 + fourth
        guard let scalar = Unicode.Scalar(headwater_gb18030_ranged(pointer)), scalar.value != 0 else { return .malformed(4) }
        return Step(length: 4, scalar: scalar, isRegular: false)
    }
}
