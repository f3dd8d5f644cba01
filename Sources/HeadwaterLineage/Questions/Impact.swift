public import HeadwaterModel
import HeadwaterStore

/// What became of some source bytes, of a record, or of what a stage was told: everything downstream of it, in all runs.
public struct Impact: Sendable {
    /// What is asked about.
    public enum Subject: Sendable {
        /// Bytes of a source; all if nil.
        case source(Digest, Range<Int>?)
        /// A record, and bytes of its text; all if nil.
        case record(Record, Range<Int>?)
        /// Stages that fulfil all conditions, by their plugin, version and parameters.
        case stages([FindCondition])
    }

    /// How a record hangs on what is asked about.
    public enum Relation: String, Sendable, Comparable {
        /// It stands for the source, without a text of its own.
        case source
        /// Its text derives from the bytes.
        case text
        /// A field of it was read from them, or its text rests on them as evidence.
        case cites

        public static func < (a: Relation, b: Relation) -> Bool { a.rawValue < b.rawValue }
    }

    /// A record that derives from it.
    public struct Derived: Sendable {
        public var record: RecordID
        public var kind: String
        public var relation: Relation
        public var pipeline: String
        public var stage: String
        /// The artifact of the latest run that has the record.
        public var artifact: Digest
        public var run: String
    }

    /// An artifact with such records, or one that was made by a stage that is asked about or by one downstream of it.
    public struct AffectedArtifact: Hashable, Sendable {
        public var artifact: Digest
        public var pipeline: String
        public var stage: String
        public var records: Int
        public var runs: Int
    }

    /// A published file that shows such records.
    public struct AffectedFile: Hashable, Sendable {
        public var path: String
        public var file: Digest
        public var pipeline: String
        /// The latest run that published it.
        public var run: String
        public var runs: Int
        /// How many of the records it shows; nil where the whole stage is asked about.
        public var records: Int?
    }

    /// Tasks of one round of a stage that were steered by it.
    public struct Influenced: Hashable, Sendable {
        public var pipeline: String
        public var stage: String
        public var phase: String
        public var tasks: Int
    }

    /// In the order of pipelines, stages, and places in them.
    public internal(set) var records: [Derived] = []
    public internal(set) var artifacts: [AffectedArtifact] = []
    public internal(set) var files: [AffectedFile] = []
    /// Ids, the latest first.
    public internal(set) var runs: [String] = []
    /// Apart from all others: their texts derive from other bytes, but what those tasks did depended on these.
    public internal(set) var influenced: [Influenced] = []
}
