import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting

/// A store written by hand: what a run keeps, put together so that a test can leave out or alter any part of it.
final class Ledger {
    let folder: TemporaryFolder
    let store: Store
    private let hasTasks: Bool
    private var started = 1_000

    /// - Parameter hasTasks: whether runs have the tasks that would have made their artifacts.
    init(hasTasks: Bool = false) throws {
        self.hasTasks = hasTasks
        folder = try TemporaryFolder(inMemory: true)
        store = try Store.open(at: folder("store"), .write)
    }

    /// A record that stands for a source, as a source stage makes it.
    func source(_ locator: String, _ text: String, isKept: Bool = true, charset: String = "utf-8") throws -> Record {
        let bytes = Array(text.utf8)
        return Record(
            kind: "document", sources: [isKept ? try store.put(bytes) : Digest(of: bytes)],
            fields: ["locator": .string(locator), "charset": .string(charset)])
    }

    func shard(_ records: [Record], drops: [JSON] = [], notes: [JSON] = []) throws -> Shard {
        let lines = records.flatMap { (record: Record) -> [UInt8] in record.canonical + [0x0A] }
        let content = ShardContent(
            digest: try store.put(lines), byteCount: lines.count, recordCount: records.count,
            dropsDigest: drops.isEmpty ? nil : try store.put(JSONLines.encode(drops)),
            notesDigest: notes.isEmpty ? nil : try store.put(JSONLines.encode(notes)),
            dropCounts: drops.reduce(into: [:]) { $0[$1["reason"]?.string ?? "", default: 0] += 1 })
        return Shard(content, range: KeyRange(first: "a", last: "z"))
    }

    func artifact(_ shards: [Shard]) throws -> Digest { try store.put(Dataset(shards: shards).json.canonical) }

    /// Keeps a run whose stages made these artifacts, each stage reading the one before.
    @discardableResult
    func run(
        _ stages: [(name: String, artifact: Digest?)], pipeline: String = "p", publications: [RunManifest.Publication] = []
    ) throws -> RunManifest {
        started += 1
        var manifests: [RunManifest.Stage] = []
        for (name, artifact) in stages {
            manifests.append(
                RunManifest.Stage(
                    name: name, plugin: name, version: "1", parameters: [:],
                    inputs: manifests.last.map { [.init(role: "documents", stage: $0.name)] } ?? [], artifact: artifact,
                    executed: 0,
                    hits: 0, tasks: try store.put(try tasks(name, artifact, of: manifests.last?.artifact))))
        }
        let run = RunManifest(
            id: RunID(random: UInt64(started)), pipeline: pipeline, file: try store.put(Array("headwater: 1\n".utf8)),
            parameters: [:], started: started, finished: started, state: .done, stages: manifests, publications: publications,
            failures: [], contradictions: [])
        let digest = try store.put(run.json.canonical)
        try store.bind(Binding(kind: .run, key: run.id.description, value: digest))
        for name in [pipeline] + manifests.filter({ $0.artifact != nil }).map({ "\(pipeline)/\($0.name)" }) {
            try store.bind(
                Binding(kind: .name, key: name, value: digest, supersedes: try store.heads(of: name).map(\.digest)))
        }
        return run
    }

    /// The list of the tasks that make an artifact of another, or of sources; of what cannot be read there are none.
    private func tasks(_ stage: String, _ artifact: Digest?, of input: Digest?) throws -> [UInt8] {
        guard hasTasks, let artifact, let made = try? DatasetReader(store: store).dataset(artifact) else { return [] }
        let inputs = try input.map { try DatasetReader(store: store).dataset($0).shards.map(\.digest) }
        let form = KeyDocument.Form(plugin: stage, version: "1", phase: .apply, parameters: [:])
        return JSONLines.encode(
            try made.shards.enumerated().map { index, shard in
                let sources = try DatasetReader(store: store).records(of: shard.digest).flatMap(\.sources)
                let key = try store.put(
                    form.bytes(
                        inputs: inputs.map { KeyInputs.partition(["documents": $0[index]], slice: nil) }
                            ?? KeyInputs.sources(sources.map { ["a", .string($0.description)] })))
                let result = try store.put(TaskResult.shard(shard.content).canonical)
                try store.bind(Binding(kind: .task, key: key.hex, value: result))
                return TaskEntry(phase: .apply, partition: "a", key: key, result: result, isHit: false).json
            })
    }

    /// What the verifier says of all that is kept.
    func report() -> Verifier.Report {
        var verifier = Verifier(store: store)
        verifier.verifyAll()
        return verifier.report
    }
}
