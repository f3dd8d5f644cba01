/// The end of a text, where notes about the writer and invitations follow the story without a break.
enum ArticleTail {
    /// How many paragraphs from the end may be such notes.
    private static let longest = 6
    /// Longer paragraphs are the story's.
    private static let longestNote = 700

    private static let phrases = PhraseTable([(.authorNote, tailPhrases)])

    /// Drops notes at the end, from the last block upwards, as long as text remains.
    static func trim(_ blocks: inout [Block], author: [UInt8]?) {
        var notes = 0
        var index = blocks.count - 1
        while index >= 0, notes < longest {
            let block = blocks[index]
            guard block.reason == nil else {
                index -= 1
                continue
            }
            guard block.count <= longestNote, isNote(block, author: author) else { return }
            blocks[index].reason = .authorNote
            notes += 1
            index -= 1
        }
    }

    /// Whether a block reads as a note about the writer or an invitation.
    static func isNote(_ block: Block, author: [UInt8]?) -> Bool {
        if let author, author.count >= 5, block.count <= 300, block.text.starts(with: author), block.count > author.count {
            return true
        }
        let folded = PhraseTable.folded(block.text)
        return phrases.reason(for: folded) != nil
    }
}
