import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Runs that are bound to one blob each; what a collection keeps are the runs that are not forgotten, and their blobs.
struct Runs {
    static func binding(_ name: String, _ bytes: [UInt8]) -> Binding {
        Binding(kind: .run, key: name, value: Digest(of: bytes))
    }

    /// Stores the blob unless it is there, as a task does that finds its result or makes it.
    static func record(_ name: String, _ bytes: [UInt8], in store: Store) throws {
        if !store.contains(Digest(of: bytes)) { try store.put(bytes) }
        try store.bind(binding(name, bytes))
    }

    static func live(_ store: Store, without forgotten: Set<String>) throws -> LiveSet {
        let runs = try store.bindings(.run).filter { !forgotten.contains($0.key) }
        return LiveSet(blobs: Set(runs.map(\.value)), bindings: Set(runs.map(\.digest)))
    }

    @discardableResult
    static func collect(
        _ path: String, without forgotten: Set<String> = [], isDry: Bool = false, _ settings: Store.Settings = .init()
    ) throws -> CollectionReport {
        try Collector(path, isDry: isDry, settings).run { try live($0, without: forgotten) }
    }
}

/// What a collection removes and what it keeps.
@Suite struct CollectionTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private let old = noise(5000, seed: 1)
    private let new = noise(5000, seed: 2)
    private let oldLarge = prose(1 << 20 + 24, seed: 1)
    private let newLarge = prose(1 << 20 + 24, seed: 2)

    /// A store with four runs, each in a pack of its own; "old" and "old large" are the ones that will be forgotten.
    private func fill() throws {
        for (name, bytes) in [("old", old), ("new", new), ("old large", oldLarge), ("new large", newLarge)] {
            let store = try Store.open(at: folder.path, .write)
            try Runs.record(name, bytes, in: store)
            try store.close()
        }
    }
    private let forgotten: Set = ["old", "old large"]

    private func isReadable(_ bytes: [UInt8]) throws -> Bool {
        try (try? Store.open(at: folder.path, .read).blob(Digest(of: bytes))).map { found in
            try #require(found == bytes)
            return true
        } ?? false
    }

    @Test("What is not needed goes, and nothing else; packs become one; a dry collection says the same and touches nothing")
    func collecting() throws {
        try fill()
        let before = try snapshot(folder)
        let dry = try Runs.collect(folder.path, without: forgotten, isDry: true)
        #expect(try snapshot(folder) == before)
        let report = try Runs.collect(folder.path, without: forgotten)
        #expect(report == dry)
        #expect(report.removed.blobs == 2 && report.removed.bindings == 2 && report.removed.bytes > 5000)
        #expect(report.kept.blobs == 2 && report.kept.bindings == 2)
        #expect(report.waiting.bytes == 0 && report.spared.bytes == 0 && report.writers.isEmpty && report.damaged.isEmpty)
        #expect(report.packsBefore == 4 && report.packsAfter == 1)
        #expect(try snapshot(folder, "packs").count == 1 && snapshot(folder, "blobs").count == 1)
        #expect(try snapshot(folder, "tmp").isEmpty)
        #expect(try !isReadable(old) && !isReadable(oldLarge))
        #expect(try isReadable(new) && isReadable(newLarge))
        let store = try Store.open(at: folder.path, .write)
        #expect(try store.bindings(.run).map(\.key) == ["new", "new large"])
        for bytes in [old, oldLarge] {
            #expect(!store.contains(Digest(of: bytes)))
            try store.put(bytes)
            #expect(store.contains(Digest(of: bytes)))
        }
        try store.close()
        let again = try Runs.collect(folder.path, without: forgotten)
        #expect(again.removed.blobs == 2 && again.removed.bindings == 0)
        let last = try snapshot(folder, "packs")
        #expect(try Runs.collect(folder.path, without: forgotten).removed.bytes == 0)
        #expect(try snapshot(folder, "packs") == last)
    }

    @Test("What a writer may rely on that was there before waits until it has ended, and stays if it is needed then")
    func waiting() throws {
        try fill()
        let writer = try Store.open(at: folder.path, .write)
        for _ in 0..<2 {
            let report = try Runs.collect(folder.path, without: forgotten)
            #expect(report.removed.bytes == 0 && report.waiting.blobs == 2 && report.waiting.bindings == 2)
            #expect(report.writers == [.init(host: Owner.current.host, process: getpid(), isRemote: false)])
        }
        #expect(writer.contains(Digest(of: old)))
        try writer.bind(Runs.binding("revived", old))
        try writer.close()
        let report = try Runs.collect(folder.path, without: forgotten)
        #expect(report.removed.blobs == 1 && report.waiting.bytes == 0)
        #expect(try isReadable(old) && !isReadable(oldLarge))
    }

    @Test("A writer that comes later holds nothing up: it stores anew what is condemned, though it can be read")
    func laterWriter() throws {
        try fill()
        let early = try Store.open(at: folder.path, .write)
        try Runs.collect(folder.path, without: forgotten)
        let late = try Store.open(at: folder.path, .write)
        for bytes in [old, oldLarge] {
            #expect(!late.contains(Digest(of: bytes)) && early.contains(Digest(of: bytes)))
            #expect(try late.blob(Digest(of: bytes)) == bytes)
        }
        #expect(try late.bindings(.run).map(\.key) == ["new", "new large"])
        #expect(try early.bindings(.run).count == 4)
        try early.close()
        for bytes in [old, oldLarge] { try Runs.record("again", bytes, in: late) }
        #expect(late.contains(Digest(of: old)) && late.contains(Digest(of: oldLarge)))
        let report = try Runs.collect(folder.path, without: forgotten)
        #expect(report.waiting.bindings == 0 && report.writers.isEmpty == (report.waiting.blobs == 0))
        #expect(report.removed.blobs == 1 && report.removed.bindings == 2)
        try late.close()
        try Runs.collect(folder.path, without: forgotten)
        #expect(try isReadable(old) && isReadable(oldLarge))
        #expect(try Store.open(at: folder.path, .read).bindings(.run, "again").count == 2)
    }

    @Test("Bindings that are asked for all at once count as they do one by one, and so do their values")
    func bulk() throws {
        try fill()
        let all = try Store.open(at: folder.path, .read).bindings(.run)
        let early = try Store.open(at: folder.path, .write)
        #expect(all.count == 4 && early.holdsOnly(all))
        try Runs.collect(folder.path, without: forgotten)
        let late = try Store.open(at: folder.path, .write)
        for binding in all {
            let isThere = try late.bindings(.run, binding.key) == [binding] && late.contains(binding.value)
            #expect(isThere == binding.key.hasPrefix("new"))
            #expect(late.holdsOnly([binding]) == isThere, "\(binding.key)")
        }
        let kept = all.filter { $0.key.hasPrefix("new") }
        #expect(late.holdsOnly(kept) && !late.holdsOnly(all))
        #expect(!late.holdsOnly([Binding(kind: .run, key: kept[0].key, value: kept[1].value)]), "bound to something else")
        try Runs.record(kept[0].key, Array("another".utf8), in: late)
        #expect(!late.holdsOnly([kept[0]]) && late.holdsOnly([kept[1]]), "bound to two")
        try late.close()
        try early.close()
        #expect(try !Store.open(at: folder.path, .read).holdsOnly([kept[0]]))
    }

    @Test("A writer of another host may be alive for ever, and is named")
    func otherHost() throws {
        try fill()
        try write(Array("condemned 0\n".utf8), folder("tmp/%2e-elsewhere.4194305.1.0.lease"))
        let report = try Runs.collect(folder.path, without: forgotten)
        #expect(report.removed.bytes == 0 && report.waiting.blobs == 2)
        #expect(report.writers.map(\.description) == ["process 4194305 on %2e-elsewhere"])
    }

    @Test("A killed writer holds nothing up, and what it wrote is judged like everything else")
    func killedWriter() throws {
        try fill()
        do {
            let store = try Store.open(at: folder.path, .write)
            try store.put(noise(100, seed: 9))
            try Runs.record("committed", old, in: store)
            try store.commit()
        }
        let report = try Runs.collect(folder.path, without: forgotten)
        #expect(report.removed.blobs == 2 && report.waiting.bytes == 0)
        #expect(try isReadable(old) && !isReadable(oldLarge) && !isReadable(noise(100, seed: 9)))
        #expect(try snapshot(folder, "tmp").isEmpty)
    }

    @Test("A pack with little that can go stays as it is, until there is more")
    func littleGarbage() throws {
        let store = try Store.open(at: folder.path, .write)
        for number in 0..<40 { try Runs.record("run \(number)", noise(1000, seed: UInt64(number)), in: store) }
        try store.close()
        let before = try snapshot(folder, "packs")
        var forgotten: Set = ["run 7"]
        let report = try Runs.collect(folder.path, without: forgotten)
        #expect(report.spared.blobs == 1 && report.spared.bindings == 1 && report.kept.blobs == 39)
        #expect(try snapshot(folder, "packs") == before)
        forgotten.formUnion((0..<10).map { "run \($0)" })
        #expect(try Runs.collect(folder.path, without: forgotten).removed.blobs == 10)
        #expect(try Runs.collect(folder.path, without: forgotten).kept.blobs == 30)
    }

    @Test("A pack that is damaged stays as it is, is reported, and costs nothing that is whole")
    func damagedPack() throws {
        try fill()
        for (name, data) in try snapshot(folder, "packs") {
            for place in [data.count - 50, data.count - 20, PackHeader.size + 60, data.count / 2] {
                let folder = try TemporaryFolder(inMemory: true)
                for (name, data) in try snapshot(self.folder) {
                    try FileManager.default.createDirectory(
                        atPath: Disk.parent(folder(name)), withIntermediateDirectories: true)
                    try write(Array(data), folder(name))
                }
                var bytes = Array(data)
                bytes[place] ^= 16
                try write(bytes, folder("packs/" + name))
                let store = try Store.open(at: folder.path, .read)
                let readable = [old, new, oldLarge, newLarge].filter { (try? store.blob(Digest(of: $0))) != nil }
                let runs = (try? store.bindings(.run)) ?? [Runs.binding("new", new), Runs.binding("new large", newLarge)]
                let live = LiveSet(
                    blobs: [Digest(of: new), Digest(of: newLarge)],
                    bindings: Set(runs.filter { !forgotten.contains($0.key) }.map(\.digest)))
                let report = try Collector(folder.path, isDry: false, .init()).run { _ in live }
                let after = try Store.open(at: folder.path, .read)
                for bytes in [new, newLarge] where readable.contains(bytes) {
                    #expect(try after.blob(Digest(of: bytes)) == bytes)
                }
                if report.damaged.isEmpty {
                    // Then the damaged entry was one that nobody needs.
                    #expect(after.warnings.isEmpty)
                    for bytes in [new, newLarge] { #expect(try after.blob(Digest(of: bytes)) == bytes) }
                } else {
                    #expect(report.damaged.map(\.path) == [folder("packs/" + name)])
                    #expect(try read(folder("packs/" + name)) == bytes)
                }
            }
        }
    }

    @Test("A second collector is told that another one is at work")
    func busy() throws {
        try fill()
        let turn = try Collector.turn(StoreLayout(root: folder.path, disk: Disk()))
        #expect(kind { _ = try Store.collect(at: folder.path) { _ in LiveSet(blobs: [], bindings: []) } } == .busy)
        withExtendedLifetime(turn) {}
    }

    @Test("A damaged condemned list costs nothing: writers go on, collections wait for them and write a new one")
    func damagedList() throws {
        try fill()
        let reader = try Store.open(at: folder.path, .write)
        try Runs.collect(folder.path, without: forgotten)
        let list = try read(folder("condemned"))
        for bit in stride(from: 0, to: list.count * 8, by: 7) {
            var flipped = list
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Condemned(flipped) == nil)
        }
        #expect(Condemned(Array(list.dropLast())) == nil && Condemned(list + [0]) == nil)
        try write(Array(list.dropLast()), folder("condemned"))
        let writer = try Store.open(at: folder.path, .write)
        #expect(writer.warnings.map(\.kind) == [.condemned])
        #expect(writer.contains(Digest(of: old)))
        try writer.bind(Runs.binding("revived", old))
        try reader.close()
        #expect(try Runs.collect(folder.path, without: forgotten).removed.bytes == 0)
        try writer.close()
        try Runs.collect(folder.path, without: forgotten)
        #expect(try isReadable(old) && !isReadable(oldLarge))
        #expect(try Store.open(at: folder.path, .write).warnings.isEmpty)
    }

    @Test("Readers that were there before go on reading everything that is needed")
    func readers() throws {
        try fill()
        let reader = try Store.open(at: folder.path, .read)
        #expect(reader.contains(Digest(of: new)))
        let open = try reader.shelf.packs.map { try $0.open() }
        try Runs.collect(folder.path, without: forgotten)
        #expect(try reader.blob(Digest(of: new)) == new && reader.blob(Digest(of: newLarge)) == newLarge)
        #expect(try reader.bindings(.run).map(\.key) == ["new", "new large"])
        #expect(try open.allSatisfy { try $0.read(at: 0, count: 8) == PackHeader.magic })
        #expect(kind { _ = try reader.blob(Digest(of: old)) } == .missingBlob(Digest(of: old)))
    }

    @Test("A blob file that somebody is replacing, or has replaced, is not removed")
    func replacedFile() throws {
        try fill()
        let layout = StoreLayout(root: folder.path, disk: Disk())
        var found = try #require(try layout.blobFiles.all().first { $0.digest == Digest(of: oldLarge) })
        let holder = try #require(try File(ifExists: found.path, .read, on: Disk()))
        holder.shareLock()
        #expect(try !found.remove(on: Disk()))
        try BlobFile.write(Entry.blob(oldLarge, found.digest), in: layout)
        withExtendedLifetime(holder) {}
        #expect(try !found.remove(on: Disk()))
        #expect(try isReadable(oldLarge))
        found.stamp = try #require(layout.disk.stamp(found.path))
        #expect(try found.remove(on: Disk()))
        #expect(try !isReadable(oldLarge))
    }
}
