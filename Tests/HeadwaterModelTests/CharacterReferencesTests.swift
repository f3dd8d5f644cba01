import HeadwaterModel
import Testing

@Suite struct CharacterReferencesTests {
    @Test(
        "references are resolved as WHATWG HTML, section 13.2.5.72 and following, has it",
        arguments: [
            ("&amp;", "&"), ("&amp", "&"), ("&ampx", "&x"), ("&AMP", "&"), ("&Amp;", "&Amp;"), ("&lt;&gt;", "<>"),
            ("&quot", "\""), ("&nbsp;", "\u{A0}"),
            ("I'm &notit; I tell you", "I'm ¬it; I tell you"), ("I'm &notin; I tell you", "I'm ∉ I tell you"), ("&not", "¬"),
            ("&notin", "¬in"),
            ("&copy2026", "©2026"), ("&hellip", "&hellip"), ("&hellip;", "…"), ("&apos;", "'"), ("&apos", "&apos"), ("&;", "&;"),
            ("&", "&"), ("& amp;", "& amp;"),
            ("&&amp;", "&&"), ("&amp;amp;", "&amp;"), ("&nonsense;", "&nonsense;"), ("&NotEqualTilde;", "\u{2242}\u{338}"),
            ("&fjlig;", "fj"),
            ("&CounterClockwiseContourIntegral;", "∳"),
            ("&CounterClockwiseContourIntegrals;", "&CounterClockwiseContourIntegrals;"),
            ("&#65;", "A"), ("&#65", "A"), ("&#65x", "Ax"), ("&#x41;", "A"), ("&#X41;", "A"), ("&#x4G;", "\u{4}G;"),
            ("&#x1F30A;", "🌊"), ("&#0065;", "A"),
            ("&#", "&#"), ("&#;", "&#;"), ("&#x", "&#x"), ("&#x;", "&#x;"), ("&#xg;", "&#xg;"), ("&#-1;", "&#-1;"),
            ("&#a;", "&#a;"),
            ("&#0;", "\u{FFFD}"), ("&#x110000;", "\u{FFFD}"), ("&#xD800;", "\u{FFFD}"), ("&#xDFFF;", "\u{FFFD}"),
            ("&#99999999999999999999;", "\u{FFFD}"),
            ("&#x80;", "€"), ("&#146;", "’"), ("&#x9F;", "Ÿ"), ("&#x81;", "\u{81}"), ("&#13;", "\r"),

            ("&#8217;s", "’s"), ("a&#32;b", "a b"), ("&eacute;t&eacute", "été"),
        ])
    func references(text: String, expected: String) {
        #expect(CharacterReferences.decode(Array(text.utf8)) == Array(expected.utf8))
    }

    @Test("every code point is what its number says, but for surrogates, zero and what pages mean as Windows-1252")
    func numbers() throws {
        for code in [1, 9, 0x7F, 0x81, 0xA0, 0xFDD0, 0xFFFE, 0x1FFFF, 0x10FFFF] as [UInt32] {
            let scalar = try #require(Unicode.Scalar(code))
            #expect(CharacterReferences.decode(Array("&#\(code);".utf8)) == Array(String(Character(scalar)).utf8))
            #expect(
                CharacterReferences.decode(Array("&#x\(String(code, radix: 16));".utf8)) == Array(String(Character(scalar)).utf8))
        }
    }

    @Test("a match says how many bytes the reference takes")
    func matches() {
        let text = Array("x&amp;&#65 &notit;".utf8)
        #expect(CharacterReferences.match(in: text, at: 0) == nil)
        #expect(CharacterReferences.match(in: text, at: 1)?.length == 5)
        #expect(CharacterReferences.match(in: text, at: 6)?.length == 4)
        #expect(CharacterReferences.match(in: text, at: 11)?.length == 4)
        #expect(CharacterReferences.match(in: text, at: text.count) == nil)
        #expect(CharacterReferences.match(in: text[1...], at: 0)?.length == 5, "offsets count from the start of a slice")
    }

    @Test("the standard's 106 names without a semicolon, and no other, are read without one")
    func openNames() {
        let open =
            "AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml Yacute aacute acirc acute aelig agrave amp aring atilde auml brvbar ccedil cedil cent copy curren deg divide eacute ecirc egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo reg sect shy sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute yen yuml"
            .split(separator: " ")
        #expect(open.count == 106)
        for name in open {
            let bytes = Array("&\(name)".utf8)
            #expect(CharacterReferences.match(in: bytes, at: 0)?.length == bytes.count, "\(name)")
            #expect(CharacterReferences.match(in: bytes + [0x3B], at: 0)?.length == bytes.count + 1, "\(name)")
        }
        for name in ["alpha", "hellip", "mdash", "apos", "euro", "rsquo"] {
            #expect(CharacterReferences.match(in: Array("&\(name)".utf8), at: 0) == nil)
            #expect(CharacterReferences.match(in: Array("&\(name);".utf8), at: 0) != nil)
        }
    }

    @Test("long runs of hostile text take time in proportion")
    func hostile() {
        for unit in ["&", "&a", "&#", "&#x", "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let bytes = Array(String(repeating: unit, count: 20_000 / unit.utf8.count).utf8)
            #expect(CharacterReferences.decode(bytes) == bytes)
        }
        let digits = Array(("&#" + String(repeating: "9", count: 20_000) + ";").utf8)
        #expect(CharacterReferences.decode(digits) == [0xEF, 0xBF, 0xBD])
    }
}
