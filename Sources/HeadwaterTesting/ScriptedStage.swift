public import HeadwaterModel
public import HeadwaterPluginKit
import Synchronization

/// What the scripted stages do in one test. Stages are made from parameters alone, so a test registers its script
/// under a name and gives the name as a parameter.
public struct Script: Sendable {
    /// The sources that `scripted-source` finds: locator and text.
    public var sources: [(locator: String, text: String)] = []
    /// Called before a source is given; may wait or throw.
    public var onRetrieve: @Sendable (String) throws -> Void = { _ in }
    /// Called with the locator of each record that `scripted-copy` passes on; may wait or throw.
    public var onApply: @Sendable (String) throws -> Void = { _ in }
    /// What `scripted-copy` makes of a text; it must use the text's own operations.
    public var transform: @Sendable (TracedText) -> TracedText = { $0 }

    public init() {}

    private static let registered = Mutex<[String: Script]>([:])

    /// Makes the script known under a name of its own.
    public static func register(_ name: String, _ script: Script) { registered.withLock { $0[name] = script } }

    static func named(_ name: String) -> Script { registered.withLock { $0[name] ?? Script() } }
}

private let scriptParameter = ParameterDeclaration(
    "script", .text, default: "", isPlace: true, help: "The name of a registered script.")

/// A source stage that finds what its script says.
public struct ScriptedSource: SourceStage {
    public static let declaration = PluginDeclaration(
        name: "scripted-source", version: "1", summary: "Finds what a test's script says.", inputs: [], rounds: .read,
        parameters: [scriptParameter], emits: ["document"])

    private let script: Script

    public init(parameters: Parameters) { script = Script.named(parameters.text("script")) }

    public func locate(_ places: Places) throws -> FoundSources {
        try FoundSources(
            script.sources.map {
                FoundSource(locator: $0.locator, place: .request(url: "scripted:" + $0.locator), size: $0.text.utf8.count)
            })
    }

    public func retrieve(_ found: FoundSource) throws -> Retrieved {
        try script.onRetrieve(found.locator)
        let text = script.sources.first { $0.locator == found.locator }?.text ?? ""
        return Retrieved(bytes: Array(text.utf8))
    }

    public func describe(_ source: RetrievedSource, to output: any StageOutput) throws {
        try output.emit(
            RecordDraft(
                describing: source, fields: ["locator": .string(source.locator), "mediaType": "text/plain", "charset": "utf-8"]))
    }
}

/// A record-wise stage that gives each document on, its text transformed as its script says.
public struct ScriptedCopy: Stage {
    public static let declaration = PluginDeclaration(
        name: "scripted-copy", version: "1", summary: "Transforms texts as a test's script says.", inputs: [.init("documents")],
        parameters: [
            scriptParameter,
            ParameterDeclaration("letter", .text, default: "a", help: "Part of the task key, and of nothing else."),
        ], emits: ["document"])

    private let script: Script

    public init(parameters: Parameters) { script = Script.named(parameters.text("script")) }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] {
            try script.onApply(document.fields["locator"]?.string ?? "")
            try output.emit(RecordDraft(continuing: document, text: script.transform(try document.text())))
        }
    }
}

/// A stage with all five rounds: documents whose texts are equal are one; the first stays.
public struct ScriptedUnique: Stage {
    public static let declaration = PluginDeclaration(
        name: "scripted-unique", version: "1", summary: "Drops documents with equal texts.", inputs: [.init("documents")],
        rounds: .examine, emits: ["document"])

    public init(parameters: Parameters) {}

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        try JSON.array(partition["documents"].map { [.string($0.id.description), .string(Digest(of: try $0.text().bytes).hex)] })
            .canonical
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        var byDigest: [String: [Group.Member]] = [:]
        for partition in 0..<sketches.count {
            for entry in try JSON(parsing: try sketches[partition]).array ?? [] {
                guard let parts = entry.array, let id = parts[0].string.flatMap({ RecordID($0) }), let digest = parts[1].string
                else { continue }
                byDigest[digest, default: []].append(.init(role: "documents", partition: partition, record: id))
            }
        }
        let groups = byDigest.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        return .groups(groups.map { Group(key: $0.key, members: $0.value) })
    }

    public func examine(_ group: Partition) throws -> [UInt8] {
        let ids = group["documents"].map(\.id)
        return JSON.array(ids.map { .string($0.description) }).canonical
    }

    public func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        var dropped: [[JSON]] = Array(repeating: [], count: verdicts.partitionCount)
        for group in try (0..<verdicts.count).map({ try verdicts[$0].group }) {
            for member in group.members.dropFirst() { dropped[member.partition].append(.string(member.record.description)) }
        }
        return dropped.map { JSON.array($0).canonical }
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let dropped = Set((try JSON(parsing: slice).array ?? []).compactMap(\.string))
        for document in partition["documents"] {
            if dropped.contains(document.id.description) {
                output.drop(Drop(document.id, reason: "equal"))
            } else {
                try output.pass(document)
            }
        }
    }
}
