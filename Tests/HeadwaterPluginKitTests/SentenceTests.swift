import HeadwaterPluginKit
import Testing

@Suite struct SentenceTests {
    private func sentences(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SentenceSplitter.sentences(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        "abbreviations, initials, numbers and closing marks end no sentence by themselves",
        arguments: [
            ["Dr. Ada J. Weir came on Jan. 5 at 4 p.m. by boat."],
            ["It cost 3.5 million.", "Nobody paid."],
            ["“Is it late?” she asked.", "It was."],
            ["He lives in the U.S. Army base.", "It is old."],
            ["“We go.”", "“They stay.”"],
            ["It ended…", "Then it began."],
            ["Am 14. März kam er.", "Der 3. Mai war kalt."],
            ["Sig. Brenn met Dott. Holm.", "Mevr. Brenn kwam."],
            ["ул. Мира длинная.", "Она новая."],
        ])
    func ends(_ expected: [String]) { #expect(sentences(expected.joined(separator: " ")) == expected) }

    @Test("lines that are units end sentences: headlines, bylines, lists and tables")
    func lines() {
        let lines = ["WEIR WINS REGATTA", "By Ola Brenn", "Halden 3 Oslo 1", "Weir won on Saturday.", "It rained."]
        #expect(sentences(lines.joined(separator: "\n")) == lines)
    }

    @Test("lines that only wrap do not, but a short one among them is a heading")
    func wrapped() {
        let text = """
            The harbour
            The harbour of the town was closed on Saturday because the
            pier had burned, and the boats that were to leave lay at the
            quay until the evening, when the fire was out.
            """
        #expect(
            sentences(text) == [
                "The harbour",
                "The harbour of the town was closed on Saturday because the\npier had burned, and the boats that were to leave lay at the\nquay until the evening, when the fire was out.",
            ])
    }

    @Test("scripts without case keep wrapped lines together, and end sentences at their own stops")
    func uncased() { #expect(sentences("水道\n工事。\n完了。") == ["水道\n工事。", "完了。"]) }

    @Test("sentences cover all tokens, in order, whatever the text", arguments: [UInt64(3), 71, 911])
    func cover(_ seed: UInt64) {
        var random = RandomText(seed: seed)
        for _ in 0..<200 {
            let bytes = random.source().bytes
            let ranges = SentenceSplitter.sentences(bytes)
            for token in Tokenizer.tokens(bytes) {
                #expect(
                    ranges.contains { $0.lowerBound <= token.start && token.end <= $0.upperBound },
                    "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            }
            for (a, b) in zip(ranges, ranges.dropFirst()) { #expect(a.upperBound <= b.lowerBound, "seed \(seed)") }
        }
    }
}
