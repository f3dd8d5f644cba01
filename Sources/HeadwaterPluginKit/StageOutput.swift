public import HeadwaterModel

/// Where a stage puts what it makes of one partition or group. The engine gives one for each task; it is used by
/// one thread at a time and not kept after `apply` returns.
public protocol StageOutput: AnyObject {
    /// Emits a record and says which id it has. Records keep the order in which they are emitted.
    ///
    /// - Throws: when the record's map does not hold; the task then fails with the stage and the record named.
    @discardableResult
    func emit(_ draft: RecordDraft) throws -> RecordID

    /// Passes an input record on as it is: same id, same text, same fields. Keeps its place among emitted records.
    ///
    /// - Throws: when the record cannot be stored.
    func pass(_ record: InputRecord) throws

    /// Leaves a record out, and says why.
    func drop(_ drop: Drop)

    /// Says something about a record that is no part of it.
    func note(_ note: Note)
}

/// A record left out, always with its reason.
public struct Drop: Sendable, Equatable {
    /// The input record that was left out.
    public var record: RecordID
    /// A word or two, the same for all drops of one cause: drops are counted by it.
    public var reason: String
    /// For a duplicate, the record that stays in its place.
    public var survivor: RecordID?
    /// Whatever else explains it: similarity, threshold. Integers where numbers occur.
    public var details: [String: JSON]

    public init(_ record: RecordID, reason: String, survivor: RecordID? = nil, details: [String: JSON] = [:]) {
        self.record = record
        self.reason = reason
        self.survivor = survivor
        self.details = details
    }
}

/// Something about a record that is kept beside it: a block that was left out of its text, the records it stands for.
public struct Note: Sendable, Equatable {
    /// The record it is about, an emitted or an input one.
    public var record: RecordID
    /// `block` for text that was left out, `stands-for` for duplicates; a stage may add kinds.
    public var kind: String
    /// Why; counted as drops are.
    public var reason: String
    /// The source bytes it is about.
    public var cites: [Cite]
    public var details: [String: JSON]

    /// A byte range of a source.
    public struct Cite: Sendable, Equatable {
        public var source: Digest
        public var range: ByteRange
    }

    public init(_ record: RecordID, kind: String, reason: String, about text: TracedText? = nil, details: [String: JSON] = [:]) {
        self.record = record
        self.kind = kind
        self.reason = reason
        cites = text?.citations.map { Cite(source: $0.source, range: $0.range) } ?? []
        self.details = details
    }
}
