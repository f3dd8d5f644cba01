import Testing

@testable import HeadwaterClean

@Suite("The look of lines")
struct LineShapeTests {
    @Test(
        "dates are read however they are written",
        arguments: [
            ("by admin March 15, 2025", "2025-03-15"), ("Saturday, 15 March 2025", "2025-03-15"), ("Mar 5th, 2025", "2025-03-05"),
            ("15. März 2025", "2025-03-15"), ("15 de marzo de 2025", "2025-03-15"), ("12 марта 2025 года, 17:30", "2025-03-12"),
            ("15.03.2025", "2025-03-15"), ("3/15/2025", "2025-03-15"), ("2025-03-15 10:00", "2025-03-15"),
        ])
    func dates(line: String, iso: String) { #expect(WrittenDate(in: Array(line.utf8))?.iso == iso) }

    @Test(
        "what may be two dates, or none, is none",
        arguments: ["3/4/2025", "March 2025", "45 March 2025", "the 15th", "15.13.2025"])
    func noDates(line: String) { #expect(WrittenDate(in: Array(line.utf8)) == nil) }

    @Test(
        "a byline gives the name without role, date or nobody",
        arguments: [
            ("By Ida Fenn, harbour correspondent", "Ida Fenn"), ("Reported by Ida Fenn, Tuesday 4 February", "Ida Fenn"),
            ("By Ida Fenn and Otto Keel", "Ida Fenn and Otto Keel"), ("Written by J. R. Keel on Monday", "J. R. Keel"),
            ("Автор: Тихон Залесьев", "Тихон Залесьев"),
        ])
    func bylines(line: String, name: String) {
        let bytes = Array(line.utf8)
        #expect(Byline.name(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) } == name)
    }

    @Test("nobody's name is no name", arguments: ["by admin March 15, 2025", "By", "by the river we sat", "Bypass opened"])
    func nobody(line: String) { #expect(Byline.name(in: Array(line.utf8)) == nil) }

    @Test(
        "a date-time stays as it was given, as far as it is ISO 8601",
        arguments: [
            ("2025-02-04T21:15:00+01:00", "2025-02-04T21:15:00+01:00"), ("2025-02-04T21:15:00.000Z", "2025-02-04T21:15:00.000Z"),
            ("2025-02-04 21:15", "2025-02-04"), ("Tue, 04 Feb 2025 21:15:00 GMT", "2025-02-04"),
        ])
    func published(value: String, iso: String) { #expect(PublicationDate.iso(value) == iso) }

    @Test("a title is told from the name of the site around it")
    func titles() {
        for (title, headline, site) in [
            ("Lighthouse goes dark - The Bell", "Lighthouse goes dark", "The Bell"),
            ("The Bell | News | Lighthouse goes dark", "Lighthouse goes dark", "The Bell"),
        ] {
            let bytes = Array(title.utf8)
            #expect(String(decoding: bytes[PageTitle.headline(of: bytes)], as: UTF8.self) == headline)
            #expect(PageTitle.site(of: bytes).map { String(decoding: bytes[$0], as: UTF8.self) } == site)
        }
    }

    @Test(
        "phrases of furniture are found in any case, with marks and numbers around them",
        arguments: [
            ("RELATED POSTS", DropReason.related), (">> Read also: Know your rights <<", .inlinePromo), ("3 comments", .comments),
            ("📖 Read more: The bells", .inlinePromo), ("Поделиться в сети", .share), ("You’re here", nil), ("Relatedness", nil),
        ])
    func phrases(line: String, reason: DropReason?) {
        #expect(PhraseTable.furniture.reason(for: PhraseTable.folded(Array(line.utf8))) == reason)
    }

    @Test("class names are read word by word, and as compounds")
    func classes() {
        for (value, reason) in [
            ("c-share__list", DropReason.share), ("mostRead", .related), ("cookie-bar x", .cookieNotice), ("header-shadow", nil),
        ] {
            let bytes = Array(value.utf8)
            bytes.withUnsafeBufferPointer { #expect(ZoneLexicon.standard.reason(in: $0[0..<$0.count]) == reason) }
        }
    }
}
