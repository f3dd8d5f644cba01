import Testing

@testable import HeadwaterFetch

@Suite struct LocatorTests {
    @Test(
        "a locator is one line of text: what ends a line or controls a terminal is percent-encoded",
        arguments: [
            ("a b/ö.html", "a b/ö.html"), ("a\nb", "a%0Ab"), ("a\u{7F}", "a%7F"), ("\u{90}", "%C2%90"), ("\u{85}x", "%C2%85x"),
            ("\u{2028}", "%E2%80%A8"), ("x\u{2029}", "x%E2%80%A9"), ("\u{A0}\u{2027}", "\u{A0}\u{2027}"), ("50%", "50%25"),
        ])
    func oneLine(path: String, locator: String) {
        #expect(Locator.text(Array(path.utf8)[...]) == locator)
    }

    @Test("bytes that are no text are percent-encoded, and what is encoded already stays where that is said")
    func bytes() {
        #expect(Locator.text([0x61, 0xFF, 0xC3]) == "a%FF%C3")
        #expect(Locator.text(Array("a%20\u{90}".utf8)[...], keeping: UInt8(ascii: "%")) == "a%20%C2%90")
    }
}
