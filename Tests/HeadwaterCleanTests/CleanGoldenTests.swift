import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite("Pages and the text that comes of them")
struct CleanGoldenTests {
    @Test("each page gives its text, to the byte", arguments: PageFixtures.pages)
    func text(page: String) throws {
        let record = try #require(try PageFixtures.clean(PageFixtures.bytes(page), as: page).records.first)
        try compare(record.text + [0x0A], with: PageFixtures.stem(page) + ".txt")
    }

    @Test(
        "each page that is about metadata gives its fields",
        arguments: PageFixtures.pages.filter { $0.contains("metadata") || $0.contains("dates") })
    func fields(page: String) throws {
        let record = try #require(try PageFixtures.clean(PageFixtures.bytes(page), as: page).records.first)
        try compare(JSON.object(record.fields).canonical + [0x0A], with: PageFixtures.stem(page) + ".json")
    }

    /// Golden files change only by intent: with `HEADWATER_REWRITE_GOLDEN` set they are written anew, to be read in review.
    private func compare(_ bytes: [UInt8], with golden: String) throws {
        if PageFixtures.rewrites { try Data(bytes).write(to: PageFixtures.sources.appendingPathComponent(golden)) }
        let folder = PageFixtures.rewrites ? PageFixtures.sources : PageFixtures.folder
        let expected = try Data(contentsOf: folder.appendingPathComponent(golden))
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }
}
