import HeadwaterPluginKit

/// The words of a text as 64-bit hashes, in order: what shingles are made of.
///
/// A word is a run of letters and digits, in lower case; punctuation and white space only separate. Scripts written
/// without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give one word per character. Works on the bytes of
/// valid UTF-8 and never reads outside them.
struct WordHashes {
    private(set) var hashes: [UInt64] = []
    /// Where each word lies in the text, if that was asked for.
    private(set) var places: [Place] = []
    private let keepsPlaces: Bool

    /// The bytes of a word. Texts are far below 4 GiB, records of that size cannot be written.
    struct Place {
        var start: UInt32
        var end: UInt32
    }

    init(_ text: [UInt8], keepingPlaces: Bool = false) {
        keepsPlaces = keepingPlaces
        hashes.reserveCapacity(text.count / 5)
        if keepingPlaces { places.reserveCapacity(text.count / 5) }
        text.withUnsafeBufferPointer { scan($0) }
    }

    private mutating func add(_ hash: UInt64, _ start: Int, _ end: Int) {
        hashes.append(mixed(hash))
        if keepsPlaces { places.append(Place(start: UInt32(clamping: start), end: UInt32(clamping: end))) }
    }

    private mutating func scan(_ text: UnsafeBufferPointer<UInt8>) {
        // FNV-1a over the scalars in lower case, then SplitMix64's finalizer so that every bit counts.
        var hash = FNV1a.empty
        var isInWord = false
        var (start, end) = (0, 0)
        var index = 0
        while index < text.count {
            let byte = text[index]
            let before = index
            var scalar = UInt32(byte)
            var length = 1
            if byte >= 0x80 {
                length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                guard index + length <= text.count else { break }
                scalar &= byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07
                for offset in 1..<length { scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F) }
            }
            index += length
            switch CharacterClass(scalar) {
            case .word(let folded):
                hash = FNV1a.adding(folded, to: hash)
                if !isInWord { start = before }
                isInWord = true
                end = index
                continue
            case .joiner where isInWord: continue
            case .joiner, .separator:
                if isInWord { add(hash, start, end) }
            case .wordAlone:
                if isInWord { add(hash, start, end) }
                add(FNV1a.adding(scalar, to: FNV1a.empty), before, index)
            }
            hash = FNV1a.empty
            isInWord = false
        }
        if isInWord { add(hash, start, end) }
    }
}

/// SplitMix64's finalizer (Steele, Lea, Flood 2014): a bijection in which every input bit reaches every output bit.
func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
}

/// What a character is to a word.
private enum CharacterClass {
    /// Part of a word, in lower case.
    case word(UInt32)
    /// A word of its own.
    case wordAlone
    /// Says nothing: apostrophes, soft hyphens, zero width characters. "don't" and "don’t" are one word.
    case joiner
    case separator

    init(_ scalar: UInt32) {
        switch scalar {
        case 0x30...0x39, 0x61...0x7A: self = .word(scalar)
        case 0x41...0x5A: self = .word(scalar + 0x20)
        case 0x27, 0xAD, 0x2019, 0x200B...0x200D, 0x2060, 0xFEFF: self = .joiner
        case 0x00...0xA9, 0xAB...0xB4, 0xB6...0xB9, 0xBB...0xBF, 0xD7, 0xF7: self = .separator
        case 0xC0...0xDE: self = .word(scalar + 0x20)
        // Latin Extended-A: upper and lower case alternate, with two shifts of parity.
        case 0x100...0x137, 0x14A...0x177: self = .word(scalar | 1)
        case 0x139...0x148, 0x179...0x17E: self = .word(scalar + (scalar & 1))
        case 0x391...0x3A9: self = .word(scalar + 0x20)
        case 0x400...0x40F: self = .word(scalar + 0x50)
        case 0x410...0x42F: self = .word(scalar + 0x20)
        case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: self = .word(scalar | 1)
        case 0x531...0x556: self = .word(scalar + 0x30)
        case 0x0E01...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: self = .wordAlone
        // General punctuation, currency, arrows, box drawing, symbols, dingbats, CJK and full-width punctuation.
        case 0x2000...0x206F, 0x20A0...0x20CF, 0x2190...0x2BFF, 0x3000...0x3004, 0x3008...0x3020, 0x3030, 0xFE30...0xFE6F,
            0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65, 0xFFFD, 0x1F000...0x1FAFF:
            self = .separator
        case 0x05BE, 0x060C, 0x061B, 0x061F, 0x06D4, 0x0964, 0x0965: self = .separator
        case 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: self = .wordAlone
        default: self = .word(scalar)
        }
    }
}
