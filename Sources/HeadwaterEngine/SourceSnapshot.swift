import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore
import Synchronization

/// Takes the bytes of sources into the store, or their digests and places, reading only what may have changed: a file whose stamp is the one
/// remembered need not be read again, and a network answer stays pinned until a refresh is asked for.
final class SourceSnapshot: Sendable {
    private let store: Store
    private let stage: any SourceStage
    private let refreshes: Bool
    /// Only digests are wanted; nothing is stored.
    private let isDry: Bool
    /// Asked between sources, so that a stop need not wait for a partition of slow ones.
    private let isStopping: @Sendable () -> Bool

    /// Bytes of one partition that are kept until its records are made; those beyond are read from the store again.
    static let heldBytes = 16 << 20

    init(
        store: Store, stage: any SourceStage, refreshes: Bool, isDry: Bool,
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.store = store
        self.stage = stage
        self.refreshes = refreshes
        self.isDry = isDry
        self.isStopping = isStopping
    }

    /// Reads the sources of one partition. Blocks.
    /// - Parameter found: changed where a file had another stamp when it was read than when it was found.
    /// - Throws: `StageStopped` if the run is to stop before all are read; what was read is kept.
    func take(_ found: inout [FoundSource]) throws -> SourcePartition {
        var sources: [SourcePartition.Source] = []
        var held = 0
        for index in found.indices {
            if isStopping() { throw StageStopped() }
            var source = try take(&found[index])
            if let bytes = source.bytes {
                // In a dry run there is nothing to read again.
                if held + bytes.count > SourceSnapshot.heldBytes && !isDry { source.bytes = nil } else { held += bytes.count }
            }
            sources.append(source)
        }
        return SourcePartition(sources: sources)
    }

    /// Whether the store has the bytes of a file as the stage wants them kept: what was left in place by an earlier run is
    /// to be copied by one that copies.
    func has(_ digest: Digest) -> Bool { stage.leavesFilesInPlace ? store.contains(digest) : store.stores(digest) }

    /// Reads one source again and keeps its bytes again, if they still are those of the digest.
    func restore(_ found: FoundSource, _ digest: Digest) throws -> Bool {
        let retrieved = try stage.retrieve(found)
        guard Digest(of: retrieved.bytes) == digest else { return false }
        _ = try keep(retrieved.bytes, found.place)
        return true
    }

    private func take(_ found: inout FoundSource) throws -> SourcePartition.Source {
        switch found.place {
        case .file(let path, _):
            let retrieved = try stage.retrieve(found)
            let digest = try keep(retrieved.bytes, found.place)
            if let read = retrieved.stamp { found.place = .file(path: path, stamp: read) }
            return .init(locator: found.locator, digest: digest, facts: retrieved.facts, bytes: retrieved.bytes)
        case .member:
            let retrieved = try stage.retrieve(found)
            let digest = try keep(retrieved.bytes, found.place)
            return .init(locator: found.locator, digest: digest, facts: retrieved.facts, bytes: retrieved.bytes)
        case .request(let url):
            let pins = try store.bindings(.pin, url)
            if !refreshes, let pinned = try current(of: pins), store.stores(pinned.digest) {
                return .init(locator: found.locator, digest: pinned.digest, facts: pinned.facts, bytes: nil)
            }
            let retrieved = try stage.retrieve(found)
            let digest = try keep(retrieved.bytes, found.place)
            if !isDry {
                let pin = Pin(digest: digest, facts: retrieved.facts)
                let value = try store.put(pin.json.canonical)
                try store.bind(
                    Binding(
                        kind: .pin, key: url, value: value, supersedes: pins.filter { $0.value != value }.map(\.digest).sorted()))
            }
            return .init(locator: found.locator, digest: digest, facts: retrieved.facts, bytes: retrieved.bytes)
        }
    }

    private func keep(_ bytes: [UInt8], _ place: FoundSource.Place) throws -> Digest {
        if isDry { return Digest(of: bytes) }
        guard stage.leavesFilesInPlace, case .file(let path, _) = place else { return try store.put(bytes) }
        let digest = Digest(of: bytes)
        try store.refer(digest, to: path, length: bytes.count)
        return digest
    }

    /// The pin that no other one supersedes; of several the smallest digest. One whose answer is not there is none.
    private func current(of pins: [Binding]) throws -> Pin? {
        let superseded = Set(pins.flatMap(\.supersedes))
        guard let head = pins.filter({ !superseded.contains($0.digest) }).min(by: { $0.value < $1.value }),
            store.contains(head.value)
        else { return nil }
        return try Pin(json: JSON(parsing: try store.blob(head.value)))
    }
}

/// A network answer that stays the same until a refresh: which bytes, and what the server said of them.
private struct Pin {
    var digest: Digest
    var facts: [String: String]

    init(digest: Digest, facts: [String: String]) {
        self.digest = digest
        self.facts = facts
    }

    var json: JSON { ["digest": .string(digest.description), "facts": .object(facts.mapValues { .string($0) })] }

    init(json: JSON) throws {
        guard let digest = json["digest"]?.string.flatMap({ Digest($0) }) else {
            throw TaskFault("a pinned answer names no digest")
        }
        self.digest = digest
        facts = (json["facts"]?.object ?? [:]).compactMapValues(\.string)
    }
}
