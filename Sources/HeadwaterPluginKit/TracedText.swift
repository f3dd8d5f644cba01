public import HeadwaterModel

/// A text that remembers where each byte came from. Slicing, trimming, joining, replacing and rewriting keep the
/// map, so a stage that only uses these operations has lineage for free and cannot lose it.
///
/// Offsets are bytes of UTF-8. A cut inside a character is not repaired here; the engine refuses the record.
public struct TracedText: Hashable, Sendable {
    /// Valid UTF-8, unless a slice cut a character.
    public private(set) var bytes: [UInt8]
    /// Cover `bytes` without gap or overlap.
    public private(set) var segments: Segments
    /// What `source` in the segments indexes.
    public private(set) var sources: [Digest]

    /// The empty text.
    public init() {
        (bytes, segments, sources) = ([], [], [])
    }

    /// A separator or label that has no source.
    public static func synthetic(_ text: String) -> TracedText {
        var out = TracedText()
        out.append(synthetic: Array(text.utf8))
        return out
    }

    /// Words that a stage made up; the record they go into says what they rest on.
    public static func generated(_ text: String) -> TracedText {
        var out = TracedText()
        guard !text.isEmpty else { return out }
        out.append(Segment(length: text.utf8.count, source: Segment.noSource, offset: 0, sourceLength: 0, mode: .supported))
        out.bytes = Array(text.utf8)
        return out
    }

    public var count: Int { bytes.count }
    public var isEmpty: Bool { bytes.isEmpty }
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// The source bytes behind the text, neighbouring ranges joined, in text order.
    public var citations: [(source: Digest, range: ByteRange)] {
        var out: [(source: Digest, range: ByteRange)] = []
        for segment in segments {
            guard let citation = segment.citation else { continue }
            let source = sources[citation.source]
            if let last = out.last, last.source == source, last.range.end == citation.range.start {
                out[out.count - 1].range.length += citation.range.length
            } else {
                out.append((source, citation.range))
            }
        }
        return out
    }

    // MARK: Cutting

    /// The bytes `range` with their origin.
    public subscript(range: Range<Int>) -> TracedText {
        var out = TracedText()
        out.append(self, range)
        return out
    }

    /// The text without white space at both ends.
    public func trimmed() -> TracedText { self[trimmedRange(0..<count)] }

    /// `range` without white space at both ends.
    public func trimmedRange(_ range: Range<Int>) -> Range<Int> {
        let start = min(WhiteSpace.end(bytes, from: range.lowerBound), range.upperBound)
        var end = range.upperBound
        scan: while end > start {
            for length in 1...3 where end - length >= start {
                if WhiteSpace.length(bytes, end - length) == length {
                    end -= length
                    continue scan
                }
            }
            break
        }
        return start..<end
    }

    // MARK: Joining

    public mutating func append(_ other: TracedText) { append(other, 0..<other.count) }

    /// Appends a part of another text, without making the part first.
    public mutating func append(_ other: TracedText, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= other.count, "the range \(range) is not in the text")
        guard !range.isEmpty else { return }
        // All of a text that is one run is that text; anything else may have segments to join and sources to leave out.
        if isEmpty && sources.isEmpty && range.count == other.count && other.segments.count == 1 && other.sources.count == 1
            && other.segments[0].source == 0
        {
            self = other
            return
        }
        var sourceMap = SourceMap()
        var reading = other.segments.reading(from: range.lowerBound)
        var position = range.lowerBound
        while position < range.upperBound {
            let start = reading.start
            guard let segment = reading.next() else { break }
            let end = min(range.upperBound, start + segment.length)
            var part = other.part(of: segment, at: start, keeping: position..<end)
            if part.source != Segment.noSource {
                part.source = sourceMap.index(of: part.source, in: other.sources, adding: &sources)
            }
            append(part)
            position = end
        }
        bytes.append(contentsOf: other.bytes[range])
    }

    public mutating func append(synthetic text: [UInt8]) {
        guard !text.isEmpty else { return }
        append(.synthetic(length: text.count))
        bytes.append(contentsOf: text)
    }

    public static func + (a: TracedText, b: TracedText) -> TracedText {
        var out = a
        out.append(b)
        return out
    }

    /// The parts one after the other, with a separator that has no source.
    public static func joined(_ parts: some Sequence<TracedText>, separator: String = "") -> TracedText {
        var out = TracedText()
        var isFirst = true
        for part in parts {
            if !isFirst { out.append(synthetic: Array(separator.utf8)) }
            out.append(part)
            isFirst = false
        }
        return out
    }

    /// Makes room for a text of so many bytes, which else takes up to three times as much while it grows.
    package mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    // MARK: Replacing

    /// The text with `range` replaced by another one.
    public func replacing(_ range: Range<Int>, with other: TracedText) -> TracedText {
        var out = self[0..<range.lowerBound]
        out.append(other)
        out.append(self, range.upperBound..<count)
        return out
    }

    /// Adds a segment at the end and joins it with the last one where the two are one run.
    private mutating func append(_ segment: Segment) {
        if let last = segments.last, last.continues(into: segment) {
            segments.lengthenLast(by: segment.length, sourceLength: segment.sourceLength)
        } else {
            segments.append(segment)
        }
    }

    /// The part of a segment that starts at `start` in the text and of which only `kept` is wanted.
    private func part(of segment: Segment, at start: Int, keeping kept: Range<Int>) -> Segment {
        if kept.lowerBound == start && kept.count == segment.length { return segment }
        var part = segment
        part.length = kept.count
        switch segment.mode {
        case .synthetic, .supported: break
        case .verbatim:
            part.offset += kept.lowerBound - start
            part.sourceLength = kept.count
        case .rewritten(let rewriting):
            if let before = rewriting.sourceLength(of: bytes[start..<kept.lowerBound]),
                let inside = rewriting.sourceLength(of: bytes[kept])
            {
                part.offset += before
                // The last character may stand for fewer bytes than it looks: a lone last byte of UTF-16.
                part.sourceLength = kept.upperBound == start + segment.length ? segment.sourceLength - before : inside
            } else {
                part.mode = .rewritten(rewriting.then(.cut(start: kept.lowerBound - start, length: kept.count)))
            }
        }
        return part
    }
}

extension Segment {
    /// Whether `next`, right behind in the text, is the same run going on in the source.
    fileprivate func continues(into next: Segment) -> Bool {
        guard mode == next.mode, source == next.source else { return false }
        switch mode {
        case .synthetic, .supported: return true
        case .verbatim: return offset + sourceLength == next.offset
        case .rewritten(let rewriting):
            return rewriting.isJoinable && offset + sourceLength == next.offset
                && offset / Charset.blockSize == next.offset / Charset.blockSize
        }
    }
}

/// Remembers, during one append, which index the sources of one text have in another. Nearly always there is one.
private struct SourceMap {
    private var from = -1
    private var to = -1

    mutating func index(of source: Int, in theirs: [Digest], adding ours: inout [Digest]) -> Int {
        if source == from { return to }
        let digest = theirs[source]
        from = source
        if let known = ours.firstIndex(of: digest) {
            to = known
        } else {
            ours.append(digest)
            to = ours.count - 1
        }
        return to
    }
}

// MARK: The engine's side

extension TracedText {
    /// The decoded text of a source, or of a range of its bytes: every byte of it known by construction.
    ///
    /// - Parameter range: within the source; all of it if nil.
    package init(decoding source: [UInt8], in range: Range<Int>? = nil, digest: Digest, charset: Charset) {
        let start = range?.lowerBound ?? 0
        let whole = start == 0 ? charset : charset.starting(at: start, in: source)
        let decoded = whole.decode(range.map { Array(source[$0]) } ?? source, isStart: start == 0)
        self.init()
        bytes = decoded.text
        sources = decoded.text.isEmpty ? [] : [digest]
        for piece in decoded.pieces {
            append(
                Segment(
                    length: piece.length, source: 0, offset: start + piece.offset, sourceLength: piece.sourceLength,
                    mode: piece.isVerbatim ? .verbatim : .rewritten(Rewriting([.charset(piece.charset(in: charset))]))))
        }
    }

    /// The text of a stored record, with the map it was stored with.
    package init(_ record: Record) {
        bytes = record.text
        segments = record.segments
        sources = record.sources
    }

    /// Replaces what the text is said to come from; only `TracedText+Rewriting` knows when that is right.
    init(bytes: [UInt8], segment: Segment, sources: [Digest]) {
        self.bytes = bytes
        segments = [segment]
        self.sources = sources
    }
}
