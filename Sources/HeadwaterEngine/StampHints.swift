import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import Synchronization

/// Which digest a file had when its stamp was this: a hint that saves reading it again, never part of an identity.
///
/// Kept in a file of its own beside the packs, which may be deleted at any time. A hint for a file that changed
/// about when it was read is not kept: a later change within the clock's grain would have the same stamp (git calls
/// such entries racy, see its Documentation/technical/racy-git.txt).
final class StampHints: Sendable {
    private struct Entry: Equatable {
        var stamp: FileStamp
        var digest: Digest
    }

    private struct State {
        var known: [[UInt8]: Entry] = [:]
        var used: [[UInt8]: Entry] = [:]
    }

    private let path: String
    private let state: Mutex<State>
    /// Nanoseconds since 1970 when this run began; injected, so that tests need not wait.
    private let now: Int

    /// File systems and clocks may be this coarse, in nanoseconds.
    static let grain = 2_000_000_000

    init(path: String, now: Int) {
        self.path = path
        self.now = now
        state = Mutex(State(known: StampHints.read(path)))
    }

    func digest(of path: [UInt8], stamp: FileStamp) -> Digest? {
        state.withLock { state in
            guard let entry = state.known[path], entry.stamp == stamp else { return nil }
            state.used[path] = entry
            return entry.digest
        }
    }

    func remember(_ path: [UInt8], stamp: FileStamp, digest: Digest) {
        guard max(stamp.modified, stamp.changed) < now - StampHints.grain else { return }
        state.withLock { $0.used[path] = Entry(stamp: stamp, digest: digest) }
    }

    /// Writes down what this run saw. A hint file that cannot be written costs time, not truth, so that a failure is no
    /// error.
    /// - Parameter sawAll: whether the run looked at every source, so that what it did not see is forgotten.
    func save(sawAll: Bool) {
        let used = state.withLock { state -> [[UInt8]: Entry]? in
            let used = sawAll ? state.used : state.known.merging(state.used, uniquingKeysWith: { $1 })
            return used == state.known ? nil : used
        }
        guard let used else { return }
        var lines: [UInt8] = []
        for (path, entry) in used.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let stamp = entry.stamp
            lines.append(contentsOf: "\(entry.digest.hex) \(stamp.size) \(stamp.modified) \(stamp.changed) \(stamp.inode) ".utf8)
            lines.append(contentsOf: Hex.encode(path).utf8)
            lines.append(UInt8(ascii: "\n"))
        }
        let content = Array("\(Digest(of: lines).hex)\n".utf8) + lines
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try? Data(content).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Nothing where the file is missing or not as it was written.
    private static func read(_ path: String) -> [[UInt8]: Entry] {
        guard let content = FileManager.default.contents(atPath: path).map(Array.init),
            let firstBreak = content.firstIndex(of: UInt8(ascii: "\n")),
            Digest(hex: String(decoding: content[..<firstBreak], as: UTF8.self)) == Digest(of: content[(firstBreak + 1)...])
        else { return [:] }
        var out: [[UInt8]: Entry] = [:]
        for line in content[(firstBreak + 1)...].split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "))
            func number(_ index: Int) -> Int? { Int(String(decoding: parts[index], as: UTF8.self)) }
            guard parts.count == 6, let digest = Digest(hex: String(decoding: parts[0], as: UTF8.self)), let size = number(1),
                let modified = number(2), let changed = number(3), let inode = UInt64(String(decoding: parts[4], as: UTF8.self)),
                let path = Hex.decode(parts[5])
            else { return [:] }
            out[path] = Entry(stamp: FileStamp(size: size, modified: modified, changed: changed, inode: inode), digest: digest)
        }
        return out
    }
}
