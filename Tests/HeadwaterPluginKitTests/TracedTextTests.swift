import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterPluginKit

/// The laws of TracedText, on random texts in all charsets under random chains of operations.
@Suite struct TracedTextTests {
    /// A text together with what it should be.
    struct Pair {
        var traced: TracedText
        var plain: PlainText

        init(_ traced: TracedText, _ plain: PlainText) { (self.traced, self.plain) = (traced, plain) }
    }

    /// The sources of one case, and the operations on their texts.
    struct Case {
        var random: RandomText
        var sources: [Digest: [UInt8]] = [:]

        init(seed: UInt64) { random = RandomText(seed: seed) }

        mutating func document() -> Pair {
            let (bytes, charset) = random.source()
            let digest = Digest(of: bytes)
            sources[digest] = bytes
            let text = String(decoding: charset.decode(bytes).text, as: UTF8.self)
            return Pair(TracedText(decoding: bytes, digest: digest, charset: charset), PlainText(string: text))
        }

        mutating func step(_ pair: Pair, other: Pair) -> Pair {
            let (traced, plain) = (pair.traced, pair.plain)
            switch random.number(below: 15) {
            case 0:
                let range = random.range(in: plain.bytes)
                return Pair(traced[range], plain.slice(range))
            case 1: return Pair(traced.trimmed(), plain.trimmed())
            case 2: return Pair(traced + other.traced, PlainText(string: plain.string + other.plain.string))
            case 3:
                let parts = [pair, other, pair]
                return Pair(
                    .joined(parts.map(\.traced), separator: "; "),
                    PlainText(string: parts.map(\.plain.string).joined(separator: "; ")))
            case 4:
                let range = random.range(in: plain.bytes)
                return Pair(traced.replacing(range, with: other.traced), plain.replacing(range, with: other.plain))
            case 5: return Pair(traced.decodingEntities(), plain.decodingEntities())
            case 6: return Pair(traced.collapsingSpace(), plain.collapsingSpace())
            case 7: return Pair(traced.lowercased(), plain.lowercased())
            case 8: return Pair(traced.composed(), plain.composed())
            case 9:
                let range = random.range(in: plain.bytes)
                let kind = random.pick(Rewriting.Break.allCases)
                let text = traced[range].asBreak(kind)
                // Where the range shows something, there is no break in it.
                let broken = MarkupRun.spans(Array(plain.bytes[range])) ? String(decoding: kind.text, as: UTF8.self) : ""
                let isBreakAlready = Array(plain.bytes[range]) == kind.text
                return Pair(
                    traced.replacing(range, with: text),
                    plain.replacing(range, with: isBreakAlready ? plain.slice(range) : PlainText(string: broken)))
            case 10:
                let range = random.range(in: plain.bytes)
                let rule = random.pick([Rewriting.Rule.entity, .space, .lowercase, .nfc])
                let rewritten = Rewriting([rule]).apply(to: Array(plain.bytes[range])) ?? []
                return Pair(
                    traced.replacing(range, with: traced.rewriting(range, by: rule)),
                    plain.replacing(range, with: PlainText(string: String(decoding: rewritten, as: UTF8.self))))
            case 11...13:
                // Any of these on a part in its place, so that parts of one source with different histories are neighbours.
                let range = random.range(in: plain.bytes)
                let part = step(Pair(traced[range], plain.slice(range)), other: other)
                return Pair(traced.replacing(range, with: part.traced), plain.replacing(range, with: part.plain))
            default: return Pair(traced + .synthetic("-"), PlainText(string: plain.string + "-"))
            }
        }

        /// Texts grow by joining; what is too long for a quick case is cut.
        mutating func chain(_ count: Int) -> Pair {
            var pair = document()
            for _ in 0..<count {
                let other = document()
                pair = step(pair, other: other)
                if pair.traced.count > 400 {
                    var end = 400
                    while !UTF8Scan.isBoundary(pair.plain.bytes, end) { end -= 1 }
                    pair = Pair(pair.traced[0..<end], pair.plain.slice(0..<end))
                }
            }
            return pair
        }

        func prove(_ record: Record) throws {
            var proof = RecordProof()
            try proof.check(record) { try #require(sources[$0]) }
        }
    }

    @Test("whatever operations made it, a text is what plain strings give, its segments cover it, and its record is proven")
    func operations() throws {
        for seed in 0..<2000 as Range<UInt64> {
            var example = Case(seed: seed)
            let pair = example.chain(1 + Int(seed % 7))
            #expect(pair.traced.bytes == pair.plain.bytes, "seed \(seed)")
            #expect(pair.traced.segments.reduce(0) { $0 + $1.length } == pair.traced.count, "seed \(seed)")
            let draft = RecordDraft(kind: "document", text: pair.traced, parents: [])
            #expect(throws: Never.self, "seed \(seed)") { try example.prove(draft.sealed()) }
        }
    }

    @Test("stages that each seal, store and read again give the record that one stage gives")
    func composing() throws {
        for seed in 0..<800 as Range<UInt64> {
            var example = Case(seed: seed)
            var direct = example.chain(2)
            var staged = direct
            for _ in 0..<3 {
                let record = RecordDraft(kind: "document", text: staged.traced, parents: []).sealed()
                staged.traced = TracedText(try Record(reading: record.canonical))
                // The same operation on both: the generator goes on from the same place.
                let other = example.document()
                var again = example
                direct = example.step(direct, other: other)
                staged = again.step(staged, other: other)
            }
            #expect(staged.traced == direct.traced, "seed \(seed)")
            #expect(throws: Never.self, "seed \(seed)") {
                try example.prove(RecordDraft(kind: "document", text: staged.traced, parents: []).sealed())
            }
        }
    }

    @Test("a slice of a slice is the slice, and parts put together again are the whole")
    func slicing() {
        for seed in 0..<800 as Range<UInt64> {
            var example = Case(seed: seed)
            let text = example.chain(3).traced
            let outer = example.random.range(in: text.bytes)
            let inner = example.random.range(in: Array(text.bytes[outer]))
            let direct = text[outer.lowerBound + inner.lowerBound..<outer.lowerBound + inner.upperBound]
            #expect(text[outer][inner] == direct, "seed \(seed)")
            #expect(text[0..<text.count].segments == text.segments, "seed \(seed)")
            // Atomic segments stay cut where they were cut; all others join again.
            let parts = text[0..<outer.lowerBound] + text[outer] + text[outer.upperBound..<text.count]
            #expect(parts.bytes == text.bytes, "seed \(seed)")
            if text.segments.allSatisfy({ $0.mode == .verbatim || $0.mode == .synthetic }) {
                #expect(parts.segments == text.segments, "seed \(seed)")
            }
        }
    }

    @Test("a rule over neighbours with different histories says only what can be proven")
    func neighbours() throws {
        let source = Array("AB  \n\n&amp;&lt; E\u{301}e\u{301}".utf8)
        let text = TracedText(decoding: source, digest: Digest(of: source), charset: .utf8)
        let operations: [(TracedText) -> TracedText] = [
            { $0 }, { $0.lowercased() }, { $0.collapsingSpace() }, { $0.decodingEntities() }, { $0.composed() },
        ]
        let rules: [Rewriting.Rule] = [.entity, .space, .lowercase, .nfc]
        for cut in 0...text.count where UTF8Scan.isBoundary(text.bytes, cut) {
            for first in operations {
                for second in operations {
                    let both = first(text[0..<cut]) + second(text[cut..<text.count])
                    for rule in rules {
                        let made = both.rewriting(0..<both.count, by: rule)
                        #expect(made.bytes == Rewriting([rule]).apply(to: both.bytes))
                        var proof = RecordProof()
                        try proof.check(RecordDraft(kind: "x", text: made, parents: []).sealed()) { _ in source }
                    }
                }
            }
        }
    }

    @Test("joining is associative, and the empty text changes nothing")
    func joining() {
        for seed in 0..<500 as Range<UInt64> {
            var example = Case(seed: seed)
            let (a, b, c) = (example.chain(1).traced, example.chain(1).traced, example.chain(1).traced)
            #expect((a + b) + c == a + (b + c), "seed \(seed)")
            #expect(TracedText() + a == a[0..<a.count] && a + TracedText() == a, "seed \(seed)")
        }
    }

    @Test("an operation that changes nothing leaves the map as it is")
    func unchanged() {
        for seed in 0..<500 as Range<UInt64> {
            var example = Case(seed: seed)
            let text = example.chain(2).traced
            let whole = text[0..<text.count]
            for changed in [text.lowercased(), text.composed(), text.collapsingSpace(), text.decodingEntities(), text.trimmed()]
            where changed.bytes == text.bytes {
                #expect(changed[0..<changed.count] == whole, "seed \(seed)")
            }
            #expect(text.lowercased().collapsingSpace() == text.lowercased().collapsingSpace().collapsingSpace(), "seed \(seed)")
        }
    }

    @Test("citations are the source bytes behind the text, neighbours joined")
    func citations() {
        let bench = Array("Fish &amp; chips".utf8)
        let digest = Digest(of: bench)
        let text = TracedText(decoding: bench, digest: digest, charset: .utf8).decodingEntities()
        #expect(text.string == "Fish & chips")
        #expect(text.citations.map(\.range) == [ByteRange(start: 0, length: 16)])
        let parts = text[0..<4] + .synthetic(" ") + text[7..<12] + text[0..<1]
        #expect(
            parts.citations.map(\.range) == [
                ByteRange(start: 0, length: 4), ByteRange(start: 11, length: 5), ByteRange(start: 0, length: 1),
            ])
        #expect(parts.citations.allSatisfy { $0.source == digest })
    }

    @Test("a byte order mark belongs to no text at the start of a source, and to the text anywhere else")
    func marks() throws {
        for charset in [Charset.utf8, .utf16LE, .utf16BE] {
            let mark: [UInt8] = charset == .utf8 ? [0xEF, 0xBB, 0xBF] : charset == .utf16LE ? [0xFF, 0xFE] : [0xFE, 0xFF]
            let letter: [UInt8] = charset == .utf8 ? [0x41] : charset == .utf16LE ? [0x41, 0] : [0, 0x41]
            let source = mark + letter + mark + letter
            let digest = Digest(of: source)
            let text = TracedText(decoding: source, digest: digest, charset: charset)
            #expect(text.bytes == Array("A\u{FEFF}A".utf8))
            var proof = RecordProof()
            try proof.check(RecordDraft(kind: "x", text: text[1..<5], parents: []).sealed()) { _ in source }
        }
    }

    @Test("text that a slice cut inside a character is refused by the proof, and crashes nothing before")
    func cutCharacters() {
        let source = Array("\u{E9}É🌊&eacute; é".utf8)
        let text = TracedText(decoding: source, digest: Digest(of: source), charset: .utf8)
        for start in 0...text.count {
            for end in start...text.count {
                let part = text[start..<end]
                for made in [
                    part, part.trimmed(), part.lowercased(), part.composed(), part.collapsingSpace(), part.decodingEntities(),
                    part.asBreak(.line),
                ] {
                    var proof = RecordProof()
                    let isValid = UTF8Scan.firstMalformed(made.bytes) == nil
                    let record = RecordDraft(kind: "x", text: made, parents: []).sealed()
                    #expect((try? proof.check(record) { _ in source }) != nil || !isValid)
                    if !isValid { #expect(throws: RecordProof.Fault.self) { try proof.check(record) { _ in source } } }
                }
            }
        }
    }

    @Test("references that were encoded again and again are decoded as often, until the chain is as long as it may be")
    func longChains() throws {
        let source = Array(("&" + String(repeating: "amp;", count: 200) + "lt;").utf8)
        var text = TracedText(decoding: source, digest: Digest(of: source), charset: .utf8)
        for _ in 0..<201 { text = text.decodingEntities() }
        #expect(text.string == "<")
        let record = RecordDraft(kind: "x", text: text, parents: []).sealed()
        var proof = RecordProof()
        try proof.check(try Record(reading: record.canonical)) { _ in source }
    }
}

/// Each of these takes a few seconds at most, and far longer than its limit where a cost grows with the square of the text.
@Suite(.timeLimit(.minutes(1))) struct TracedTextCostTests {
    /// A megabyte that decodes into 40,000 segments.
    static func large(charset: Charset) -> TracedText {
        let unit: [UInt8] = Array("&lt;B \u{E9}".utf8)
        let bytes: [UInt8] = Array(
            [[UInt8]](repeating: unit + [UInt8](repeating: charset == .utf8 ? 0x61 : 0xE6, count: 42), count: 20_000).joined())
        return TracedText(decoding: bytes, digest: Digest(of: bytes), charset: charset)
    }

    @Test("slicing and joining", arguments: [Charset.utf8, .windows1251])
    func slicing(charset: Charset) {
        let text = TracedTextCostTests.large(charset: charset)
        var out = TracedText()
        var offset = 0
        while offset < text.count {
            var end = min(offset + 49, text.count)
            while !UTF8Scan.isBoundary(text.bytes, end) { end -= 1 }
            out.append(text[offset..<end])
            offset = end
        }
        #expect(out == text)
    }

    @Test("references, case, white space and composition")
    func rewriting() {
        let text = TracedTextCostTests.large(charset: .utf8).decodingEntities()
        #expect(text.segments.count == 40_000)
        #expect(text.lowercased().segments.count == 60_000)
        #expect(text.collapsingSpace() == text)
        #expect(text.composed() == text)
        #expect((text + .synthetic("e\u{301}")).composed().count == text.count + 2)
        // One run over all segments.
        #expect(text.rewriting(0..<text.count, by: .lowercase).segments.count == 1)
        let record = RecordDraft(kind: "x", text: text, parents: []).sealed()
        #expect(TracedText(record) == text)
    }
}
