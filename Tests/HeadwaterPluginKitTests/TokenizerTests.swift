import HeadwaterPluginKit
import Testing

@Suite struct TokenizerTests {
    private func words(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return Tokenizer.tokens(bytes).map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    @Test("tokens stand in order, do not overlap, and leave out white space only")
    func cover() {
        let text = "“Don’t,” said Ada B. O’Weir’s aunt\u{A0}(71) – $1,234.50, U.S. 漢字 👩‍🚒 é\n\n2019-03-14 30th."
        let bytes = Array(text.utf8)
        var end = 0
        var skipped: [UInt8] = []
        for token in Tokenizer.tokens(bytes) {
            #expect(token.start >= end && token.end > token.start)
            skipped += bytes[end..<token.start]
            end = token.end
        }
        skipped += bytes[end...]
        #expect(
            String(decoding: skipped, as: UTF8.self).unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0 == "\u{200D}" })
    }

    @Test("possessives, abbreviations, numbers and hyphens split where text processing wants it")
    func boundaries() {
        #expect(words("Weir’s don't O’Weir") == ["Weir", "’s", "don't", "O’Weir"])
        #expect(words("the U.S. at 9 a.m.") == ["the", "U.S.", "at", "9", "a.m."])
        #expect(words("1,234.5 12,5 30th 30-day") == ["1,234.5", "12", ",", "5", "30", "th", "30", "-", "day"])
        #expect(words("漢字x") == ["漢", "字", "x"])
    }

    @Test("the case of a word is told by its letters, in any script")
    func letterCase() {
        let bytes = Array("weir Weir NATO Élan ЭТО x2".utf8)
        #expect(Tokenizer.tokens(bytes).map(\.letterCase) == [.lower, .capitalized, .upper, .capitalized, .upper, .lower])
    }

    @Test("any bytes are cut into tokens, malformed ones too")
    func malformed() {
        for byte in UInt8.min...UInt8.max {
            for bytes in [[byte], [byte, 0x41], [0xE2, byte], [0xE2, 0x80, byte], [0xF0, 0x9F, byte, 0x80]] {
                #expect(Tokenizer.tokens(bytes).allSatisfy { $0.end <= bytes.count && $0.start < $0.end })
            }
        }
    }
}

@Suite struct SentenceSplitterTests {
    private func sentences(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SentenceSplitter.sentences(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test("a sentence ends at a stop before a word that can begin one")
    func stops() {
        #expect(sentences("It rained. We stayed! Why? 漢字。次。") == ["It rained.", "We stayed!", "Why?", "漢字。", "次。"])
        #expect(sentences("He left at 9.30 for weir.example. Then rain.") == ["He left at 9.30 for weir.example.", "Then rain."])
    }

    @Test("abbreviations and initials end no sentence")
    func abbreviations() {
        #expect(sentences("Dr. Ada J. Weir met Mr. Holm in the U.S. Senate. It rained.").count == 2)
        #expect(sentences("They left the U.S. The rest stayed.").count == 2)
        #expect(sentences("It was on Jan. 5 in No. 7.").count == 1)
    }

    @Test("closing marks belong to the sentence, and a small letter goes on with it")
    func closing() {
        #expect(sentences("“Is it?” she asked. “It is.” He went.") == ["“Is it?” she asked.", "“It is.”", "He went."])
    }

    @Test("an empty line ends a sentence and a paragraph, a single line break neither")
    func paragraphs() {
        let text = "A heading\n\nIt rained\nall day. \n \n End "
        let bytes = Array(text.utf8)
        #expect(sentences(text) == ["A heading", "It rained\nall day.", "End"])
        #expect(
            SentenceSplitter.paragraphs(bytes).map { String(decoding: bytes[$0], as: UTF8.self) } == [
                "A heading", "It rained\nall day.", "End",
            ])
    }
}
