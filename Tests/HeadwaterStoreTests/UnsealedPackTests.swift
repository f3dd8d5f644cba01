import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterStore

/// Writers that see what others have not sealed yet, and what they owe for it.
@Suite struct UnsealedPackTests {
    let folder: TemporaryFolder
    private let bytes = noise(900, seed: 1)
    private var digest: Digest { Digest(of: bytes) }
    private var result: Binding { Binding(kind: .task, key: "shared", value: digest) }
    private var reliance: Binding { Binding(kind: .run, key: "relies", value: digest) }
    private var store: String { folder("store") }

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private func writer(_ log: DiskLog? = nil) throws -> Store {
        var settings = Store.Settings()
        settings.lookInterval = 0
        if let log { settings.disk = log.disk }
        return try Store.open(at: store, .write, settings)
    }

    private func isReadable(_ path: String) throws -> Bool {
        let after = try Store.open(at: path, .write)
        defer { try? after.close() }
        let bound = try after.bindings(.run, "relies") == [reliance]
        if bound { #expect(try after.blob(digest) == bytes && after.bindings(.task, "shared") == [result]) }
        return bound
    }

    /// What a task does that finds its result.
    private func rely(_ store: Store) throws {
        try #require(try store.bindings(.task, "shared") == [result])
        try #require(store.contains(digest))
        try store.bind(reliance)
    }

    @Test("A writer sees what another has put and bound, also what comes later; a reader waits until it is sealed")
    func seeing() throws {
        let other = try writer()
        let ours = try writer()
        #expect(try !ours.contains(digest) && ours.bindings(.task, "shared").isEmpty)
        try other.put(bytes)
        #expect(ours.contains(digest))
        #expect(try ours.blob(digest) == bytes)
        try other.bind(result)
        #expect(try ours.bindings(.task, "shared") == [result])
        let reader = try Store.open(at: store, .read)
        #expect(try !reader.contains(digest) && reader.bindings(.task, "shared").isEmpty)
        try other.close()
        #expect(ours.contains(digest) && reader.contains(digest))
        #expect(try ours.bindings(.task, "shared") == [result])
        try ours.close()
    }

    @Test("An entry that is there in part is not there yet")
    func torn() throws {
        let other = try writer()
        try other.put(bytes)
        try other.bind(result)
        let pack = try #require(try snapshot(folder, "store/tmp").first { $0.key.hasSuffix(".pack") })
        let whole = Array(pack.value)
        let path = store + "/tmp/" + pack.key
        for count in [10, PackHeader.size, 60, 500, PackHeader.size + EntryHeader.size + 899] {
            try write(Array(whole.prefix(count)), path)
            let ours = try writer()
            #expect(!ours.contains(digest))
            try write(whole, path)
            #expect(ours.contains(digest), "once the rest of more than \(count) bytes has come")
            #expect(try ours.bindings(.task, "shared") == [result])
        }
        var damaged = whole
        damaged[200] ^= 1
        try write(damaged, path)
        #expect(try !writer().contains(digest))
    }

    @Test("A commit makes durable what it relies on, though the other writer has committed nothing", arguments: [false, true])
    func durability(_ isClosed: Bool) throws {
        let origin = try TemporaryFolder(inMemory: true)
        let path = origin("store")
        try Store.open(at: path, .write).close()
        var state = try CrashState(origin.path)
        let log = DiskLog()
        do {
            var settings = Store.Settings()
            settings.lookInterval = 0
            settings.disk = log.disk
            let other = try Store.open(at: path, .write, settings)
            try other.put(bytes)
            try other.bind(result)
            let ours = try Store.open(at: path, .write, settings)
            try rely(ours)
            isClosed ? try ours.close() : try ours.commit()
            withExtendedLifetime(other) {}
        }
        for step in log.steps { state.take(step) }
        for cut in CrashState.Cut.allCases {
            let after = try TemporaryFolder(inMemory: true)
            var generator = SplitMix(seed: 1)
            try state.leave(cut, in: after.path, &generator)
            #expect(try isReadable(after("store")), "\(cut)")
        }
    }

    @Test("What was relied on may be sealed, or taken up from a dead writer, or be put into another pack before the commit")
    func moving() throws {
        for event in ["sealed", "died", "died and taken up", "put together"] {
            let folder = try TemporaryFolder(inMemory: true)
            var settings = Store.Settings()
            settings.lookInterval = 0
            var other: Store? = try Store.open(at: folder.path, .write, settings)
            try other?.put(bytes)
            try other?.bind(result)
            let ours = try Store.open(at: folder.path, .write, settings)
            try rely(ours)
            switch event {
            case "sealed": try other?.close()
            case "died": other = nil
            case "died and taken up":
                other = nil
                try Store.open(at: folder.path, .write, settings).close()
            default:
                try other?.close()
                let more = try Store.open(at: folder.path, .write, settings)
                try more.put(noise(50, seed: 3))
                try more.close()
                #expect(try Store.compact(at: folder.path, from: 2) > 0)
            }
            try ours.commit()
            #expect(try ours.blob(digest) == bytes, "\(event)")
            try ours.close()
            #expect(try isReadable(folder.path), "\(event)")
        }
    }

    @Test("Readers find what a sealed run relies on while the other still writes, when it has died, and without what it left")
    func readers() throws {
        var other: Store? = try writer()
        try other?.put(bytes)
        try other?.bind(result)
        let ours = try writer()
        try rely(ours)
        try ours.close()
        func expectReadable(_ when: String) throws {
            let reader = try Store.open(at: store, .read)
            #expect(try reader.bindings(.run, "relies") == [reliance], "\(when)")
            #expect(try reader.bindings(.task, "shared") == [result], "\(when)")
            #expect(try reader.blob(digest) == bytes, "\(when)")
        }
        try expectReadable("while the other writes")
        withExtendedLifetime(other) {}
        other = nil
        try expectReadable("when the other has died")
        for name in try snapshot(folder, "store/tmp").keys { _ = unlink(store + "/tmp/" + name) }
        try expectReadable("when what it left is gone")
    }

    @Test("What leads readers somewhere comes behind all that it relies on, wherever its writer is stopped")
    func order() throws {
        let other = try writer()
        try other.put(bytes)
        try other.bind(result)
        let ours = try writer()
        try rely(ours)
        let pack = try #require(
            try snapshot(folder, "store/tmp").values.first { Array($0).firstRange(of: Array("relies".utf8)) != nil })
        for count in 0...pack.count {
            let folder = try TemporaryFolder(inMemory: true)
            try Store.open(at: folder.path, .write).close()
            try write(Array(pack.prefix(count)), folder("tmp/\(Owner.current.host).4194305.1.0.pack"))
            let bound = try isReadable(folder.path)
            #expect(bound == (count == pack.count), "\(count) bytes")
        }
        withExtendedLifetime(other) {}
    }

    @Test("Of another writer's runs and names nothing is taken over: they lead to what that one has yet to write")
    func strangers() throws {
        let other = try writer()
        let manifest = try other.put(bytes)
        try other.bind(Binding(kind: .run, key: "other", value: manifest))
        try other.bind(Binding(kind: .name, key: "shared", value: manifest))
        let ours = try writer()
        let heads = try ours.heads(of: "shared")
        #expect(heads.map(\.value) == [manifest])
        #expect(try ours.bindings(.run, "other").count == 1)
        let own = try ours.put([1])
        try ours.bind(Binding(kind: .name, key: "shared", value: own, supersedes: heads.map(\.digest)))
        try ours.close()
        let reader = try Store.open(at: store, .read)
        #expect(try reader.bindings(.name, "shared").map(\.value) == [own])
        #expect(try reader.bindings(.run).isEmpty)
        try other.close()
        #expect(try reader.heads(of: "shared").map(\.value) == [own])
    }

    @Test("A binding that could not be made for want of space can be made later, and misses nothing then")
    func secondTry() throws {
        var number = 0
        var failures = 0
        while true {
            let folder = try TemporaryFolder(inMemory: true)
            var settings = Store.Settings()
            settings.lookInterval = 0
            let other = try Store.open(at: folder.path, .write, settings)
            try other.put(bytes)
            try other.bind(result)
            let log = DiskLog(.shortWrite, at: number)
            settings.disk = log.disk
            guard let ours = try? Store.open(at: folder.path, .write, settings) else {
                number += 1
                continue
            }
            try #require(try ours.bindings(.task, "shared") == [result])
            try #require(ours.contains(digest))
            if (try? ours.bind(reliance)) == nil {
                failures += 1
                try ours.bind(reliance)
            }
            let steps = log.count
            try? ours.close()
            if steps > number {
                let after = try Store.open(at: folder.path, .read)
                #expect(try after.bindings(.run, "relies") == [reliance], "\(number)")
                #expect(try after.blob(digest) == bytes && after.bindings(.task, "shared") == [result], "\(number)")
            }
            withExtendedLifetime(other) {}
            if steps <= number { break }
            number += 1
        }
        #expect(failures >= 3)
    }

    @Test("Whatever step fails of one who relies on a writer that dies, what was committed is there")
    func faults() throws {
        var count = 1
        var number = 0
        while number < count {
            for fault in DiskLog.Fault.allCases {
                let folder = try TemporaryFolder(inMemory: true)
                var isPromised = false
                let log = DiskLog(fault, at: number)
                do {
                    var settings = Store.Settings()
                    settings.lookInterval = 0
                    var other: Store? = try Store.open(at: folder.path, .write, settings)
                    try other?.put(bytes)
                    try other?.bind(result)
                    settings.disk = log.disk
                    do {
                        let ours = try Store.open(at: folder.path, .write, settings)
                        // Who cannot look at the other's pack does not find the result, and makes it.
                        if try ours.bindings(.task, "shared").isEmpty || !ours.contains(digest) {
                            try ours.put(bytes)
                            try ours.bind(result)
                        }
                        try ours.bind(reliance)
                        other = nil
                        try ours.commit()
                        isPromised = true
                        try ours.close()
                    } catch {}  // What failed was not promised.
                    withExtendedLifetime(other) {}
                }
                #expect(try isReadable(folder.path) || !isPromised, "\(fault) at step \(number)")
                count = max(count, log.count)
            }
            number += 1
        }
        #expect(count > 20)
    }

    @Test("What a collection writes anew is not looked at before it is sealed")
    func rewriting() throws {
        let filler = try writer()
        try filler.put(bytes)
        try filler.close()
        let seen = Mutex(false)
        var settings = Store.Settings()
        let path = store
        let wanted = digest
        settings.disk = Disk(watch: { step in
            if case .create(let name) = step, name.hasSuffix(".copy") { seen.withLock { $0 = true } }
            if case .create(let name) = step, name.hasSuffix(".pack") { Issue.record("\(name)") }
            return nil
        })
        let second = try writer()
        try second.put(noise(60, seed: 5))
        try second.close()
        #expect(try Store.compact(at: path, from: 2, settings) > 0)
        #expect(seen.withLock { $0 })
        #expect(try Store.open(at: path, .read).contains(wanted))
    }
}
