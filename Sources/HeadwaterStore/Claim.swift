import Glibc
import Synchronization

/// This process's claim to a file under `tmp/`, for as long as it lives: no other writer takes the file for abandoned.
///
/// Three things speak for it: the name tells the process, the file is locked, and within this process the name is
/// remembered, so that a store that was let go without being closed leaves its pack to the next one.
final class Claim: Sendable {
    private let name: String

    private struct Names {
        var live: Set<String> = []
        var next = 0
    }
    private static let names = Mutex(Names())

    private init(_ what: String) {
        name = Claim.names.withLock {
            let name = Owner.current.fileName($0.next, what)
            $0.next += 1
            $0.live.insert(name)
            return name
        }
    }

    deinit { Claim.names.withLock { _ = $0.live.remove(name) } }

    /// Creates a file of our own; `what` is the end of its name.
    static func create(in layout: StoreLayout, _ what: String) throws(StoreError) -> (File, Claim) {
        while true {
            let claim = Claim(what)
            do throws(StoreError) {
                let file = try File.create(layout.temporary + "/" + claim.name, on: layout.disk)
                _ = file.tryLock()
                return (file, claim)
            } catch  where error.kind == .system(EEXIST) {
                continue  // Left by an earlier process of the same number and start: the next number is free.
            }
        }
    }

    /// Whether the writer of the file with this name is gone.
    static func isAbandoned(_ name: String) -> Bool {
        guard let owner = Owner(fileName: name) else { return false }
        return owner == .current ? !names.withLock { $0.live.contains(name) } : owner.isGone
    }

    /// Makes an abandoned file our own, by renaming it; nil if somebody else was faster, or it is in use after all.
    static func take(_ name: String, in layout: StoreLayout, _ what: String) throws(StoreError) -> (File, Claim)? {
        let old = layout.temporary + "/" + name
        guard isAbandoned(name), let file = try File(ifExists: old, .update, on: layout.disk), file.tryLock() else { return nil }
        let claim = Claim(what)
        let path = layout.temporary + "/" + claim.name
        guard try layout.disk.rename(old, to: path) else { return nil }
        return (try File(file, renamedTo: path), claim)
    }
}
