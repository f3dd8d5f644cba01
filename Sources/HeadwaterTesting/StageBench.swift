public import HeadwaterModel
public import HeadwaterPluginKit

/// Runs a stage on texts held in memory, round after round as the engine does, and proves every record it emits
/// against the sources. For tests of plugins that need no store and no engine.
public final class StageBench {
    /// What one application made.
    public struct Result: Sendable {
        public var records: [Record] = []
        public var drops: [Drop] = []
        public var notes: [Note] = []

        init(_ result: RoundDriver.Result) {
            records = result.records
            drops = result.drops
            notes = result.notes
        }
    }

    private var sources: [Digest: [UInt8]] = [:]

    public init() {}

    /// A document as fetch makes it, its text the whole source.
    public func document(
        _ bytes: [UInt8], locator: String, mediaType: String = "text/html", charset: Charset = .utf8
    ) -> InputRecord {
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        let record = Record(
            kind: "document", sources: [digest],
            fields: ["locator": .string(locator), "mediaType": .string(mediaType), "charset": .string(charset.name)])
        return InputRecord(record) { _ in TracedText(decoding: bytes, digest: digest, charset: charset) }
    }

    /// A document as clean makes it: the text is stored with the record.
    public func cleaned(_ text: String, fields: [String: JSON] = [:]) -> InputRecord {
        let bytes = Array(text.utf8)
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        var draft = RecordDraft(
            kind: "document", text: TracedText(decoding: bytes, digest: digest, charset: .utf8), parents: [],
            fields: ["locator": "page.txt"])
        for (name, value) in fields { draft.set(name, value) }
        return InputRecord(draft.sealed()) { TracedText($0) }
    }

    /// The records of a result as input of the next stage.
    public func inputs(_ records: [Record]) -> [InputRecord] {
        records.map { InputRecord($0) { TracedText($0) } }
    }

    /// Lets a stage that reads sources describe one.
    public func describe(
        _ stage: any SourceStage, _ bytes: [UInt8], locator: String, facts: [String: String] = [:]
    ) throws -> Result {
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        let retrieved = RetrievedSource(locator: locator, digest: digest, facts: facts) { bytes }
        return Result(try driver(of: stage).describe(stage, retrieved))
    }

    /// Applies a record-wise stage.
    public func apply(_ stage: any Stage, _ input: [String: [InputRecord]], slice: [UInt8] = []) throws -> Result {
        Result(try driver(of: stage).apply(stage, input, slice: slice))
    }

    /// Takes a stage through all its declared rounds over these partitions; one result for each partition, or for
    /// each group where the stage is applied to groups.
    ///
    /// - Parameter parameters: what the stage was given, where its rounds depend on it.
    public func run(
        _ stage: any Stage, _ partitions: [[String: [InputRecord]]], parameters: Parameters? = nil
    ) throws -> [Result] {
        try driver(of: stage, parameters).run(stage, partitions).map { Result($0) }
    }

    private func driver(of stage: any Stage, _ parameters: Parameters? = nil) -> RoundDriver {
        let known = sources
        let declaration = type(of: stage).declaration
        return RoundDriver(rounds: parameters.map { declaration.given($0).rounds } ?? declaration.rounds) { digest in
            guard let bytes = known[digest] else { throw StageError("no source \(digest)") }
            return bytes
        }
    }
}
