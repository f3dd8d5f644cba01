public import HeadwaterModel

/// The parts of a record's map that lie in a range of its text, each cut to the range. Applied to its source bytes, the
/// mode of a part gives exactly the part's text.
public enum SegmentSlice {
    public struct Part {
        public var text: Range<Int>
        public var mode: Segment.Mode
        public var citation: Citation?
    }

    public static func parts(of record: Record, in range: Range<Int>) -> [Part] {
        var out: [Part] = []
        var start = 0
        for segment in record.segments {
            let whole = start..<start + segment.length
            start = whole.upperBound
            let kept = whole.clamped(to: range)
            if !kept.isEmpty { out.append(part(kept, of: segment, whole, in: record.text)) }
            if start >= range.upperBound { break }
        }
        return out
    }

    private static func part(_ kept: Range<Int>, of segment: Segment, _ whole: Range<Int>, in text: [UInt8]) -> Part {
        var part = Part(text: kept, mode: segment.mode, citation: segment.citation)
        guard kept != whole else { return part }
        let skipped = kept.lowerBound - whole.lowerBound
        switch segment.mode {
        case .verbatim: part.citation?.range = ByteRange(start: segment.offset + skipped, length: kept.count)
        case .rewritten(let rewriting):
            let isWhole = [kept.lowerBound, kept.upperBound].allSatisfy { UTF8Scan.isBoundary(text, $0) }
            if isWhole, let before = rewriting.sourceLength(of: text[whole.lowerBound..<kept.lowerBound]),
                let inside = rewriting.sourceLength(of: text[kept])
            {
                part.citation?.range = ByteRange(start: segment.offset + before, length: inside)
            } else {
                // An atomic segment keeps its whole source range: no smaller one is known.
                part.mode = .rewritten(rewriting.then(.cut(start: skipped, length: kept.count)))
            }
        case .synthetic, .supported: break
        }
        return part
    }
}
