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
        /// Which hints of this run there are, and where each lies in `remembered`; nil where the one that was known served.
        var used: [Digest: Range<Int>?] = [:]
    }

    private let store: Store
    /// Of the file, below the store's folder.
    private let name: String
    /// What earlier runs kept.
    private let known: HintFile?
    /// The hints of this run, each as the file has it, behind its stamps.
    private let remembered = SpooledBytes()
    private let state = Mutex(State())
    /// Nanoseconds since 1970 when this run began; injected, so that tests need not wait.
    private let now: Int

    /// File systems and clocks may be this coarse, in nanoseconds.
    static let grain = 2_000_000_000

    init(of pipeline: String, in store: Store, now: Int) {
        self.store = store
        name = "hints/" + pipeline
        self.now = now
        known = HintFile(store.path + "/" + name)
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
        guard let hint = known?.bytes(stamps).flatMap(Hint.init) else { return nil }
        state.withLock { _ = $0.used.updateValue(nil, forKey: stamps) }
        return hint
    }

    /// A hint that cannot be kept costs time, not truth.
    func remember(_ hint: Hint, stamps: Digest) {
        guard let place = try? remembered.append(hint.bytes) else { return }
        state.withLock { _ = $0.used.updateValue(place, forKey: stamps) }
    }

    /// Writes down what this run saw. A hint file that cannot be written costs time, not truth, so that a failure is no
    /// error.
    ///
    /// - Parameter sawAll: whether the run looked at every source, so that what it did not see is forgotten.
    func save(sawAll: Bool) {
        let used = state.withLock { $0.used }
        let isChanged = used.contains { $0.value != nil }
        let isForgotten = sawAll && used.count < known?.count ?? 0
        guard isChanged || isForgotten else { return }
        var stamps = Array(used.keys)
        if !sawAll, let known { stamps += known.stamps.filter { used[$0] == nil } }
        stamps.sort()
        try? store.setAside(as: name) { write in
            var hasher = DigestHasher()
            for stamps in stamps {
                let hint = if let place = used[stamps] ?? nil { try remembered.read(place) } else { known?.bytes(stamps) }
                guard let hint else { continue }
                let bytes = stamps.bytes + hint
                hasher.update(bytes)
                try write(bytes)
            }
            try write(hasher.finish().bytes)
        }
    }
}

extension StampHints.Hint {
    fileprivate static let header = 2 * Digest.byteCount + 4
    private static let none = [UInt8](repeating: 0, count: Digest.byteCount)

    /// As the file has it, behind its stamps.
    fileprivate var bytes: [UInt8] {
        var out = key.bytes + (containers?.bytes ?? StampHints.Hint.none)
        out.reserveCapacity(StampHints.Hint.header + sources.count * Digest.byteCount)
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: sources.count).littleEndian) { out.append(contentsOf: $0) }
        for source in sources { source.withBytes { out.append(contentsOf: $0) } }
        return out
    }

    fileprivate init?(_ bytes: [UInt8]) {
        guard bytes.count >= StampHints.Hint.header, let key = Digest(bytes: bytes[..<Digest.byteCount]) else { return nil }
        let containers = bytes[Digest.byteCount..<2 * Digest.byteCount]
        let sources = stride(from: StampHints.Hint.header, to: bytes.count, by: Digest.byteCount).compactMap {
            Digest(bytes: bytes[$0..<min($0 + Digest.byteCount, bytes.count)])
        }
        self.init(
            key: key, containers: containers.elementsEqual(StampHints.Hint.none) ? nil : Digest(bytes: containers),
            sources: sources)
    }
}

/// The file of hints: for each its stamps, its key, the digest of its containers (zeros for none), a count (4 bytes,
/// little-endian) and so many digests, 32 bytes each; behind all of them the digest of the file so far.
///
/// It is replaced and never changed, so that what was found whole when it was opened stays so while it is open.
private final class HintFile: Sendable {
    private let file: FileHandle
    /// Where each hint lies, by its stamps.
    private let places: [Digest: Range<Int>]

    var count: Int { places.count }
    var stamps: some Sequence<Digest> { places.keys }

    /// Nil where the file is missing or not as it was written.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let places = HintFile.places(descriptor) else { return nil }
        self.places = places
    }

    func bytes(_ stamps: Digest) -> [UInt8]? {
        guard let place = places[stamps] else { return nil }
        return HintFile.read(file.fileDescriptor, place)
    }

    private static func places(_ descriptor: Int32) -> [Digest: Range<Int>]? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let end = Int(status.st_size) - Digest.byteCount
        guard end >= 0 else { return nil }
        var places: [Digest: Range<Int>] = [:]
        var hasher = DigestHasher()
        var offset = 0
        while offset < end {
            let start = offset + Digest.byteCount
            guard let head = read(descriptor, offset..<start + StampHints.Hint.header), start + StampHints.Hint.header <= end,
                let stamps = Digest(bytes: head[..<Digest.byteCount])
            else { return nil }
            let sources = head.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) } * Digest.byteCount
            let rest = start + StampHints.Hint.header..<start + StampHints.Hint.header + sources
            guard rest.upperBound <= end, let digests = read(descriptor, rest) else { return nil }
            hasher.update(head)
            hasher.update(digests)
            places[stamps] = start..<rest.upperBound
            offset = rest.upperBound
        }
        return read(descriptor, end..<end + Digest.byteCount).flatMap { Digest(bytes: $0) } == hasher.finish() ? places : nil
    }

    /// Nil where the file ends before, or cannot be read.
    private static func read(_ descriptor: Int32, _ range: Range<Int>) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < buffer.count {
                let count = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(range.lowerBound + filled))
                if count > 0 { filled += count } else if count == 0 || errno != EINTR { return }
            }
        }
        return bytes.count == range.count ? bytes : nil
    }
}
