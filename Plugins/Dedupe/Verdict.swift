import HeadwaterModel
import HeadwaterPluginKit

/// What `examine` found in one group: the pairs of documents that may be similar enough, and the passages they share.
struct Verdict: Equatable {
    /// One text of a pair.
    struct Side: Equatable {
        var words: Int
        var covered: Int
        /// Covered words from each mark to the next; empty where nobody needs to know.
        var spans: [Int]

        var side: Comparison.Side { Comparison.Side(words: words, covered: min(covered, words)) }
    }

    struct Match: Equatable {
        /// Indices among the documents, the smaller first.
        var a: Int
        var b: Int
        var sideA: Side
        var sideB: Side
        var jaccard: Int
        /// In the order of the first document; empty where these were not looked for.
        var ranges: [MatchingRanges]
    }

    /// A passage that two documents share.
    struct Passage: Equatable {
        /// Indices among the documents, the one that survivor rules prefer first.
        var holder: Int
        var other: Int
        var ranges: MatchingRanges
        /// On the other's side.
        var words: Int
        /// Per mille.
        var similarity: Int
    }

    /// By id, with the words from each mark to the next.
    var documents: [(id: RecordID, spans: [Int])]
    var matches: [Match]
    var passages: [Passage]

    static func == (a: Verdict, b: Verdict) -> Bool { a.bytes == b.bytes }

    private static let format: StaticString = "dedupe.verdict"
    private static let version: UInt8 = 2
}

// MARK: As bytes

extension Verdict {
    var bytes: [UInt8] {
        var writer = PackedWriter(format: Verdict.format, version: Verdict.version)
        writer.count(documents.count)
        for document in documents {
            writer.id(document.id)
            writer.counts(document.spans)
        }
        writer.count(matches.count)
        for match in matches {
            writer.count(match.a)
            writer.count(match.b)
            for side in [match.sideA, match.sideB] {
                writer.count(side.words)
                writer.count(side.covered)
                writer.counts(side.spans)
            }
            writer.count(match.jaccard)
            writer.ranges(match.ranges)
        }
        writer.count(passages.count)
        for passage in passages {
            writer.count(passage.holder)
            writer.count(passage.other)
            writer.ranges([passage.ranges])
            writer.count(passage.words)
            writer.count(passage.similarity)
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes, format: Verdict.format, version: Verdict.version)
        (documents, matches, passages) = ([], [], [])
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount + 1)) {
            documents.append((try reader.id(), try reader.counts()))
        }
        let known = documents.count
        func index() throws -> Int {
            let index = try reader.count()
            guard index < known else { throw StageError("dedupe.verdict bytes are damaged: no document \(index)") }
            return index
        }
        func side() throws -> Side {
            Side(words: try reader.count(), covered: try reader.count(), spans: try reader.counts())
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 10)) {
            matches.append(
                Match(
                    a: try index(), b: try index(), sideA: try side(), sideB: try side(), jaccard: try reader.count(),
                    ranges: try reader.ranges()))
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 9)) {
            let (holder, other, ranges) = (try index(), try index(), try reader.ranges())
            guard ranges.count == 1 else { throw StageError("dedupe.verdict bytes are damaged: a passage without a place") }
            passages.append(
                Passage(
                    holder: holder, other: other, ranges: ranges[0], words: try reader.count(), similarity: try reader.count()))
        }
        try reader.end()
    }
}

extension PackedWriter {
    mutating func counts(_ values: [Int]) { list(values) { $0.count($1) } }

    mutating func ranges(_ ranges: [MatchingRanges]) {
        list(ranges) { writer, range in
            for side in [range.a, range.b] {
                writer.count(side.lowerBound)
                writer.count(side.count)
            }
        }
    }
}

extension PackedReader {
    mutating func counts() throws -> [Int] { try list(ofAtLeast: 1) { try $0.count() } }

    mutating func ranges() throws -> [MatchingRanges] {
        func range(_ reader: inout PackedReader) throws -> Range<Int> {
            let (start, length) = (try reader.count(), try reader.count())
            return start..<start + length
        }
        return try list(ofAtLeast: 4) { MatchingRanges(a: try range(&$0), b: try range(&$0)) }
    }
}
