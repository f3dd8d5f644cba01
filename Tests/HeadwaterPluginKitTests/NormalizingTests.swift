import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterPluginKit

@Suite("Spellings put right, with their origin")
struct NormalizingTests {
    private static let parts = [
        "e", "\u{301}", "\u{212B}", "ﬁ", "²", "Ａ", "\u{1100}", "\u{1161}", "\u{3131}", "\u{314F}", "ｶ", "ﾞ", "a\u{323}\u{307}",
        " ", "\u{A0}", "¨",
        "x", "\u{AD}", "ﬆ", "…", "日", "\u{FDFA}",
    ]

    private func traced(_ text: String) -> TracedText {
        let bytes = Array(text.utf8)
        return TracedText(decoding: bytes, digest: Digest(of: bytes), charset: .utf8)
    }

    /// Proves the map of a text against the one source it came from.
    private func prove(_ text: TracedText, from source: String) throws {
        let bytes = Array(source.utf8)
        var proof = RecordProof()
        try proof.check(RecordDraft(kind: "document", text: text, parents: []).sealed()) { _ in bytes }
    }

    @Test("each operation gives what the whole text comes to, and its map is proven")
    func laws() throws {
        var random = SplitMix(seed: 43)
        for _ in 0..<500 {
            let text = (0..<8).map { _ in Self.parts.randomElement(using: &random) ?? "" }.joined()
            let operations: [(TracedText, String)] = [
                (traced(text).composed(), text.precomposedStringWithCanonicalMapping),
                (
                    traced(text).compatibilityComposed(),
                    text.decomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping
                ),
                (traced(text).removingSoftHyphens(), text.replacingOccurrences(of: "\u{AD}", with: "", options: .literal)),
                (
                    traced(text).expandingLigatures(),
                    text.replacingOccurrences(of: "ﬁ", with: "fi", options: .literal)
                        .replacingOccurrences(of: "ﬆ", with: "st", options: .literal)
                ),
            ]
            for (made, expected) in operations {
                #expect(Array(made.string.unicodeScalars) == Array(expected.unicodeScalars), "seed 43: \(text.debugDescription)")
                try prove(made, from: text)
                #expect(!made.segments.contains { $0.mode == .synthetic })
            }
        }
    }

    @Test("what does not change stays verbatim")
    func verbatim() {
        let text = traced("eﬃcient and co\u{AD}operative")
        #expect(text.removingSoftHyphens().segments.allSatisfy { $0.mode == .verbatim })
        #expect(text.removingSoftHyphens().string == "eﬃcient and cooperative")
        #expect(text.expandingLigatures().segments.map(\.mode.description) == ["verbatim", "rewritten:ligature", "verbatim"])
    }

    @Test("mojibake is repaired through character references and encodings")
    func mojibake() throws {
        let source = "Die F&Atilde;&curren;hre f&#195;&#164;hrt"
        let text = traced(source).decodingEntities().repairingMojibake()
        #expect(text.string == "Die Fähre fährt")
        try prove(text, from: source)
        let bytes = Array("Fähre, sagt “Ida”".utf8)
        let misread = TracedText(decoding: bytes, digest: Digest(of: bytes), charset: .windows1252).repairingMojibake()
        #expect(misread.string == "Fähre, sagt “Ida”")
        var proof = RecordProof()
        try proof.check(RecordDraft(kind: "document", text: misread, parents: []).sealed()) { _ in bytes }
        #expect(proof.bytesByMode.keys.contains("rewritten:charset(windows-1252)+mojibake(windows-1252)"))
    }

    @Test("masked pieces are labels that keep the bytes they stand for; nothing of them is left in the text")
    func masking() throws {
        let source = "Ida (ida&#64;bell.example, 020 7946 0123) sailed from 192.0.2.7 on 2025-03-14."
        let (text, masked) = traced(source).decodingEntities().masking(PersonalData.allCases)
        #expect(text.string == "Ida ([email], [phone]) sailed from [ip] on 2025-03-14.")
        try prove(text, from: source)
        #expect(masked.map(\.kind) == [.email, .phone, .ip])
        let bytes = Array(source.utf8)
        let cited = masked.map {
            $0.piece.citations.map { String(decoding: bytes[$0.range.start..<$0.range.start + $0.range.length], as: UTF8.self) }
                .joined()
        }
        #expect(cited == ["ida&#64;bell.example", "020 7946 0123", "192.0.2.7"])
        #expect(!text.segments.contains { $0.mode == .synthetic })
        #expect(traced(source).decodingEntities().masking([.phone]).text.string.contains("ida@bell.example"))
    }

    @Test("of kinds that overlap the first counts: an address may hold a number")
    func overlaps() {
        let (text, masked) = traced("0301234567@bell.example or 0301234567").masking(PersonalData.allCases)
        #expect(text.string == "[email] or [phone]")
        #expect(masked.count == 2)
    }
}
