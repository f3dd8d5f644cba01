import HeadwaterModel
import HeadwaterPluginKit

/// A text as the quality rules of corpus builders look at it: paragraphs, lines and words, counted in characters.
///
/// A word is what stands between white space, without the marks at its ends; the rules were made for languages that
/// separate their words so.
struct QualityText {
    let bytes: [UInt8]
    let lines: [Line]
    let words: [Word]
    /// Unicode scalars of the whole text.
    let characterCount: Int

    struct Line {
        var range: Range<Int>
        var characterCount: Int
        /// Whether it was an entry of a list; its mark is not in the text.
        var isItem: Bool
        var startsParagraph: Bool
    }

    struct Word {
        /// Of all its bytes, marks included.
        var hash: UInt64
        /// Of the word in lower case without the marks at its ends.
        var bareHash: UInt64
        /// Of all its bytes, marks included.
        var characterCount: Int
        /// Without the marks at its ends; 0 for what is marks alone.
        var bareCount: Int
        var hasLetter: Bool
    }

    init(_ text: ArticleText) {
        bytes = text.text.bytes
        let bytes = bytes
        lines = text.lines.map { line in
            Line(
                range: line.range, characterCount: QualityText.characters(bytes[line.range]), isItem: line.isItem,
                startsParagraph: line.startsParagraph)
        }
        words = bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map(Word.init)
        characterCount = QualityText.characters(bytes[...])
    }

    func text(of line: Line) -> ArraySlice<UInt8> { bytes[line.range] }

    /// The paragraphs, from the first byte of their first line to the last of their last.
    var paragraphs: [Range<Int>] {
        var out: [Range<Int>] = []
        for line in lines {
            if line.startsParagraph || out.isEmpty {
                out.append(line.range)
            } else {
                out[out.count - 1] = out[out.count - 1].lowerBound..<line.range.upperBound
            }
        }
        return out
    }

    static func characters(_ bytes: ArraySlice<UInt8>) -> Int { bytes.count { $0 & 0xC0 != 0x80 } }

    /// How many of some parts of the text stood before in it, and the characters that these hold.
    func repeats(_ parts: [Range<Int>]) -> (count: Int, characters: Int) {
        var seen = Set<ArraySlice<UInt8>>()
        var (count, characters) = (0, 0)
        for part in parts where !seen.insert(bytes[part]).inserted {
            count += 1
            characters += QualityText.characters(bytes[part])
        }
        return (count, characters)
    }

    /// Ends with a full stop, question or exclamation mark, in any script, or with a closing quotation mark.
    static func endsWithPunctuation(_ line: ArraySlice<UInt8>) -> Bool {
        switch line.last {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: ends.contains { line.suffix($0.count).elementsEqual($0) }
        }
    }

    private static let ends = ["”", "’", "»", "…", "。", "！", "？", "」", "』", "؟", "۔", "।"].map { Array($0.utf8) }

    static func endsWithEllipsis(_ line: ArraySlice<UInt8>) -> Bool {
        line.suffix(3).elementsEqual("...".utf8) || line.suffix(3).elementsEqual("…".utf8)
    }
}

extension QualityText.Word {
    fileprivate init(_ bytes: ArraySlice<UInt8>) {
        var bare = bytes
        while let first = bare.first, !Self.isLetterOrDigit(first) { bare = bare.dropFirst() }
        while let last = bare.last, last < 0x80, !Self.isLetterOrDigit(last) { bare = bare.dropLast() }
        hash = bytes.reduce(FNV1a.empty) { FNV1a.adding($1, to: $0) }
        bareHash = WordHash.lowercased(bare)
        characterCount = QualityText.characters(bytes)
        bareCount = QualityText.characters(bare)
        hasLetter = bare.contains { ASCII.isLetter($0) || $0 >= 0xC3 && $0 != 0xE2 }
    }

    /// Beyond ASCII all is taken for a letter but signs of Latin-1 and general punctuation.
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte >= 0xC3 && byte != 0xE2
    }
}
