import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct RewritingTests {
    /// What each rule means must not change under its name: stored records are proven with it.
    @Test(
        "rules keep their names and meanings",
        arguments: [
            ("charset(windows-1251)", [0xCC, 0xEE, 0xF1, 0xF2], Array("Мост".utf8)),
            ("charset(utf-16be)", [0xFE, 0xFF, 0x00, 0x41], Array("\u{FEFF}A".utf8)),
            ("charset(utf-8)", [0xE2, 0x82], Array("\u{FFFD}".utf8)),
            ("entity", Array("a &lt;b&gt &#8211; &x; &amp;lt;".utf8), Array("a <b> – &x; &lt;".utf8)),
            ("space", Array("a \t\r\n b\u{A0}\u{2003}c  ".utf8), Array("a b c ".utf8)),
            ("space", Array("\u{200B}".utf8), Array("\u{200B}".utf8)),
            ("break(space)", Array("\n<br/>".utf8), Array(" ".utf8)),
            ("break(line)", Array("<br>".utf8), Array("\n".utf8)),
            ("break(paragraph)", Array("</p>\n<!-- x --><p class=\"a>b\">&nbsp;".utf8), Array("\n\n".utf8)),
            ("break(line)", Array("<br>x".utf8), nil),
            ("break(line)", [], nil),
            ("case(lower)", Array("ÀİΣ NASA ẞ".utf8), Array("ài\u{307}σ nasa ß".utf8)),
            ("case(lower)", [0xFF], nil),
            ("unicode(nfc)", Array("e\u{301}\u{212B}\u{1100}\u{1161}".utf8), Array("\u{E9}\u{C5}\u{AC00}".utf8)),
            ("unicode(nfc)", [0xFF], nil),
            ("unicode(nfkc)", Array("\u{FB01}\u{B2}\u{FF21}\u{3131}\u{314F}".utf8), Array("fi2A\u{AC00}".utf8)),
            ("unicode(nfkc)", [0xFF], nil),
            ("ligature", Array("e\u{FB03}cient \u{FB06} \u{FB13} æ".utf8), Array("efficient st \u{574}\u{576} æ".utf8)),
            ("mojibake(windows-1252)", Array("FÃ¤hre â€™".utf8), Array("Fähre ’".utf8)),
            ("mojibake(windows-1252)", Array("\u{E2}\u{80}\u{99}".utf8), Array("’".utf8)),
            ("mojibake(windows-1252)", Array("Ж".utf8), nil),
            ("mojibake(windows-1252)", Array("é".utf8), nil),
            ("mask(email)", Array("ida@bell.example".utf8), Array("[email]".utf8)),
            ("mask(email)", Array(" ida@bell.example".utf8), nil),
            ("mask(phone)", Array("+44 20 7946 0123".utf8), Array("[phone]".utf8)),
            ("mask(phone)", Array("2025-03-14".utf8), nil),
            ("mask(ip)", Array("192.0.2.7".utf8), Array("[ip]".utf8)),
            ("mask(ip)", Array("2001:db8::1".utf8), Array("[ip]".utf8)),
            ("mask(ip)", Array("256.1.1.1".utf8), nil),
            ("cut(1,2)", Array("abcd".utf8), Array("bc".utf8)),
            ("cut(3,2)", Array("abcd".utf8), nil),
            ("cut(0,0)", [], []),
            ("charset(windows-1252)+entity+space+case(lower)+cut(0,3)", Array("\u{41}&amp;&nbsp; B".utf8), Array("a& ".utf8)),
        ] as [(String, [UInt8], [UInt8]?)])
    func pinned(name: String, source: [UInt8], text: [UInt8]?) throws {
        let rewriting = try #require(Rewriting(name))
        #expect(rewriting.description == name)
        #expect(rewriting.apply(to: source) == text)
        #expect(Segment.Mode("rewritten:" + name) == .rewritten(rewriting))
    }

    @Test("what is printed is read back as the same chain")
    func roundTrip() {
        var generator = SplitMix(seed: 11)
        for _ in 0..<500 {
            let rules = (0...Int(generator.next() % 5)).map { _ in RewritingTests.rule(&generator) }
            let rewriting = Rewriting(rules)
            #expect(Rewriting(rewriting.description) == rewriting, "seed 11: \(rewriting)")
        }
        for mode in [Segment.Mode.verbatim, .synthetic, .supported] { #expect(Segment.Mode(mode.description) == mode) }
    }

    @Test(
        "anything else is no chain",
        arguments: [
            "", "+", "entity+", "+entity", "entity ", "Entity", "entity()", "space(x)", "case", "case()", "case(upper)",
            "case(lower", "case lower)", "unicode(nfd)", "mask", "mask(name)", "mojibake", "mojibake(koi8-r)", "ligature()",
            "break", "break(page)", "charset", "charset()", "charset(UTF-8)", "charset(latin1)", "charset(nonsense)", "cut",
            "cut()", "cut(1)", "cut(1,2,3)", "cut(-1,2)",
            "cut(1,-2)", "cut(01,2)", "cut(+1,2)", "cut(1, 2)", "cut(99999999999999999999,1)", "entity++space", "verbatim",
        ])
    func malformed(name: String) {
        #expect(Rewriting(name) == nil)
        #expect(Segment.Mode("rewritten:" + name) == nil)
    }

    @Test("chains are of limited length")
    func length() {
        func chain(_ count: Int) -> String { [String](repeating: "entity", count: count).joined(separator: "+") }
        #expect(Rewriting(chain(Rewriting.maximumCount)) != nil)
        #expect(Rewriting(chain(Rewriting.maximumCount + 1)) == nil)
    }

    @Test("a cut of a cut is one cut, and gives the same")
    func cuts() {
        let source = Array("abcdefgh".utf8)
        for start in 0..<6 {
            for more in 0..<3 {
                let chain = Rewriting([.lowercase]).then(.cut(start: start, length: 3)).then(.cut(start: more, length: 1))
                #expect(chain.rules.count == 2)
                #expect(
                    chain.apply(to: source)
                        == (start + 3 <= 8 ? [source[start + more]] : start + more < 8 ? [source[start + more]] : nil))
            }
        }
    }

    @Test("only charsets with a fixed relation of text to source are split; what stands behind a part is exact")
    func splitting() {
        let text = Array("aЖ€🌊".utf8)
        #expect(Rewriting([.charset(.windows1251)]).sourceLength(of: text[...]) == 4)
        #expect(Rewriting([.charset(.utf16LE)]).sourceLength(of: text[...]) == 10)
        for rule in [
            Rewriting.Rule.charset(.utf8), .entity, .space, .lowercase, .nfc, .lineBreak(.line), .cut(start: 0, length: 1),
        ] {
            #expect(Rewriting([rule]).sourceLength(of: text[...]) == nil && !Rewriting([rule]).isJoinable)
        }
        #expect(Rewriting([.charset(.utf16LE), .entity]).sourceLength(of: text[...]) == nil)
    }

    private static func rule(_ generator: inout SplitMix) -> Rewriting.Rule {
        switch generator.next() % 8 {
        case 0: .charset([Charset.utf8, .utf16LE, .utf16BE, .windows1251, .windows1252][Int(generator.next() % 5)])
        case 1: .entity
        case 2: .space
        case 3: .lineBreak(Rewriting.Break.allCases[Int(generator.next() % 3)])
        case 4: .lowercase
        case 5: .nfc
        default: .cut(start: Int(generator.next() >> 1), length: Int(generator.next() % 100))
        }
    }
}
