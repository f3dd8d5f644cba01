import HeadwaterTesting
import Testing

@testable import HeadwaterModel

@Suite("UTF-8 that was read as windows-1252")
struct MojibakeTests {
    /// The text as somebody sees it who takes its bytes for windows-1252.
    private func misread(_ text: String) -> [UInt8] { Charset.windows1252.decode(Array(text.utf8)).text }

    private func repaired(_ text: [UInt8]) -> String {
        var out: [UInt8] = []
        var kept = 0
        for run in Mojibake.certainRuns(in: text) {
            out += text[kept..<run.lowerBound] + (Mojibake.repaired(Array(text[run])) ?? [])
            kept = run.upperBound
        }
        return String(decoding: out + text[kept...], as: UTF8.self)
    }

    private static let sentences = [
        "Die Fähre fährt über den Fluß, sagt Jürgen Öhm.", "L’été, à l’œuvre : « déjà vu », dit-elle…",
        "El niño comió piñas en otoño.",
        "“I counted the strokes,” said Ansel – “after a thousand you stop”.", "Zażółć gęślą jaźń.",
        "Мост закрыт до утра, сказал капитан.",
        "Ο καπετάνιος είπε όχι.", "Prices rose by 5 € and £3.",
    ]

    @Test("a paragraph that was read wrongly comes back as it was", arguments: sentences)
    func whole(sentence: String) { #expect(repaired(misread(sentence)) == sentence) }

    @Test("what was read rightly stays", arguments: sentences)
    func right(sentence: String) { #expect(Mojibake.certainRuns(in: Array(sentence.utf8)) == []) }

    @Test(
        "a paragraph that is partly right is in doubt, and stays", arguments: sentences.dropLast(1).filter { !$0.hasPrefix("“") })
    func mixed(sentence: String) {
        let text = misread(sentence) + Array(" – é".utf8)
        #expect(Mojibake.certainRuns(in: text) == [])
    }

    @Test(
        "letters before closing marks are what they look like",
        arguments: ["LE CAFÉ… ET LE THÉ”", "AMANHÃ” E DEPOIS", "PÅ “ÅRET” NÄR…", "NÃO – SÃO", "IRMÃ»", "Ñ… Ä‘", "Â»"])
    func capitals(text: String) { #expect(Mojibake.certainRuns(in: Array(text.utf8)) == []) }

    @Test("text in ISO 8859-1's reading, with its controls, comes back too")
    func controls() {
        let text = Array("\u{E2}\u{80}\u{9C}Ja\u{E2}\u{80}\u{9D}".utf8)
        #expect(repaired(text) == "“Ja”")
    }

    @Test("a run that is certain can always be repaired, whatever the text is")
    func laws() {
        var random = SplitMix(seed: 42)
        let parts = ["Ã", "¤", "â", "€", "™", "Â", " ", "\u{A0}", "é", "a", "Ð", "¿", "Ñ", "‚", "日", "\u{80}", "Å", "“", "…"]
        var certain = 0
        for _ in 0..<2000 {
            let text = Array((0..<8).map { _ in parts.randomElement(using: &random) ?? "" }.joined().utf8)
            for run in Mojibake.certainRuns(in: text) {
                certain += 1
                let repaired = Mojibake.repaired(Array(text[run]))
                #expect(repaired.map { UTF8Scan.firstMalformed($0) == nil && !$0.isEmpty } ?? false, "seed 42")
            }
        }
        #expect(certain > 20)
    }
}
