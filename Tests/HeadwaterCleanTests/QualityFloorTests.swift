import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

/// The mean quality over the sample pages may only rise: whoever makes it better raises the floor.
@Suite("Quality over the sample pages")
struct QualityFloorTests {
    /// In percent of four-word runs, F1 of mean precision and mean recall.
    private static let markupFloor = 100
    private static let flattenedFloor = 95

    private static let pages = PageFixtures.pages.filter { $0.hasSuffix(".html") && !$0.contains("japanese") }

    @Test("pages with markup")
    func markup() throws {
        #expect(try score { try PageFixtures.clean(PageFixtures.bytes($0)) } >= Self.markupFloor)
    }

    @Test("the same pages flattened, a line for each block, furniture and all")
    func flattened() throws {
        let quality = try score { page in
            let bytes = try PageFixtures.bytes(page)
            let blocks = bytes.withUnsafeBufferPointer { BlockReader.blocks(of: PageTree(parsing: $0), in: bytes) }
            return try PageFixtures.clean(
                Array(blocks.map(\.text).joined(separator: [0x0A])), as: "page.txt", ["minimumLength": 1])
        }
        #expect(quality >= Self.flattenedFloor)
    }

    private func score(_ clean: (String) throws -> StageBench.Result) throws -> Int {
        var (precision, recall) = (0.0, 0.0)
        for page in Self.pages {
            let wanted = runs(try PageFixtures.bytes(PageFixtures.stem(page) + ".txt"))
            let found = runs(try clean(page).records.first?.text ?? [])
            let both = Double(found.reduce(0) { $0 + min($1.value, wanted[$1.key, default: 0]) })
            precision += both / Double(max(found.values.reduce(0, +), 1))
            recall += both / Double(max(wanted.values.reduce(0, +), 1))
        }
        let count = Double(Self.pages.count)
        print("precision \(precision / count), recall \(recall / count)")
        return Int(200 * precision * recall / max(precision + recall, 1e-9) / count)
    }

    /// How often each run of four words stands in a text.
    private func runs(_ text: [UInt8]) -> [[UInt64]: Int] {
        let words = text.split { ASCII.isSpace($0) }.map { WordHash.lowercased($0) }
        var runs: [[UInt64]: Int] = [:]
        for start in words.indices where start + 4 <= words.count { runs[Array(words[start..<start + 4]), default: 0] += 1 }
        return runs
    }
}
