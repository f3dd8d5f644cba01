import HeadwaterLineage
import Testing

@Suite struct VisibleTextTests {
    @Test(
        "what steers a terminal or turns text is written out",
        arguments: [
            ("\u{1B}[31mred", "\\u{1b}[31mred"), ("a\u{7}\u{8}b\u{7F}", "a\\u{7}\\u{8}b\\u{7f}"), ("\u{9B}2J", "\\u{9b}2J"),
            ("user\u{202E}gpj.exe", "user\\u{202e}gpj.exe"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("\r\n", "\\u{d}\\u{a}"), ("a\u{2028}b", "a\\u{2028}b"), ("e\u{301}\u{1B}\u{301}", "e\u{301}\\u{1b}\u{301}"),
        ])
    func escaped(text: String, shown: String) {
        #expect(VisibleText.of(text).utf8.elementsEqual(shown.utf8))
    }

    @Test(
        "everything else stays as it is, byte for byte",
        arguments: ["", "Plain text\twith a tab", "e\u{301}é 👩‍👧 עברית 한국 \u{A0}\u{AD}"])
    func kept(text: String) {
        #expect(VisibleText.of(text).utf8.elementsEqual(text.utf8))
    }

    @Test("lines stay lines")
    func lines() {
        #expect(VisibleText.lines(of: "a\u{1B}\n\nb\r\n") == "a\\u{1b}\n\nb\\u{d}\n")
    }
}
