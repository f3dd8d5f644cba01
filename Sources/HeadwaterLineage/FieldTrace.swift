public import HeadwaterModel

/// What stands behind the value of a record's field: the source bytes that its stage cites for it, and the stages on the way.
public struct FieldTrace: Sendable {
    public var record: Record
    public var name: String
    public var value: JSON
    /// In the order in which the record cites them; none where the stage told of none.
    public var sources: [Trace.Origin.Source]
    /// From the stage that made the record up to the one that read its sources.
    public var steps: [Trace.Step]
}
