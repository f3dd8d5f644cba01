import HeadwaterPluginKit

/// A number in a sentence, with the words behind it that may say what it counts.
struct Figure: Equatable {
    /// The hash of the number in digits, without thousands' commas.
    var value: UInt32
    /// The terms of the next two words; fewer at the end of the sentence.
    var nouns: [UInt32]

    /// The figures of a sentence, without those that name a date, a clock time, a year or part of a code.
    static func figures(_ bytes: [UInt8], _ tokens: ArraySlice<Token>) -> [Figure] {
        var out: [Figure] = []
        for index in tokens.indices where tokens[index].kind == .number {
            let token = tokens[index]
            guard token.count <= 15, !isYear(bytes, token), !touches(bytes, tokens, index) else { continue }
            var nouns: [UInt32] = []
            for next in tokens[(index + 1)...].prefix(2) {
                guard next.kind == .word, next.count > 2 else { break }
                nouns.append(Terms.hash(bytes, next))
            }
            if !nouns.isEmpty { out.append(Figure(value: Terms.hash(bytes, token), nouns: nouns)) }
        }
        return out
    }

    /// Whether the two count the same thing and disagree.
    func contradicts(_ other: Figure) -> Bool { value != other.value && nouns.contains { other.nouns.contains($0) } }

    private static func isYear(_ bytes: [UInt8], _ token: Token) -> Bool {
        token.count == 4 && (bytes[token.start] == UInt8(ascii: "1") || bytes[token.start] == UInt8(ascii: "2"))
    }

    /// Whether a colon, slash or dash without white space ties the number to another one.
    private static func touches(_ bytes: [UInt8], _ tokens: ArraySlice<Token>, _ index: Int) -> Bool {
        let token = tokens[index]
        if index > tokens.startIndex, tokens[index - 1].end == token.start, tokens[index - 1].kind == .mark,
            [0x3A, 0x2F, 0x2D, 0x23].contains(bytes[tokens[index - 1].start])
        {
            return true
        }
        return index + 1 < tokens.endIndex && tokens[index + 1].start == token.end && tokens[index + 1].count == 1
            && [0x3A, 0x2F].contains(bytes[tokens[index + 1].start])
    }
}
