import HeadwaterModel

/// A place in a source as a person finds it: line and column, and what stands there.
///
/// What is marked and what stands around it are three texts: a mark may end within what a reader takes for one
/// character, such as between a letter and its accent, and joined text has other characters than its parts.
public struct SourceExcerpt: Sendable, Equatable {
    /// From 1. Lines end with a line feed; a carriage return before it belongs to the line's end.
    public var line: Int
    /// From 1, in Unicode scalars of the decoded line, as most editors count.
    public var column: Int
    /// The decoded line before the range, shortened at its start.
    public var before: String
    /// What is in the range, widened to whole characters of the encoding and shortened in its middle.
    public var marked: String
    /// The decoded line after the range, shortened at its end.
    public var after: String

    public var text: String { before + marked + after }

    /// How much of a source an excerpt shows.
    public struct Extent: Sendable {
        /// Unicode scalars of the line on each side of the range.
        var context: Int
        /// Unicode scalars of the range; of a longer one its start and its end are shown.
        var longest: Int

        /// What fits on a few lines of a terminal.
        public static let line = Extent(context: 60, longest: 240)
        /// What a reader wants to see who looks a citation up.
        public static let passage = Extent(context: 200, longest: 2000)
    }

    /// No encoding has longer characters, in bytes.
    private static let longestScalar = 4

    /// - Parameters:
    ///   - range: within the source.
    ///   - places: of the source; asked in rising order it need not count again.
    public init(_ range: Range<Int>, of places: inout SourcePlaces, showing extent: Extent = .line) {
        let start = places.characterStart(range.lowerBound)
        let end = max(start, places.characterEnd(range.upperBound))
        let place = places.place(of: start)
        line = place.line
        column = place.column
        let reach = (extent.context + 1) * SourceExcerpt.longestScalar
        let left = places.characterStart(max(place.lineStart, start - reach))
        let lineEnd = places.lineFeed(from: end, before: end + reach) ?? places.bytes.count
        let right = places.characterEnd(min(lineEnd, end + reach))
        before = SourceExcerpt.shown(SourceExcerpt.tail(places.decode(left..<start), extent, whole: left == place.lineStart))
        after = SourceExcerpt.shown(SourceExcerpt.head(places.decode(end..<right), extent, whole: right == lineEnd))
        marked = SourceExcerpt.shown(SourceExcerpt.middle(start..<end, extent, of: places))
    }

    private static func tail(_ text: String, _ extent: Extent, whole: Bool) -> String {
        let scalars = text.unicodeScalars
        return whole && scalars.count <= extent.context
            ? text : "…" + String(String.UnicodeScalarView(scalars.suffix(extent.context)))
    }

    private static func head(_ text: String, _ extent: Extent, whole: Bool) -> String {
        // A carriage return at the line's end is no text to show.
        let scalars = whole && text.unicodeScalars.last == "\r" ? text.unicodeScalars.dropLast() : text.unicodeScalars[...]
        let isShort = whole && scalars.count <= extent.context
        return String(String.UnicodeScalarView(scalars.prefix(isShort ? scalars.count : extent.context))) + (isShort ? "" : "…")
    }

    /// The range, or its start and end.
    private static func middle(_ range: Range<Int>, _ extent: Extent, of places: SourcePlaces) -> String {
        if range.count <= extent.longest * longestScalar {
            let scalars = places.decode(range).unicodeScalars
            if scalars.count <= extent.longest { return String(String.UnicodeScalarView(scalars)) }
        }
        let half = extent.longest / 2
        let reach = min(range.count, half * longestScalar)
        let headEnd = min(range.upperBound, places.characterEnd(range.lowerBound + reach))
        let tailStart = max(range.lowerBound, places.characterStart(range.upperBound - reach))
        let head = places.decode(range.lowerBound..<headEnd).unicodeScalars.prefix(half)
        let tail = places.decode(tailStart..<range.upperBound).unicodeScalars.suffix(half)
        return String(String.UnicodeScalarView(head)) + " … " + String(String.UnicodeScalarView(tail))
    }

    /// On one line: line breaks and tabs are spaces.
    private static func shown(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029: out.append(" ")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
