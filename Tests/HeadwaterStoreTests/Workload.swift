import Foundation
import HeadwaterModel
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterStore

/// A script of everything that a writer does, and what may be said of a store in which it came to some point.
struct Workload {
    enum Act {
        case put([UInt8])
        /// To a file that holds these bytes.
        case refer([UInt8])
        case bind(Binding)
        case commit
    }

    /// How far a writer came.
    struct Progress {
        /// Acts that returned.
        var done = 0
        /// Acts before the last commit, or close, that returned.
        var promised = 0
        /// Per promise, how many steps the disk had seen by then.
        var promises: [(step: Int, acts: Int)] = []
    }

    /// Of each act the digest that it puts.
    private let digests: [Digest?]

    init() {
        digests = acts.map {
            switch $0 {
            case .put(let bytes), .refer(let bytes): Digest(of: bytes)
            case .bind, .commit: nil
            }
        }
    }

    /// Outside of every store, on a disk that no fault meets.
    private static let originals = try? TemporaryFolder(inMemory: true)

    private static func original(_ bytes: [UInt8]) throws -> String {
        guard let folder = originals else { throw CocoaError(.fileNoSuchFile) }
        let path = folder(Digest(of: bytes).hex)
        if Disk().stamp(path) == nil { try HeadwaterStoreTests.write(bytes, path) }
        return path
    }

    /// Larger than a pack's entries may be, and yet small on disk.
    static let large = prose(1 << 20 + 24)

    let acts: [Act] = [
        .put([]), .put(noise(700, seed: 1)), .bind(task(1)), .put(prose(3000)), .commit,
        .refer(noise(500, seed: 9)),
        .put(noise(1500, seed: 2)), .put(Workload.large), .bind(task(2)), .bind(task(1, "other")), .commit,
        .put(noise(900, seed: 3)), .put(noise(700, seed: 1)), .bind(task(1)), .put(noise(1200, seed: 4)), .bind(task(3)),
        .put(noise(600, seed: 5)),
    ]

    /// Opens the store, does it all and closes it; packs are sealed when they have grown beyond 2,000 bytes.
    func run(at path: String, _ log: DiskLog, _ progress: inout Progress) throws {
        var settings = Store.Settings()
        settings.fullPack = 2000
        settings.disk = log.disk
        let store = try Store.open(at: path, .write, settings)
        for act in acts {
            switch act {
            case .put(let bytes): try store.put(bytes)
            case .refer(let bytes):
                try store.refer(Digest(of: bytes), to: Array(Workload.original(bytes).utf8), length: bytes.count)
            case .bind(let binding): try store.bind(binding)
            case .commit:
                try store.commit()
                progress.promised = progress.done
                progress.promises.append((log.count, progress.done))
            }
            progress.done += 1
        }
        try store.close()
        progress.promised = progress.done
        progress.promises.append((log.count, progress.done))
    }

    /// Whether all of the first `count` acts can be read in the store, and of the others what was written or nothing.
    func check(_ store: Store, has count: Int, _ what: String) {
        for (number, act) in acts.enumerated() {
            switch act {
            case .put(let bytes), .refer(let bytes):
                guard let digest = digests[number] else { continue }
                do {
                    let found = try store.blob(digest)
                    if !areEqual(found, bytes) { Issue.record("\(what): other bytes than were put") }
                } catch {
                    if error.kind != .missingBlob(digest) || number < count {
                        Issue.record("\(what): act \(number) of \(count): \(error)")
                    }
                }
            case .bind(let binding):
                do {
                    let found = try store.bindings(binding.kind, binding.key)
                    if number < count && !found.contains(binding) {
                        Issue.record("\(what): binding \(number) of \(count) is lost")
                    }
                    if !found.allSatisfy(isOurs) { Issue.record("\(what): a binding that nobody made") }
                } catch {
                    Issue.record("\(what): \(error)")
                }
            case .commit: break
            }
        }
    }

    private func isOurs(_ binding: Binding) -> Bool {
        acts.contains { if case .bind(binding) = $0 { true } else { false } }
    }

    /// Checks a store in which the writer was stopped; then does it all again, which has to end as if nothing had been.
    func checkAfter(_ path: String, has count: Int, _ what: String) throws {
        do {
            let store = try Store.open(at: path, .write)
            check(store, has: count, what)
            try store.close()
            var progress = Progress()
            try run(at: path, DiskLog(), &progress)
            let reader = try Store.open(at: path, .read)
            check(reader, has: acts.count, what + ", done again")
            if !reader.warnings.isEmpty { Issue.record("\(what): \(reader.warnings)") }
            if let left = try layoutNames(path), !left.isEmpty { Issue.record("\(what): left in tmp: \(left)") }
        } catch let error as StoreError {
            Issue.record("\(what): \(error)")
        }
    }

    private func layoutNames(_ path: String) throws -> [String]? { try Disk().names(path + "/tmp") }
}

func ~= (pattern: Binding, value: Binding) -> Bool { pattern == value }
