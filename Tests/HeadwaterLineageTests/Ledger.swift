import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting

/// A store written by hand: what a run keeps, put together so that a test can leave out or alter any part of it.
final class Ledger {
    let folder: TemporaryFolder
    let store: Store
    private var started = 1_000

    init() throws {
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
                    hits: 0, tasks: try store.put([])))
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

    /// What the verifier says of all that is kept.
    func report() -> Verifier.Report {
        var verifier = Verifier(store: store)
        verifier.verifyAll()
        return verifier.report
    }
}
