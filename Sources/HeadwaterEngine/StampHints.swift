import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore
import Synchronization

/// What the files of a partition held when their stamps were these: a hint that saves reading them again, never part
/// of an identity.
///
/// Kept in a file of its own beside the packs, which may be deleted at any time. One hint stands for a whole partition,
/// so that a run that finds nothing changed looks up as many hints as there are tasks, not files; one file that changed
/// has its partition's files read again. Files that changed about when they were read leave no hint: a later change
/// within the clock's grain would have the same stamp (git calls such entries racy, see its
/// Documentation/technical/racy-git.txt).
final class StampHints: Sendable {
    /// What is known of one partition.
    struct Hint: Equatable {
        /// The key of the task that makes its records.
        var key: Digest
        /// Where its sources lay that are parts of files, if any are: as its stamps are of those files, they lie there still.
        var containers: Digest?
        /// The digests of its sources, in order.
        var sources: [Digest]
    }

    private struct State {
        /// As the file has it: where each hint lies in `content`, by its stamps.
        var known: [Digest: Int] = [:]
        var content: [UInt8] = []
        /// The hints of this run; nil where the one that was known served.
        var used: [Digest: Hint?] = [:]
    }

    private let store: Store
    /// Of the file, below the store's folder.
    private let name: String
    private let state: Mutex<State>
    /// Nanoseconds since 1970 when this run began; injected, so that tests need not wait.
    private let now: Int

    /// File systems and clocks may be this coarse, in nanoseconds.
    static let grain = 2_000_000_000

    init(of pipeline: String, in store: Store, now: Int) {
        self.store = store
        name = "hints/" + pipeline
        self.now = now
        state = Mutex(StampHints.read(store.path + "/" + name))
    }

    /// The digest of everything that a hint depends on: what the task's key holds beside the sources, and of each file
    /// its locator, path and stamp, and for a part of one which part it is. Nil where a source is neither, or its file has
    /// been changed so lately that its stamp tells nothing.
    func stamps(of partition: some Sequence<FoundSource>, task: Digest) -> Digest? {
        var told = task.bytes
        told.reserveCapacity(partition.underestimatedCount * 256)
        for source in partition {
            let (path, stamp, layers): ([UInt8], FileStamp, [Container.Layer])
            switch source.place {
            case .file(let file, let its): (path, stamp, layers) = (file, its, [])
            case .member(let member): (path, stamp, layers) = (member.file.path, member.file.stamp, member.layers)
            case .request: return nil
            }
            guard max(stamp.modified, stamp.changed) < now - StampHints.grain else { return nil }
            for layer in layers {
                told.append(contentsOf: layer.codec.rawValue.utf8)
                withUnsafeBytes(of: (layer.range?.start ?? -1, layer.range?.length ?? -1)) { told.append(contentsOf: $0) }
            }
            var locator = source.locator
            let numbers = (stamp.size, stamp.modified, stamp.changed, stamp.inode, path.count, locator.utf8.count)
            withUnsafeBytes(of: numbers) { told.append(contentsOf: $0) }
            locator.withUTF8 { told.append(contentsOf: $0) }
            told.append(contentsOf: path)
        }
        return Digest(of: told)
    }

    /// What is known of the partition with these stamps.
    func hint(_ stamps: Digest) -> Hint? {
        state.withLock { state in
            guard let offset = state.known[stamps] else { return nil }
            state.used.updateValue(nil, forKey: stamps)
            return HintFile.hint(at: offset, in: state.content)
        }
    }

    func remember(_ hint: Hint, stamps: Digest) {
        state.withLock { _ = $0.used.updateValue(hint, forKey: stamps) }
    }

    /// Writes down what this run saw. A hint file that cannot be written costs time, not truth, so that a failure is no
    /// error.
    ///
    /// - Parameter sawAll: whether the run looked at every source, so that what it did not see is forgotten.
    func save(sawAll: Bool) {
        let content = state.withLock { state -> [UInt8]? in
            let isChanged = state.used.contains { $0.value != nil }
            let isForgotten = sawAll && state.used.count < state.known.count
            guard isChanged || isForgotten else { return nil }
            var stamps = Set(state.used.keys)
            if !sawAll { stamps.formUnion(state.known.keys) }
            return HintFile.content(
                stamps.sorted().compactMap { stamp in
                    let hint =
                        state.used[stamp].flatMap { $0 }
                        ?? state.known[stamp].flatMap { HintFile.hint(at: $0, in: state.content) }
                    return hint.map { (stamp, $0) }
                })
        }
        if let content { try? store.setAside(content, as: name) }
    }

    /// Nothing where the file is missing or not as it was written.
    private static func read(_ path: String) -> State {
        guard let content = FileManager.default.contents(atPath: path).map(Array.init), let known = HintFile.offsets(in: content)
        else { return State() }
        return State(known: known, content: content)
    }
}

/// The file of hints: for each its stamps, its key, the digest of its containers (zeros for none), a count (4 bytes,
/// little-endian) and so many digests, 32 bytes each; behind all of them the digest of the file so far.
private enum HintFile {
    private static let header = 3 * Digest.byteCount + 4
    private static let none = [UInt8](repeating: 0, count: Digest.byteCount)

    static func content(_ hints: [(stamps: Digest, hint: StampHints.Hint)]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(hints.reduce(Digest.byteCount) { $0 + header + $1.hint.sources.count * Digest.byteCount })
        for (stamps, hint) in hints {
            out.append(contentsOf: stamps.bytes)
            out.append(contentsOf: hint.key.bytes)
            out.append(contentsOf: hint.containers?.bytes ?? none)
            let count = UInt32(truncatingIfNeeded: hint.sources.count)
            withUnsafeBytes(of: count.littleEndian) { out.append(contentsOf: $0) }
            for source in hint.sources { out.append(contentsOf: source.bytes) }
        }
        out.append(contentsOf: Digest(of: out).bytes)
        return out
    }

    /// Where each hint begins behind its stamps; nil if the bytes are not what was written.
    static func offsets(in content: [UInt8]) -> [Digest: Int]? {
        let end = content.count - Digest.byteCount
        guard end >= 0, Digest(bytes: content[end...]) == Digest(of: content[..<end]) else { return nil }
        var out: [Digest: Int] = [:]
        var offset = 0
        while offset < end {
            guard end - offset >= header, let stamps = Digest(bytes: content[offset..<offset + Digest.byteCount]) else {
                return nil
            }
            out[stamps] = offset + Digest.byteCount
            let size = header + count(at: offset + 3 * Digest.byteCount, in: content) * Digest.byteCount
            guard size <= end - offset else { return nil }
            offset += size
        }
        return out
    }

    private static func count(at offset: Int, in content: [UInt8]) -> Int {
        content[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    static func hint(at offset: Int, in content: [UInt8]) -> StampHints.Hint? {
        guard let key = Digest(bytes: content[offset..<offset + Digest.byteCount]) else { return nil }
        let containers = content[offset + Digest.byteCount..<offset + 2 * Digest.byteCount]
        let first = offset + 2 * Digest.byteCount + 4
        let sources = (0..<count(at: first - 4, in: content)).compactMap { index in
            Digest(bytes: content[first + index * Digest.byteCount..<first + (index + 1) * Digest.byteCount])
        }
        return StampHints.Hint(
            key: key, containers: containers.elementsEqual(none) ? nil : Digest(bytes: containers), sources: sources)
    }
}
