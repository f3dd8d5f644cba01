/// Tells lines that furnish a page from lines that belong to its text, by their words and their look alone.
enum Furniture {
    /// Why a block is no part of the text; nil where nothing speaks against it.
    static func reason(of block: Block) -> DropReason? {
        let folded = PhraseTable.folded(block.text)
        if folded.isEmpty && block.count < 60 { return block.shape == .cell || block.shape == .item ? nil : .metadata }
        if let reason = PhraseTable.furniture.reason(for: folded), !(block.isProse && isTextDespite(reason, block)) {
            return reason
        }
        return look(of: block.text)
    }

    /// Whether a block that holds a phrase of furniture reads as a paragraph all the same.
    private static func isTextDespite(_ reason: DropReason, _ block: Block) -> Bool {
        switch reason {
        case .cookieNotice, .legal, .comments: false
        case .advertisement: block.count > 500
        case .newsletter, .share, .form, .authorNote: block.count > 200
        default: block.count > 90 && block.linkShare < 40
        }
    }

    /// What the look of a line says, whatever its words.
    static func look(of text: [UInt8]) -> DropReason? {
        if text.count <= 120, WrittenDate.isWholeLine(text) { return .metadata }
        if isAddress(text) { return .link }
        if isHashtags(text) { return .tags }
        if text.count <= 200, isCopyright(text) { return .legal }
        if isByline(text) { return .metadata }
        return nil
    }

    /// A bare URL.
    static func isAddress(_ text: [UInt8]) -> Bool {
        guard !text.contains(0x20) else { return false }
        return text.starts(with: Array("http://".utf8)) || text.starts(with: Array("https://".utf8))
            || text.starts(with: Array("www.".utf8))
    }

    /// Nothing but hashtags.
    static func isHashtags(_ text: [UInt8]) -> Bool {
        text.split(separator: 0x20).allSatisfy {
            $0.first == UInt8(ascii: "#") && $0.count > 1 && !ASCII.isDigit($0[$0.startIndex + 1])
        }
    }

    private static func isCopyright(_ text: [UInt8]) -> Bool {
        text.starts(with: [0xC2, 0xA9]) || text.starts(with: Array("(c) ".utf8)) || text.starts(with: Array("(C) ".utf8))
            || text.starts(with: Array("Copyright ".utf8))
    }

    /// "By Jane Doe", "by admin March 15, 2025": a name and no sentence.
    static func isByline(_ text: [UInt8]) -> Bool {
        guard text.count >= 6, text.count <= 120, ASCII.lower(text[0]) == UInt8(ascii: "b"),
            ASCII.lower(text[1]) == UInt8(ascii: "y"),
            text[2] == 0x20 || text[2] == UInt8(ascii: ":")
        else { return false }
        if WrittenDate(in: text) != nil { return true }
        let words = text[3...].split(separator: 0x20)
        guard words.count <= 10, !TextShape.endsSentence(text[...]) else { return false }
        return words.allSatisfy { word in
            guard let first = word.first else { return false }
            return ASCII.isUpper(first) || first >= 0x80 || Furniture.nameParticles.contains(WordHash.lowercased(word))
                || !ASCII.isLetter(first)
        }
    }

    private static let nameParticles = Set(
        [
            "and", "for", "of", "the", "in", "with", "de", "van", "von", "der", "den", "la", "di", "al", "el", "admin", "staff",
            "updated",
        ].map {
            WordHash.lowercased($0.utf8)
        })

    /// A row of short entries between bars, dots or arrows.
    static func isMenuRow(_ text: [UInt8]) -> Bool {
        guard text.count <= 200, !TextShape.endsSentence(text[...]) else { return false }
        var marks = 0
        var index = 1
        while index + 1 < text.count {
            if text[index - 1] == 0x20 {
                switch text[index] {
                case UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "*"):
                    marks += text[index + 1] == 0x20 ? 1 : 0
                case 0xC2 where text[index + 1] == 0xB7 || text[index + 1] == 0xBB: marks += 1
                case 0xE2
                where index + 2 < text.count && text[index + 1] == 0x80 && (text[index + 2] == 0xA2 || text[index + 2] == 0xBA):
                    marks += 1
                default: break
                }
            }
            index += 1
        }
        return marks >= 2 || marks == 1 && text.count < 40
    }
}
