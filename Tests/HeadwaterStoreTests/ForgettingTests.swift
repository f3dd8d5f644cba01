import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// What a collection has condemned does not count again, whatever becomes of the pack in which it waits to be removed.
@Suite struct ForgettingTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private let needed = noise(600, seed: 1)
    private let filler = noise(5000, seed: 2)
    private let value = noise(700, seed: 3)
    private func binding(_ kind: Binding.Kind) -> Binding { Binding(kind: kind, key: "old", value: Digest(of: value)) }
    private let kinds: [Binding.Kind] = [.run, .name, .task]

    /// Small packs are put together only where a test wants it.
    private static let settings: Store.Settings = {
        var settings = Store.Settings()
        settings.smallPack = 0
        settings.lookInterval = 0
        return settings
    }()

    private func writer(_ settings: Store.Settings = settings) throws -> Store {
        try Store.open(at: folder.path, .write, settings)
    }

    private func fill() throws {
        let store = try writer()
        for bytes in [needed, filler, value] { try store.put(bytes) }
        for kind in kinds { try store.bind(binding(kind)) }
        try store.bind(task(1))
        try store.close()
    }

    /// Collects what is not among these; bindings of the key "old" go only if it is said.
    @discardableResult
    private func collect(
        _ blobs: [[UInt8]], bindings isNeeded: Bool, _ settings: Store.Settings = settings
    ) throws -> CollectionReport {
        let blobs = Set(blobs.map { Digest(of: $0) })
        return try Collector(folder.path, isDry: false, settings).run { _ in
            LiveSet(keepsBlob: { blobs.contains($0) }, keepsBinding: { isNeeded || $0.key != "old" })
        }
    }

    private func expectForgotten(_ when: String) throws {
        for access in [Store.Access.read, .write] {
            let store = try Store.open(at: folder.path, access)
            for kind in kinds {
                let listed = try store.bindings(kind).filter { $0.key == "old" }
                #expect(listed.isEmpty, "\(when), \(access): \(listed)")
                if kind == .task && access == .read { continue }  // A kept run may rely on it, which a reader has to see.
                #expect(try store.bindings(kind, "old").isEmpty, "\(when), \(access): \(kind)")
            }
            #expect(try store.bindings(.task) == [task(1)], "\(when), \(access)")
            #expect(try store.blob(Digest(of: needed)) == needed, "\(when), \(access)")
            try store.close()
        }
    }

    @Test("What waits stays forgotten though so much of its pack can go that it is worth writing anew, and goes in the end")
    func rewriting() throws {
        try fill()
        let first = try writer()
        try collect([needed], bindings: true)
        let second = try writer()
        try first.close()
        let report = try collect([needed], bindings: false)
        // The blobs have waited for nobody any more, but the bindings wait for the second writer.
        #expect(report.waiting.blobs == 2 && report.waiting.bindings == 3 && report.spared.blobs == 0)
        #expect(report.removed.bytes == 0 && report.writers.map(\.process) == [getpid()])
        try expectForgotten("while something waits")
        try second.close()
        let last = try collect([needed], bindings: false)
        #expect(last.removed.blobs == 2 && last.removed.bindings == 3 && last.waiting.bytes == 0)
        try expectForgotten("when all is gone")
        #expect(try Store.open(at: folder.path, .read).readBindings(.run, withoutCondemned: false).bindings.isEmpty)
    }

    @Test("Putting small packs together leaves those alone in which something waits or can go", arguments: [false, true])
    func compaction(_ waits: Bool) throws {
        try fill()
        let first = try writer()
        try collect([needed, filler, value], bindings: false)
        if !waits { try first.close() }
        for number in 0..<3 {
            let store = try writer()
            try store.put(noise(50, seed: UInt64(10 + number)))
            try store.close()
        }
        #expect(try Store.compact(at: folder.path, from: 2) == 2)
        try expectForgotten("waits \(waits)")
        try first.close()
    }

    @Test("Who takes over what others have not sealed takes no run and no name along, though it waits for just that one")
    func takeOver() throws {
        try fill()
        let other = try writer()
        let late = try other.put(noise(80, seed: 5))
        for kind in kinds { try other.bind(Binding(kind: kind, key: "old", value: late)) }
        let ours = try writer()
        for kind in kinds { #expect(try ours.bindings(kind, "old").count == 2) }
        #expect(ours.contains(late))
        try other.close()
        #expect(try collect([needed, noise(80, seed: 5)], bindings: false).waiting.bindings == 6)
        try ours.bind(Binding(kind: .name, key: "new", value: late))
        try ours.close()
        let reader = try Store.open(at: folder.path, .read)
        for kind in [Binding.Kind.run, .name] { #expect(try reader.bindings(kind, "old").isEmpty) }
        // A task's result that the new name may rely on is another thing.
        #expect(try reader.bindings(.task, "old").map(\.value).contains(late))
        #expect(try reader.blob(late) == noise(80, seed: 5))
    }

    /// Flips a bit of the stored bytes of this blob, in the one pack that there is.
    private func damage(_ bytes: [UInt8]) throws {
        let path = try onlyPack(folder)
        var pack = try read(path)
        let place = try #require(pack.firstRange(of: bytes)).lowerBound
        pack[place + 7] ^= 1
        try write(pack, path)
    }

    @Test("A damaged pack that is written anew without the damage brings nothing back")
    func mending() throws {
        try fill()
        let writer = try writer()
        try collect([needed], bindings: false)
        let before = try #require(try Condemned.read(StoreLayout(root: folder.path, disk: Disk())))
        try damage(needed)
        let report = try Store.restore([needed], at: folder.path)
        #expect(report.packsMended == 1 && report.remaining.isEmpty)
        try expectForgotten("after mending")
        let after = try #require(try Condemned.read(StoreLayout(root: folder.path, disk: Disk())))
        #expect(after.generation == before.generation + 1 && after.packs.count == before.packs.count + 1)
        // The first writer has read no list: what waits for it is still there.
        #expect(writer.contains(Digest(of: value)))
        try writer.close()
        #expect(try collect([needed], bindings: false).removed.bindings == 3)
    }

    @Test("Who was there before a pack was mended may rely on what is condemned in the new one")
    func relyingOnMended() throws {
        try fill()
        let first = try writer()
        try collect([needed], bindings: false)
        let ours = try writer()
        #expect(!ours.contains(Digest(of: value)))
        try damage(needed)
        #expect(try Store.restore([needed], at: folder.path).packsMended == 1)
        try first.close()
        // Our list does not name the new pack, so that its copy counts for us.
        try ours.put(value)
        try ours.bind(Binding(kind: .run, key: "ours", value: Digest(of: value)))
        try collect([needed], bindings: false)
        try ours.close()
        let runs = try Store.open(at: folder.path, .read).bindings(.run)
        #expect(runs.map(\.key) == ["ours"])
        try collect([needed, value], bindings: false)
        #expect(try Store.open(at: folder.path, .read).blob(Digest(of: value)) == value)
    }

    @Test("What is condemned in a pack stays so when the pack is damaged", arguments: ["header", "blob", "index"])
    func damagedPack(_ part: String) throws {
        try fill()
        let writer = try writer()
        try collect([needed], bindings: false)
        let path = try onlyPack(folder)
        var pack = try read(path)
        switch part {
        case "header": pack[9] ^= 1
        case "blob": try damage(filler)
        default: pack[pack.count - PackTrailer.size - 5] ^= 1
        }
        if part != "blob" { try write(pack, path) }
        for round in 0..<2 {
            // A blob that nobody needs may be damaged: only who reads it finds out.
            #expect(try collect([needed], bindings: false).damaged.isEmpty == (part == "blob"))
            try expectForgotten("\(part), round \(round)")
        }
        try writer.close()
        #expect(try collect([needed], bindings: false).damaged.isEmpty == (part == "blob"))
        try expectForgotten("\(part), at last")
    }

    @Test("A whole copy that is condemned does not stand for a damaged one that is to last", arguments: [false, true])
    func damagedBesideCondemned(_ mends: Bool) throws {
        try fill()
        let first = try writer()
        try collect([needed], bindings: false)
        let condemned = try onlyPack(folder)
        let second = try writer()
        try second.put(value)
        try second.close()
        let path = try #require(try snapshot(folder, "packs").keys.map { folder("packs/" + $0) }.first { $0 != condemned })
        var pack = try read(path)
        let place = try #require(pack.firstRange(of: value)).lowerBound
        pack[place + 7] ^= 1
        try write(pack, path)
        if mends {
            let report = try Store.restore([value, filler], at: folder.path)
            #expect(report.restored == [Digest(of: value)] && report.packsMended == 1)
        } else {
            let third = try writer()
            try third.put(value)
            try third.close()
        }
        #expect(unlink(condemned) == 0)
        #expect(try Store.open(at: folder.path, .read).blob(Digest(of: value)) == value)
        try first.close()
    }

    @Test("A reader that was there before finds no name that has lost what superseded it")
    func earlierReader() throws {
        let older = Binding(kind: .name, key: "old", value: Digest(of: value))
        var store = try writer()
        // So much that is needed that the pack is not worth writing anew.
        for bytes in [needed, noise(20_000, seed: 7)] { try store.put(bytes) }
        try store.bind(older)
        try store.close()
        store = try writer()
        let newer = Binding(kind: .name, key: "old", value: Digest(of: needed), supersedes: [older.digest])
        try store.bind(newer)
        try store.close()
        let reader = try Store.open(at: folder.path, .read)
        #expect(try reader.heads(of: "old") == [newer])
        let report = try collect([needed, noise(20_000, seed: 7)], bindings: false)
        #expect(report.removed.bindings == 1 && report.spared.bindings == 1)
        #expect(try reader.heads(of: "old").isEmpty && reader.bindings(.name).isEmpty)
    }
}
