/// Phrases that give a line of furniture away, each with the reason for which it is dropped.
///
/// A list is a text with one phrase a line: `phrase` matches a whole line, `phrase*` one that begins so, `*phrase*` one
/// that holds it anywhere. Phrases are in the form that `folded` gives; lines that begin with `#` are comments. Only
/// lines shorter than a limit are looked at, because a long paragraph that begins with "related" is none.
struct PhraseTable {
    private var whole: [UInt64: DropReason] = [:]
    /// By the hash of their first two bytes.
    private var beginnings: [UInt64: [(phrase: [UInt8], reason: DropReason)]] = [:]
    private var parts: [UInt64: [(phrase: [UInt8], reason: DropReason)]] = [:]

    /// Longest line, in bytes, that may be a beginning or hold a part. Notices about cookies run to some sentences.
    private static let longestBeginning = 240
    private static let longestPart = 700

    static let furniture = PhraseTable([
        (.share, sharePhrases), (.related, relatedPhrases), (.inlinePromo, promoPhrases), (.newsletter, newsletterPhrases),
        (.comments, commentPhrases), (.cookieNotice, cookiePhrases), (.menu, menuPhrases), (.advertisement, advertisementPhrases),
        (.caption, captionPhrases), (.tags, tagPhrases), (.legal, legalPhrases), (.form, formPhrases),
        (.metadata, metadataPhrases),
        (.authorNote, authorPhrases),
    ])

    init(_ lists: [(DropReason, String)]) {
        for (reason, list) in lists {
            for line in list.utf8.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
                var phrase = Array(line)
                let isEnding = phrase.first == UInt8(ascii: "*")
                let isBeginning = phrase.last == UInt8(ascii: "*")
                if isEnding { phrase.removeFirst() }
                if isBeginning { phrase.removeLast() }
                let key = PhraseTable.key(phrase, 0)
                if isEnding {
                    parts[key, default: []].append((phrase, reason))
                } else if isBeginning {
                    beginnings[key, default: []].append((phrase, reason))
                } else {
                    whole[WordHash.lowercased(phrase)] = reason
                }
            }
        }
    }

    /// The reason that the phrase of a line gives, the line being in folded form.
    func reason(for line: [UInt8]) -> DropReason? {
        guard line.count >= 2, line.count <= PhraseTable.longestPart else { return nil }
        if let reason = whole[WordHash.lowercased(line)] { return reason }
        if line.count <= PhraseTable.longestBeginning, let reason = match(beginnings, line, at: 0, isBeginning: true) {
            return reason
        }
        for start in 0..<line.count - 1 where start == 0 || !PhraseTable.isWord(line[start - 1]) {
            if let reason = match(parts, line, at: start, isBeginning: false) { return reason }
        }
        return nil
    }

    private func match(
        _ table: [UInt64: [(phrase: [UInt8], reason: DropReason)]], _ line: [UInt8], at start: Int, isBeginning: Bool
    ) -> DropReason? {
        guard let phrases = table[PhraseTable.key(line, start)] else { return nil }
        for (phrase, reason) in phrases where line.count - start >= phrase.count {
            guard line[start..<start + phrase.count].elementsEqual(phrase) else { continue }
            let end = start + phrase.count
            // A phrase ends where a word ends.
            if end == line.count || !PhraseTable.isWord(line[end]) || !PhraseTable.isWord(line[end - 1]) { return reason }
        }
        return nil
    }

    private static func key(_ bytes: [UInt8], _ start: Int) -> UInt64 {
        UInt64(bytes[start]) << 8 | (start + 1 < bytes.count ? UInt64(bytes[start + 1]) : 0)
    }

    private static func isWord(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte >= 0x80 }

    /// A line in the form that phrases are written in: lower case, straight apostrophes, without the marks, symbols
    /// and numbers around it ("(2) Comments:" gives "comments").
    static func folded(_ text: [UInt8]) -> [UInt8] {
        guard text.count <= longestPart + 40 else { return [] }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            let next = index + 1 < text.count ? text[index + 1] : 0
            switch byte {
            case 0xE2 where next == 0x80 && index + 2 < text.count && (text[index + 2] == 0x99 || text[index + 2] == 0x98):
                out.append(UInt8(ascii: "'"))
                index += 3
            case 0xC2 where next == 0xA0:
                out.append(0x20)
                index += 2
            // Capitals of Latin-1 and of Cyrillic lie beside their small letters.
            case 0xC3 where (0x80...0x9E).contains(next) && next != 0x97:
                out += [byte, next + 0x20]
                index += 2
            case 0xD0 where (0x90...0x9F).contains(next):
                out += [byte, next + 0x20]
                index += 2
            case 0xD0 where (0xA0...0xAF).contains(next):
                out += [0xD1, next - 0x20]
                index += 2
            default:
                out.append(ASCII.lower(byte))
                index += 1
            }
        }
        var start = 0
        while start < out.count, let length = symbolLength(out, start) { start += length }
        var end = out.count
        while end > start {
            if symbolLength(out, end - 1) == 1 { end -= 1; continue }
            if end - start >= 2, symbolLength(out, end - 2) == 2 { end -= 2; continue }
            if end - start >= 3, symbolLength(out, end - 3) == 3 { end -= 3; continue }
            if end - start >= 4, symbolLength(out, end - 4) == 4 { end -= 4; continue }
            break
        }
        return Array(out[start..<end])
    }

    /// The length of the mark, symbol, emoji or digit at `index`; nil where a letter stands.
    private static func symbolLength(_ bytes: [UInt8], _ index: Int) -> Int? {
        let byte = bytes[index]
        if byte < 0x80 { return ASCII.isLetter(byte) ? nil : 1 }
        switch byte {
        case 0xC2 where index + 1 < bytes.count: return 2
        case 0xE2 where index + 2 < bytes.count: return 3
        case 0xEF where index + 2 < bytes.count && bytes[index + 1] == 0xB8: return 3
        case 0xF0 where index + 3 < bytes.count && bytes[index + 1] == 0x9F: return 4
        default: return nil
        }
    }
}
