import HeadwaterModel
import HeadwaterPluginKit

/// What `examine` found in one group: the pairs that are similar enough, with how similar they are.
struct Verdict {
    struct Match: Equatable {
        /// The smaller id first.
        var a: RecordID
        var b: RecordID
        var comparison: Comparison
    }

    var matches: [Match]

    private static let format: StaticString = "dedupe.verdict"
    private static let version: UInt8 = 1

    init(matches: [Match]) { self.matches = matches }

    var bytes: [UInt8] {
        var writer = PackedWriter(format: Verdict.format, version: Verdict.version)
        writer.count(matches.count)
        for match in matches {
            writer.id(match.a)
            writer.id(match.b)
            writer.count(match.comparison.similarity)
            writer.count(match.comparison.jaccard)
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes, format: Verdict.format, version: Verdict.version)
        let count = try reader.elements(ofAtLeast: 2 * RecordID.byteCount)
        matches = []
        for _ in 0..<count {
            let (a, b) = (try reader.id(), try reader.id())
            let comparison = Comparison(similarity: try reader.count(), jaccard: try reader.count())
            matches.append(Match(a: a, b: b, comparison: comparison))
        }
        try reader.end()
    }
}
