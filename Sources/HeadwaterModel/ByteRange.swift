/// A run of bytes: `[start, start + length)`. Never characters, never negative.
public struct ByteRange: Hashable, Comparable, Sendable {
    public var start: Int
    public var length: Int

    public init(start: Int, length: Int) {
        self.start = start
        self.length = length
    }

    public init(_ range: Range<Int>) {
        self.init(start: range.lowerBound, length: range.count)
    }

    /// One past the last byte, or nil where the sum does not fit: both numbers may come from a damaged file.
    public var end: Int? {
        let (sum, overflow) = start.addingReportingOverflow(length)
        return overflow ? nil : sum
    }

    /// The range as Swift's own, if it is one: not negative, and within `count` bytes.
    public func checked(within count: Int) -> Range<Int>? {
        guard start >= 0, length >= 0, let end, end <= count else { return nil }
        return start..<end
    }

    /// Whether the two have a byte in common.
    public func overlaps(_ other: ByteRange) -> Bool {
        guard length > 0, other.length > 0 else { return false }
        return start < other.end ?? .max && other.start < end ?? .max
    }

    public static func < (a: ByteRange, b: ByteRange) -> Bool { (a.start, a.length) < (b.start, b.length) }
}

/// A byte range of one of a record's sources: `source` indexes the record's `sources`.
public struct Citation: Hashable, Comparable, Sendable {
    public var source: Int
    public var range: ByteRange

    public init(source: Int, range: ByteRange) {
        self.source = source
        self.range = range
    }

    public static func < (a: Citation, b: Citation) -> Bool { (a.source, a.range) < (b.source, b.range) }
}
