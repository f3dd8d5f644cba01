import HeadwaterLineage
import HeadwaterTesting
import Testing

@Suite struct TextDifferenceTests {
    /// Lines of a small alphabet, so that equal ones abound; some texts end without a line feed.
    private static func text(_ random: inout SplitMix) -> [UInt8] {
        let lines = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            ["a", "b", "ä", "line", "", "other line", "日本"].randomElement(using: &random) ?? ""
        }
        let text = lines.joined(separator: "\n")
        return Array((Bool.random(using: &random) ? text + "\n" : text).utf8)
    }

    @Test(
        "put in the place of the bytes before, the bytes after give the later text; equal texts have no hunk", arguments: 1...300)
    func applies(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let (before, after) = (TextDifferenceTests.text(&random), TextDifferenceTests.text(&random))
        let difference = TextDifference(before, after)
        var made: [UInt8] = []
        var end = 0
        for hunk in difference.hunks {
            made += before[end..<hunk.before.lowerBound] + after[hunk.after]
            end = hunk.before.upperBound
        }
        made += before[end...]
        #expect(made == after, "seed \(seed)")
        #expect(difference.hunks.isEmpty == (before == after), "seed \(seed)")
    }

    @Test("the bytes of a hunk begin and end with whole characters, and its first byte is one that differs", arguments: 1...300)
    func whole(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let (before, after) = (TextDifferenceTests.text(&random), TextDifferenceTests.text(&random))
        for hunk in TextDifference(before, after).hunks {
            #expect(String(validating: before[hunk.before], as: UTF8.self) != nil, "seed \(seed)")
            #expect(String(validating: after[hunk.after], as: UTF8.self) != nil, "seed \(seed)")
            let offset = hunk.firstByte - hunk.before.lowerBound
            let (a, b) = (before[hunk.before].dropFirst(offset).first, after[hunk.after].dropFirst(offset).first)
            #expect(a != b, "seed \(seed)")
        }
    }

    @Test("two edits far from each other are two hunks, and what lies between them is in neither")
    func apart() {
        let lines = (0..<50).map { "line \($0)" }
        var edited = lines
        edited[3] = "line three"
        edited.insert("a new one", at: 40)
        let hunks = TextDifference(
            Array(lines.joined(separator: "\n").utf8), Array(edited.joined(separator: "\n").utf8)
        ).hunks
        #expect(hunks.map(\.linesBefore) == [3..<4, 40..<40])
        #expect(hunks.map(\.linesAfter) == [3..<4, 40..<41])
    }

    @Test("texts made to be slow to compare are compared all the same")
    func hostile() {
        // No line is unique; each level of the comparison finds none to hold on to.
        let a = Array(String(repeating: "x\ny\n", count: 20_000).utf8)
        let b = Array(String(repeating: "y\ny\nx\n", count: 15_000).utf8)
        #expect(!TextDifference(a, b).hunks.isEmpty)
        #expect(TextDifference(a, a).hunks.isEmpty)
    }
}
