public import HeadwaterModel

/// A record of one of two artifacts that the other has not, or two that stand in one place.
public struct RecordChange: Sendable {
    /// Nil where the record appeared.
    public var before: Side?
    /// Nil where it vanished.
    public var after: Side?
    /// Whether the texts differ; of one record alone, that it has one.
    public var changesText: Bool
    /// Whether the fields differ.
    public var changesFields: Bool
    /// Why there is one record only, where that is known.
    public var fate: RecordFate?

    public enum Kind: String, Sendable, CaseIterable {
        case appeared, vanished
        /// Text, fields or kind are others.
        case changed
        /// It says the same; only what it came from is another: its parents, its source, or where in it.
        case moved
    }

    public var kind: Kind {
        switch (before, after) {
        case (nil, _): .appeared
        case (_, nil): .vanished
        default: changesText || changesFields ? .changed : .moved
        }
    }

    public struct Side: Sendable {
        public var id: RecordID
        public var place: Place
    }

    /// Where a record lies in its artifact: both count from 0.
    public struct Place: Hashable, Sendable, Comparable {
        public var shard: Int
        public var line: Int

        public static func < (a: Place, b: Place) -> Bool { (a.shard, a.line) < (b.shard, b.line) }
    }
}
