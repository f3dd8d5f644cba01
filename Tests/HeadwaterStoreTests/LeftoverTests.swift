import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// What becomes of the files of writers that were stopped.
@Suite struct LeftoverTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder(inMemory: true) }

    /// No process has a number above 2 to the 22nd (proc(5), `pid_max`).
    private let gone = Owner(fileName: "\(Owner.current.host).4194305.1.0.pack")

    private let blobs: [[UInt8]] = [[], prose(200), noise(20, seed: 1)]

    /// A pack as its writer leaves it when it is killed, and where each of its entries ends.
    private func unsealed() throws -> (bytes: [UInt8], ends: [Int]) {
        let other = try TemporaryFolder(inMemory: true)
        let store = try Store.open(at: other.path, .write)
        var ends: [Int] = []
        let size = { try packsBeingWritten(other).first?.count ?? 0 }
        for blob in blobs {
            try store.put(blob)
            ends.append(try size())
        }
        try store.bind(task(1))
        ends.append(try size())
        let bytes = try packsBeingWritten(other).first ?? []
        try store.close()
        return (bytes, ends)
    }

    /// How many of the entries the store has; they must be the first ones.
    private func entries(_ store: Store) throws -> Int {
        let present = blobs.map { store.contains(Digest(of: $0)) } + [try store.bindings(.task) == [task(1)]]
        let count = present.prefix { $0 }.count
        #expect(present.dropFirst(count).allSatisfy { !$0 })
        for blob in blobs.prefix(count) { #expect(try store.blob(Digest(of: blob)) == blob) }
        return count
    }

    private func leave(_ bytes: [UInt8], _ owner: Owner?, number: Int = 0, _ what: String = "pack") throws -> String {
        let path = folder("tmp/" + (try #require(owner)).fileName(number, what))
        try write(bytes, path)
        return path
    }

    @Test("A writer killed at any byte leaves its whole entries to the next one, and nothing else")
    func everyLength() throws {
        let (bytes, ends) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        for length in 0...bytes.count {
            let path = try leave(Array(bytes[..<length]), gone)
            let store = try Store.open(at: folder.path, .write)
            let expected = ends.filter { $0 <= length }.count
            #expect(try entries(store) == expected, "of \(length) bytes")
            let torn = store.warnings.contains { if case .torn = $0.kind { true } else { false } }
            #expect(torn == (length > PackHeader.size && !ends.contains(length)), "of \(length) bytes")
            try store.close()
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(try snapshot(folder, "tmp").isEmpty)
            #expect(try snapshot(folder, "packs").count == (expected > 0 ? 1 : 0))
            // What was taken up is a pack like any other.
            if expected > 0 {
                let reader = try Store.open(at: folder.path, .read)
                #expect(reader.warnings.isEmpty)
                try FileManager.default.removeItem(atPath: try onlyPack(folder))
            }
        }
    }

    @Test("Damage in the midst of a dead writer's pack costs that entry only, and is warned of")
    func damageInTheMidst() throws {
        let (bytes, ends) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        for place in [ends[0] + 3, ends[0] + EntryHeader.size + 3] {
            var damaged = bytes
            damaged[place] ^= 1
            _ = try leave(damaged, gone)
            let store = try Store.open(at: folder.path, .write)
            #expect(store.contains(Digest(of: blobs[0])) && store.contains(Digest(of: blobs[2])))
            #expect(!store.contains(Digest(of: blobs[1])))
            #expect(try store.bindings(.task) == [task(1)])
            #expect(store.warnings.map(\.kind) == [.gap(ends[0]..<ends[1])])
            try store.close()
            try FileManager.default.removeItem(atPath: try onlyPack(folder))
        }
    }

    @Test("A pack of which neither header nor first entry can be read is left where it is, and warned of")
    func illegible() throws {
        try Store.open(at: folder.path, .write).close()
        _ = try leave(noise(500, seed: 1), gone)
        for _ in 0..<2 {
            let store = try Store.open(at: folder.path, .write)
            #expect(store.warnings.map(\.kind) == [.gap(0..<500)])
            #expect(try packsBeingWritten(folder) == [noise(500, seed: 1)])
            try store.close()
        }
    }

    @Test("Of a dead writer's packs the first is taken up first, as later ones may rely on it; its lease goes last")
    func order() throws {
        let (bytes, _) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        let names = try [
            leave(bytes, gone, number: 9), leave(bytes, gone, number: 10), leave(bytes, gone, number: 100),
            leave(Array("condemned 0\n".utf8), gone, number: 1, "lease"),
        ]
        let log = DiskLog()
        var settings = Store.Settings()
        settings.disk = log.disk
        try Store.open(at: folder.path, .write, settings).close()
        let taken = log.steps.compactMap { step in if case .rename(let old, _) = step { old } else { nil } }
        #expect(taken.filter(names.contains) == names)
    }

    @Test("A dead writer's lease stays as long as one of its packs does, and counts")
    func lease() throws {
        let (bytes, _) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        let pack = try leave(bytes, gone)
        let lease = try leave(Array("condemned 7\n".utf8), gone, number: 1, "lease")
        var holder = try File(ifExists: pack, .update, on: Disk())
        #expect(holder?.tryLock() == true)
        try Store.open(at: folder.path, .write).close()
        #expect(FileManager.default.fileExists(atPath: lease))
        let holders = try Lease.holders(StoreLayout(root: folder.path, disk: Disk()))
        #expect(holders.map(\.generation) == [7] && holders.allSatisfy(\.isGone))
        withExtendedLifetime(holder) {}
        holder = nil
        try Store.open(at: folder.path, .write).close()
        #expect(try snapshot(folder, "tmp").isEmpty)
    }

    @Test("A store that was let go without being closed leaves everything to the next one, even in the same process")
    func letGo() throws {
        do {
            let store = try Store.open(at: folder.path, .write)
            for blob in blobs { try store.put(blob) }
            try store.bind(task(1))
            let meanwhile = try Store.open(at: folder.path, .write)
            try meanwhile.close()
            #expect(try entries(try Store.open(at: folder.path, .read)) == 0, "it is not taken up while it is written")
        }
        #expect(try entries(try Store.open(at: folder.path, .read)) == 0)
        #expect(try entries(try Store.open(at: folder.path, .write)) == blobs.count + 1)
        #expect(try entries(try Store.open(at: folder.path, .read)) == blobs.count + 1)
    }

    @Test("Nothing is taken from a writer that may be alive: it runs, is on another host, or holds the lock")
    func alive() throws {
        let (bytes, _) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        let parent = try String(contentsOfFile: "/proc/\(getppid())/stat", encoding: .utf8)
        let start = parent.split(separator: ")").last?.split(separator: " ")[19] ?? ""
        let running = try leave(bytes, Owner(fileName: "\(Owner.current.host).\(getppid()).\(start).0.pack"))
        let elsewhere = try leave(bytes, Owner(fileName: "%2e-elsewhere.4194305.1.0.pack"))
        let locked = try leave(bytes, gone, number: 1)
        let unknown = folder("tmp/notes.txt")
        try write([1], unknown)
        let holder = try #require(try File(ifExists: locked, .update, on: Disk()))
        #expect(holder.tryLock())
        try Store.open(at: folder.path, .write).close()
        for path in [running, elsewhere, locked, unknown] { #expect(FileManager.default.fileExists(atPath: path)) }
        #expect(try snapshot(folder, "packs").isEmpty)
        withExtendedLifetime(holder) {}
    }

    @Test("A process number that another process has now does not protect what the earlier one left")
    func recycledNumber() throws {
        let (bytes, ends) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        _ = try leave(bytes, Owner(fileName: "\(Owner.current.host).\(getppid()).1.0.pack"))
        #expect(try entries(try Store.open(at: folder.path, .write)) == ends.count)
    }

    @Test("Unfinished files of dead writers other than packs are removed; reading touches nothing")
    func unfinishedFiles() throws {
        let (bytes, _) = try unsealed()
        try Store.open(at: folder.path, .write).close()
        _ = try leave(noise(100, seed: 1), gone, "blob")
        _ = try leave(bytes, gone)
        let before = try snapshot(folder)
        #expect(try entries(try Store.open(at: folder.path, .read)) == 0)
        #expect(try snapshot(folder) == before)
        try Store.open(at: folder.path, .write).close()
        #expect(try snapshot(folder, "tmp").isEmpty)
    }

    @Test("An owner's file names are read back; other names have no owner")
    func names() {
        let name = Owner.current.fileName(17, "pack")
        #expect(Owner(fileName: name) == Owner.current)
        for name in ["", "a", "a.b.c.d.e", "host.1.2.3", "host.-1.2.3.pack", "host.1.2.3.4.pack", ".1.2.3.pack", "host.1.2.3."] {
            #expect(Owner(fileName: name) == nil)
        }
        #expect(!Owner.current.isGone)
    }
}
