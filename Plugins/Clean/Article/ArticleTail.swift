/// The end of a text, where notes about the writer and invitations follow the story without a break.
enum ArticleTail {
    /// How many paragraphs from the end may be such notes.
    private static let longest = 8
    /// Longer paragraphs are the story's.
    private static let longestNote = 700
    /// A label between two notes, in bytes at most.
    private static let longestLabel = 60

    private static let phrases = PhraseTable([(.authorNote, tailPhrases)])

    /// Drops notes at the end, from the last block upwards, as long as text remains.
    static func trim(_ blocks: inout [Block], author: [UInt8]?) {
        let all = blocks
        let kept = all.indices.filter { all[$0].reason == nil }
        var notes: [Int] = []
        for (place, index) in kept.enumerated().reversed() {
            let block = all[index]
            guard place > 0, notes.count < longest, block.count <= longestNote else { break }
            let isLabel =
                !notes.isEmpty && block.count < longestLabel && !block.endsSentence && block.text.last != UInt8(ascii: ":")
            let isKnown = { (name: ArraySlice<UInt8>) in kept[..<place].contains { all[$0].names(name) } }
            guard isLabel || isNote(block, author: author, isKnown: isKnown) else { break }
            notes.append(index)
        }
        for index in notes { blocks[index].reason = .authorNote }
    }

    /// Whether a block reads as a note about the writer or an invitation.
    ///
    /// - Parameter isKnown: whether the text above names the bearer of a surname.
    static func isNote(_ block: Block, author: [UInt8]?, isKnown: (ArraySlice<UInt8>) -> Bool) -> Bool {
        AuthorNote.isNote(block.text, author: author, isKnown: isKnown)
            || phrases.reason(for: PhraseTable.folded(block.text)) != nil
    }
}

extension Block {
    /// Whether a word stands in the text, written just so.
    func names(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first, word.count <= count else { return false }
        var index = 0
        while index <= count - word.count {
            if text[index] == first, text[index..<index + word.count].elementsEqual(word) { return true }
            index += 1
        }
        return false
    }
}
