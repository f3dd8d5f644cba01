import HeadwaterModel

/// One token of a text: a word, a number or a single mark, by the bytes it takes.
public struct Token: Hashable, Sendable {
    /// Where the token begins, in bytes.
    public var start: Int
    /// One past its last byte.
    public var end: Int
    public var kind: Kind
    /// How its letters are cased; `lower` for whatever has no case.
    public var letterCase: LetterCase

    public var range: Range<Int> { start..<end }
    public var count: Int { end - start }
    /// Whether it begins with a capital letter.
    public var isCapitalized: Bool { letterCase != .lower }

    public enum Kind: UInt8, Sendable {
        /// Letters, with digits and inner apostrophes among them: `flood`, `don't`, `U.S.`, `B2B`.
        case word
        /// What a possessive adds to the word before it: `'s`.
        case possessive
        /// Digits, with separators between them: `12`, `1,234.5`.
        case number
        /// One character that is neither: punctuation, a quotation mark, a currency sign.
        case mark
    }

    public enum LetterCase: UInt8, Sendable {
        case lower
        /// The first letter is a capital, and not all others are: `Weir`, `McAdam`.
        case capitalized
        /// Two letters or more, all capitals: `NATO`, `U.S.`
        case upper
    }

    public init(start: Int, end: Int, kind: Kind, letterCase: LetterCase = .lower) {
        self.start = start
        self.end = end
        self.kind = kind
        self.letterCase = letterCase
    }
}

/// Splits UTF-8 text into tokens, in one pass, without knowing a language.
///
/// Boundaries follow the spirit of UAX #29 and differ where text processing wants it: hyphens split, a possessive is a token
/// of its own, a dotted abbreviation of single letters is one word, a number keeps its separators and loses its suffix
/// (`30th` is `30` and `th`), and each Han or kana character is a word.
public enum Tokenizer {
    public static func tokens(_ bytes: [UInt8]) -> [Token] { tokens(bytes, in: 0..<bytes.count) }

    /// The tokens of a part of the text; `range` must lie in it and begin and end between characters.
    public static func tokens(_ bytes: [UInt8], in range: Range<Int>) -> [Token] {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range \(range) is not in the text")
        var scanner = Scanner(bytes: bytes, index: range.lowerBound, end: range.upperBound)
        scanner.tokens.reserveCapacity(range.count / 5)
        while scanner.index < scanner.end { scanner.step() }
        return scanner.tokens
    }
}

/// Where the tokenizer stands.
private struct Scanner {
    let bytes: [UInt8]
    var index: Int
    let end: Int
    var tokens: [Token] = []

    init(bytes: [UInt8], index: Int, end: Int) {
        self.bytes = bytes
        self.index = index
        self.end = end
    }

    mutating func step() {
        switch bytes[index] {
        case 0x00...0x20, 0x7F: index += 1
        case 0x30...0x39: number()
        case 0x41...0x5A, 0x61...0x7A: word()
        case 0x00..<0x80: mark(length: 1)
        default:
            let (character, length) = CharacterClass.read(bytes, index, end)
            switch character {
            case .letter: word()
            case .ideograph: append(.word, length)
            case .space: index += length
            case .mark: mark(length: length)
            }
        }
    }

    private mutating func append(_ kind: Token.Kind, _ length: Int) {
        tokens.append(Token(start: index, end: index + length, kind: kind))
        index += length
    }

    /// A mark, or the possessive that an apostrophe behind a word begins.
    private mutating func mark(length: Int) {
        if let last = tokens.last, last.kind == .word || last.kind == .number, last.end == index, isApostrophe(index) > 0 {
            let letter = index + length
            if letter < end, bytes[letter] | 0x20 == 0x73, !isLetter(letter + 1) {
                append(.possessive, length + 1)
                return
            }
        }
        append(.mark, length)
    }

    private mutating func number() {
        let start = index
        while index < end {
            if isDigit(index) {
                index += 1
            } else if bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","), isDigit(index + 1) {
                // A comma separates thousands only: three digits follow, and no fourth.
                if bytes[index] == UInt8(ascii: ","), !(isDigit(index + 2) && isDigit(index + 3) && !isDigit(index + 4)) { break }
                index += 1
            } else {
                break
            }
        }
        tokens.append(Token(start: start, end: index, kind: .number))
    }

    private mutating func word() {
        let start = index
        if let length = dottedLetters() {
            index += length
            tokens.append(Token(start: start, end: index, kind: .word, letterCase: bytes[start] < 0x61 ? .upper : .lower))
            return
        }
        var (letters, capitals) = (0, 0)
        var startsWithCapital = false
        while index < end {
            let byte = bytes[index]
            switch byte {
            case 0x41...0x5A:
                if letters == 0 { startsWithCapital = true }
                capitals += 1
                letters += 1
                index += 1
            case 0x61...0x7A:
                letters += 1
                index += 1
            case 0x30...0x39, 0x5F: index += 1
            case 0x00..<0x80:
                guard byte == UInt8(ascii: "'"), isInnerApostrophe(length: 1) else {
                    return close(start, letters, capitals, startsWithCapital)
                }
                index += 1
            default:
                let (character, length) = CharacterClass.read(bytes, index, end)
                if character == .letter {
                    if CharacterClass.isCapital(bytes, index, length) {
                        if letters == 0 { startsWithCapital = true }
                        capitals += 1
                    }
                    letters += 1
                    index += length
                } else if isApostrophe(index) > 0, isInnerApostrophe(length: length) {
                    index += length
                } else {
                    return close(start, letters, capitals, startsWithCapital)
                }
            }
        }
        close(start, letters, capitals, startsWithCapital)
    }

    private mutating func close(_ start: Int, _ letters: Int, _ capitals: Int, _ startsWithCapital: Bool) {
        let letterCase: Token.LetterCase =
            capitals > 1 && capitals == letters ? .upper : startsWithCapital ? .capitalized : .lower
        tokens.append(Token(start: start, end: index, kind: .word, letterCase: letterCase))
    }

    /// The length of an abbreviation of single letters, each with its point, that begins here: `U.S.`, `a.m.`
    private func dottedLetters() -> Int? {
        var cursor = index
        // Nobody writes longer ones; the limit keeps hostile text from being read again and again.
        while cursor + 1 < end, cursor - index < 24, isASCIILetter(cursor), bytes[cursor + 1] == UInt8(ascii: ".") { cursor += 2 }
        guard cursor - index >= 4 else { return nil }
        // `U.S.Army` is no such abbreviation; what follows the last point must not be a letter.
        return isLetter(cursor) ? nil : cursor - index
    }

    /// Whether the apostrophe here joins letters of one word and is not a possessive.
    private func isInnerApostrophe(length: Int) -> Bool {
        let next = index + length
        guard isLetter(next) else { return false }
        let isPossessive = bytes[next] | 0x20 == 0x73 && !isLetter(next + 1)
        return !isPossessive
    }

    /// The length of the apostrophe at `index`, straight or curly; 0 if there is none.
    private func isApostrophe(_ index: Int) -> Int {
        guard index < end else { return 0 }
        if bytes[index] == UInt8(ascii: "'") { return 1 }
        return index + 2 < end && bytes[index] == 0xE2 && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x99 ? 3 : 0
    }

    private func isDigit(_ index: Int) -> Bool { index < end && 0x30...0x39 ~= bytes[index] }

    private func isASCIILetter(_ index: Int) -> Bool { index < end && 0x61...0x7A ~= bytes[index] | 0x20 }

    private func isLetter(_ index: Int) -> Bool {
        guard index < end else { return false }
        return bytes[index] < 0x80 ? isASCIILetter(index) : CharacterClass.read(bytes, index, end).class == .letter
    }
}

/// What a character beyond ASCII is to a tokenizer.
enum CharacterClass {
    case letter, ideograph, space, mark

    /// The class and the length of the character at `index`. A byte that begins no character is a mark.
    static func read(_ bytes: [UInt8], _ index: Int, _ end: Int) -> (class: CharacterClass, length: Int) {
        let space = WhiteSpace.length(bytes, index)
        if space > 0, index + space <= end { return (.space, space) }
        guard case .valid(let length) = UTF8Scan.step(bytes, index), index + length <= end else { return (.mark, 1) }
        return (of(scalar(bytes, index, length)), length)
    }

    /// The code point of the well-formed character at `index`.
    static func scalar(_ bytes: [UInt8], _ index: Int, _ length: Int) -> UInt32 {
        guard length > 1 else { return UInt32(bytes[index]) }
        var code = UInt32(bytes[index]) & (0x7F >> UInt32(length))
        for position in 1..<length { code = code << 6 | UInt32(bytes[index + position] & 0x3F) }
        return code
    }

    static func isCapital(_ bytes: [UInt8], _ index: Int, _ length: Int) -> Bool {
        guard let scalar = Unicode.Scalar(scalar(bytes, index, length)) else { return false }
        return scalar.properties.isUppercase
    }

    /// By blocks of Unicode, which is all that splitting needs: punctuation and symbols live in a few of them.
    private static func of(_ code: UInt32) -> CharacterClass {
        switch code {
        case 0xAA, 0xB5, 0xBA: .letter
        case 0x80...0xBF, 0xD7, 0xF7: .mark
        case 0x0589, 0x05BE, 0x05C0, 0x05C3, 0x05F3...0x05F4, 0x060C, 0x061B, 0x061F, 0x066A...0x066D, 0x06D4, 0x0964...0x0965:
            .mark
        case 0x200B...0x200D, 0x2060, 0xFEFF: .space
        case 0x2000...0x206F, 0x20A0...0x20CF, 0x2100...0x214F, 0x2190...0x2BFF, 0x2E00...0x2E7F: .mark
        case 0x3000...0x3004, 0x3008...0x3030, 0xFE10...0xFE1F, 0xFE30...0xFE6F, 0xFF01...0xFF0F, 0xFF1A...0xFF20: .mark
        case 0xFF3B...0xFF40, 0xFF5B...0xFF65, 0xFFE0...0xFFFF, 0x1F000...0x1FAFF: .mark
        case 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .ideograph
        default: .letter
        }
    }
}
