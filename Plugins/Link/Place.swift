import HeadwaterModel
import HeadwaterPluginKit

/// A byte range of a source: where something that is compared or named stands.
struct Place: Equatable, Comparable {
    var source: Digest
    var range: ByteRange

    static func < (a: Place, b: Place) -> Bool { (a.source, a.range) < (b.source, b.range) }

    /// The source bytes behind a record's text, from the first to the last; nil for a text without a source.
    static func hull(of record: Record) -> Place? {
        var hull: Place?
        for citation in record.segments.lazy.compactMap(\.citation) where record.sources.indices.contains(citation.source) {
            let source = record.sources[citation.source]
            guard let known = hull else {
                hull = Place(source: source, range: citation.range)
                continue
            }
            guard known.source == source, let end = citation.range.end, let knownEnd = known.range.end else { continue }
            let start = min(known.range.start, citation.range.start)
            hull?.range = ByteRange(start: start, length: max(end, knownEnd) - start)
        }
        return hull
    }

    var cite: (source: Digest, range: ByteRange) { (source, range) }
}

extension Record {
    /// The bytes of the text that came from a byte range of one of its sources; nil where that cannot be told byte by byte.
    func textRange(of citation: Citation) -> Range<Int>? {
        guard let end = citation.range.end else { return nil }
        var position = 0
        var found: Range<Int>?
        for segment in segments {
            let start = position
            position += segment.length
            guard let place = segment.citation, place.source == citation.source, let placeEnd = place.range.end,
                place.range.start < end, citation.range.start < placeEnd
            else { continue }
            let part: Range<Int>
            if segment.length == place.range.length {
                let from = max(citation.range.start, place.range.start) - place.range.start
                part = start + from..<start + min(end, placeEnd) - place.range.start
            } else {
                guard citation.range.start <= place.range.start, placeEnd <= end else { return nil }
                part = start..<position
            }
            found = (found?.lowerBound ?? part.lowerBound)..<part.upperBound
        }
        return found
    }
}

extension PackedWriter {
    mutating func place(_ place: Place) {
        raw(place.source.bytes)
        count(place.range.start)
        count(place.range.length)
    }
}

extension PackedReader {
    mutating func place() throws -> Place {
        guard let source = Digest(bytes: try raw(Digest.byteCount)) else { throw StageError("link bytes are damaged: no digest") }
        return Place(source: source, range: ByteRange(start: try count(), length: try count()))
    }
}
