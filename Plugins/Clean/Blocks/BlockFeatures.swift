import HeadwaterPluginKit

/// What the look of a block's text says, without a word of it being understood.
extension Block {
    var count: Int { text.count }

    /// Bytes in links, in percent of all.
    var linkShare: Int { text.isEmpty ? 0 : linkBytes * 100 / text.count }

    /// Ends as a sentence does: with a full stop or the like, closing quotes and brackets apart.
    var endsSentence: Bool { TextShape.endsSentence(text[...]) }

    /// Reads as running text rather than as a label: long enough, not mostly links, with the marks of a sentence.
    var isProse: Bool {
        // A long paragraph may be full of links and still be one.
        guard linkShare < (count >= 200 && endsSentence ? 75 : 50), !isHeading else { return false }
        if count >= 120 {
            // A long run of words without a mark is a list of them.
            let marks = TextShape.sentenceMarks(text)
            return marks * 400 >= count || marks == 0 && count < 300 && TextShape.wordCount(text) >= 18
        }
        return count >= 45 && endsSentence && linkShare < 30
    }
}

/// The shapes of text that tell prose from labels, in any language that separates its words.
enum TextShape {
    static func endsSentence(_ text: ArraySlice<UInt8>) -> Bool {
        var end = text.endIndex
        while end > text.startIndex {
            let byte = text[end - 1]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: " "): end -= 1
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): return true
            default:
                guard byte >= 0x80 else { return false }
                var start = end - 1
                while start > text.startIndex, text[start] & 0xC0 == 0x80 { start -= 1 }
                switch text[start..<end] {
                // Closing quotation marks, no-break space, and emoji with what modifies them.
                case [0xE2, 0x80, 0x9D], [0xE2, 0x80, 0x99], [0xE2, 0x80, 0x9C], [0xC2, 0xBB], [0xC2, 0xA0]: end = start
                case [0xEF, 0xB8, 0x8F], [0xE2, 0x80, 0x8D]: end = start
                case _ where text[start] == 0xF0 && start + 1 < end && text[start + 1] == 0x9F: end = start
                case _ where text[start] == 0xE2 && (0x98...0x9E).contains(text[start + 1]): end = start
                // Ellipsis, and the full stops of Chinese, Japanese, Arabic, Hindi.
                case [0xE2, 0x80, 0xA6], [0xE3, 0x80, 0x82], [0xEF, 0xBC, 0x81], [0xEF, 0xBC, 0x9F], [0xD8, 0x9F], [0xDB, 0x94],
                    [0xE0, 0xA5, 0xA4]:
                    return true
                default: return false
                }
            }
        }
        return false
    }

    /// A longer run of ASCII without a space is no word, but data or damaged markup.
    private static let longestWord = 100

    /// Whether at least a third of the bytes are letters in words; in running text four fifths are. What is beyond ASCII
    /// counts as letters, since many scripts have no spaces. Rows of marks, drawings and numbers are no words.
    static func isMostlyWords(_ text: [UInt8]) -> Bool {
        var letters = 0
        var start = 0
        while start < text.count {
            var end = start
            var (plain, other) = (0, 0)
            while end < text.count, !ASCII.isSpace(text[end]) {
                if ASCII.isLetter(text[end]) { plain += 1 }
                if text[end] >= 0x80 { other += 1 }
                end += 1
            }
            letters += other + (end - start <= longestWord || other > 0 ? plain : 0)
            start = end + 1
        }
        return letters * 3 >= text.count
    }

    /// How many full stops, question and exclamation marks and commas stand before a space or the end.
    static func sentenceMarks(_ text: [UInt8]) -> Int {
        var marks = 0
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ","), UInt8(ascii: ";"):
                if index + 1 == text.count || !ASCII.isLetter(text[index + 1]) && !ASCII.isDigit(text[index + 1]) { marks += 1 }
            case 0xE3
            where index + 2 < text.count && text[index + 1] == 0x80 && (text[index + 2] == 0x82 || text[index + 2] == 0x81):
                marks += 1
            case 0xEF where index + 2 < text.count && text[index + 1] == 0xBC && text[index + 2] == 0x8C: marks += 1
            default: break
            }
            index += 1
        }
        return marks
    }

    /// The words: runs between spaces.
    static func wordCount(_ text: [UInt8]) -> Int {
        var words = 0
        var isInside = false
        for byte in text {
            if byte == 0x20 {
                isInside = false
            } else if !isInside {
                isInside = true
                words += 1
            }
        }
        return words
    }

    /// The hashes of the words of five letters or more, which are seldom those that every text has.
    static func tellingWords(_ text: [UInt8]) -> [UInt64] {
        var words: [UInt64] = []
        var hash = FNV1a.empty
        var length = 0
        for byte in text + [0x20] {
            if ASCII.isLetter(byte) || byte >= 0x80 && byte != 0xE2 {
                hash = FNV1a.adding(ASCII.lower(byte), to: hash)
                length += 1
            } else {
                if length >= 5 { words.append(hash) }
                hash = FNV1a.empty
                length = 0
            }
        }
        return words
    }
}
