/// Whether a text's single line breaks end what they stand behind, or only wrap it.
///
/// In wrapped text many lines go on with a small letter, and all but a paragraph's last are about as wide as the widest. Where
/// lines are units of their own (headlines, bylines, lists, tables, one paragraph a line), next to none does.
struct LineLayout {
    /// How wide a line is at most that ends by itself in wrapped text, in bytes; nil where every line does.
    private let wrapWidth: Int?

    init(_ bytes: [UInt8]) {
        var (breaks, continued, widest, start) = (0, 0, 0, 0)
        for index in bytes.indices where bytes[index] == 0x0A {
            widest = max(widest, index - start)
            let isEmpty = index == start
            start = index + 1
            guard !isEmpty, start < bytes.count, bytes[start] != 0x0A else { continue }
            breaks += 1
            if Self.goesOn(bytes, start) { continued += 1 }
        }
        // One in eight: between a wrapped page, where half of them do, and lists that have a few such lines.
        wrapWidth = continued * 8 > breaks ? widest * 2 / 3 : nil
    }

    /// Whether the white space between two tokens ends the sentence before it.
    func isBreak(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
        guard let lineEnd = bytes[gap].firstIndex(of: 0x0A) else { return false }
        if SentenceSplitter.isParagraphBreak(bytes, gap) { return true }
        guard let wrapWidth else { return true }
        // A short line within wrapped text is a heading or the last of its paragraph, unless the next goes on small.
        let next = gap.upperBound
        guard next < bytes.count, !Self.goesOn(bytes, next) else { return false }
        var start = lineEnd
        while start > 0, lineEnd - start < wrapWidth, bytes[start - 1] != 0x0A { start -= 1 }
        return lineEnd - start < wrapWidth
    }

    /// Whether what begins here goes on with a sentence: a small letter, or a script that has none.
    private static func goesOn(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard bytes[index] >= 0x80 else { return 0x61...0x7A ~= bytes[index] }
        let (character, length) = CharacterClass.read(bytes, index, bytes.count)
        guard character != .ideograph else { return true }
        guard character == .letter, let scalar = Unicode.Scalar(CharacterClass.scalar(bytes, index, length)) else { return false }
        return scalar.properties.isLowercase || !scalar.properties.isCased
    }
}
