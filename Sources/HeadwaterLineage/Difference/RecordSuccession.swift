public import HeadwaterModel

/// Which record of a later run stands where another one stood, and why others came or went: what is known of two runs by the
/// stages that were compared, so that those behind them can be told from their parents.
struct RecordSuccession {
    /// By the record before; of equal records nothing is kept.
    private var successors: [RecordID: RecordID] = [:]
    private var sources: [Digest: Digest] = [:]
    private var gone: [RecordID: RecordFate] = [:]
    private var come: [RecordID: RecordFate] = [:]

    /// What stands where this record stood; itself where it did not change.
    func successor(of record: RecordID) -> RecordID { successors[record] ?? record }

    func successor(of source: Digest) -> Digest { sources[source] ?? source }

    /// Why a record is in one run only; nil if no stage before has said.
    func fate(of record: RecordID, isGone: Bool) -> RecordFate? { isGone ? gone[record] : come[record] }

    mutating func note(_ before: RecordID, became after: RecordID) {
        if before != after { successors[before] = after }
    }

    mutating func note(_ before: Digest, became after: Digest) {
        if before != after { sources[before] = after }
    }

    mutating func note(_ fate: RecordFate, of record: RecordID, isGone: Bool) {
        if isGone { gone[record] = fate } else { come[record] = fate }
    }
}

/// Why a record is in one of two runs only.
public struct RecordFate: Hashable, Sendable {
    /// The stage where it was decided: this one, or one before it.
    public var stage: String
    public var cause: Cause

    public init(stage: String, cause: Cause) {
        self.stage = stage
        self.cause = cause
    }

    public enum Cause: Hashable, Sendable {
        /// Its source is in that run only.
        case source(locator: String)
        /// The other run left it out, or what it was made from.
        case drop(StoredDrop)
    }

    public var json: JSON {
        switch cause {
        case .source(let locator): ["stage": .string(stage), "source": .string(locator)]
        case .drop(let drop):
            .object(
                ["stage": .string(stage), "reason": .string(drop.reason)].merging(
                    drop.survivor.map { ["survivor": .string($0.description)] } ?? [:]
                ) { own, _ in own })
        }
    }
}
