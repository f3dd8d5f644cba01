import Foundation
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterEngine

/// A store with pages and an artifact that shows all of each.
final class Shelf {
    let folder: TemporaryFolder
    let store: Store
    private(set) var stage: RunManifest.Stage
    private(set) var artifact: Digest
    private let heard = Heard()

    /// Keeps what the publisher warns of.
    private final class Heard: Sendable { let warnings = Mutex<[String]>([]) }

    var warnings: [String] { heard.warnings.withLock { $0 } }

    init(_ pages: [(locator: String, text: String, fields: [String: JSON])]) throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder("store"), .write)
        artifact = try store.put(Dataset(shards: []).json.canonical)
        stage = RunManifest.Stage(
            name: "fetch", plugin: "fetch", version: "1", parameters: [:], inputs: [], artifact: nil, executed: 0, hits: 0,
            tasks: try store.put([]))
        try show(pages)
    }

    /// Puts other pages in the place of these.
    func show(_ pages: [(locator: String, text: String, fields: [String: JSON])]) throws {
        var sources: [UInt8] = []
        var texts: [UInt8] = []
        for page in pages {
            let text = Array(page.text.utf8)
            let digest = try store.put(text)
            let locator: [String: JSON] = ["locator": .string(page.locator), "charset": "utf-8"]
            sources += Record(kind: "document", sources: [digest], fields: locator).canonical + [0x0A]
            let whole = Segment(length: text.count, source: 0, offset: 0, sourceLength: text.count, mode: .verbatim)
            texts +=
                Record(kind: "summary", text: text, segments: [whole], sources: [digest], fields: page.fields).canonical + [0x0A]
        }
        stage.artifact = try dataset(sources, count: pages.count)
        artifact = try dataset(texts, count: pages.count)
    }

    private func dataset(_ lines: [UInt8], count: Int) throws -> Digest {
        let shard = Shard(
            ShardContent(digest: try store.put(lines), byteCount: lines.count, recordCount: count),
            range: KeyRange(first: "a", last: "z"))
        return try store.put(Dataset(shards: [shard]).json.canonical)
    }

    func show(_ artifact: Digest) { self.artifact = artifact }

    /// Publishes the artifact.
    /// - Parameter settings: of the publication, as a pipeline file has them.
    func publish(to name: String, _ settings: String = "format: markdown") throws -> RunManifest.Publication {
        let text = """
            headwater: 1
            name: p
            stages:
              read: {plugin: scripted-source, with: {script: "x"}}
              copy: {plugin: scripted-copy, needs: read}
            publish:
              brief: {from: copy, \(settings), to: "\(name)"}

            """
        let pipeline = try Pipeline.parse(
            bytes: Array(text.utf8), path: folder("p.yaml"), workingDirectory: folder.path,
            plugins: PluginRegistry([ScriptedSource.self, ScriptedCopy.self]).declarations)
        let publication = try #require(pipeline.publications.first)
        let folders = PublishedFolders(pipeline: "p", store: store) { [heard] warning in
            heard.warnings.withLock { $0.append(warning) }
        }
        let publisher = Publisher(store: store, stages: [stage], folders: folders)
        return try publisher.publish(publication, artifact: artifact).kept
    }

    /// The published page.
    func text() throws -> String {
        _ = try publish(to: "out.md")
        return try read("out.md")
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: folder(name), encoding: .utf8) }
}
