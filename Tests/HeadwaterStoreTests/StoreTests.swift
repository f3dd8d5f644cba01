import Dispatch
import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterStore

@Suite struct StoreTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    static let sizes = [0, 1, 2, 63, 64, 4095, 4096, 1 << 20 - 1, 1 << 20, 1 << 20 + 1, 3_500_000]

    @Test("What is stored is loaded again with the same bytes: at once, after sealing, and by another process", arguments: sizes)
    func roundTrip(_ size: Int) throws {
        for bytes in [prose(size), noise(size, seed: 7)] {
            let folder = try TemporaryFolder()
            let store = try Store.open(at: folder.path, .write)
            let digest = try store.put(bytes)
            #expect(digest == Digest(of: bytes))
            #expect(store.contains(digest))
            #expect(try store.blob(digest) == bytes)
            try store.commit()
            try store.close()
            #expect(try store.blob(digest) == bytes)
            let reader = try Store.open(at: folder.path, .read)
            #expect(reader.contains(digest))
            #expect(try reader.blob(digest) == bytes)
            #expect(reader.warnings.isEmpty)
        }
    }

    @Test("Blobs over 1 MiB are files of their own, smaller ones are in packs; compression is used where it helps")
    func whereBlobsAre() throws {
        let store = try Store.open(at: folder.path, .write)
        let large = try store.put(prose(1 << 20 + 1))
        try store.put(prose(1 << 20))
        try store.close()
        let files = try snapshot(folder)
        #expect(files.keys.filter { $0.hasPrefix("blobs/") } == ["blobs/\(large.hex.prefix(2))/\(large.hex)"])
        #expect(files.keys.filter { $0.hasPrefix("packs/") }.count == 1)
        #expect(files.values.allSatisfy { $0.count < 10_000 })
    }

    @Test("Equal content is stored once, whoever stores it and when")
    func once() throws {
        for round in 0..<3 {
            let store = try Store.open(at: folder.path, .write)
            for _ in 0..<3 {
                try store.put(noise(5000, seed: 1))
                try store.put(noise(1_200_000, seed: 2))
                try store.bind(task(1))
            }
            try store.close()
            let packs = try snapshot(folder, "packs")
            #expect(packs.count == 1, "round \(round)")
            #expect(packs.values.reduce(0) { $0 + $1.count } < 5000 + 1000)
            #expect(try snapshot(folder, "blobs").count == 1)
        }
    }

    @Test("A digest nobody stored is told to be missing")
    func missing() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = Digest(of: [1, 2, 3])
        #expect(!store.contains(digest))
        #expect(kind { _ = try store.blob(digest) } == .missingBlob(digest))
    }

    @Test("A store that is closed without anything in it leaves no pack behind")
    func empty() throws {
        try Store.open(at: folder.path, .write).close()
        #expect(try snapshot(folder).keys.sorted() == ["format"])
        #expect(try snapshot(folder)["format"] == Data("headwater store 1\n".utf8))
    }

    @Test("Sealed packs and blob files never change, whatever happens afterwards")
    func sealedPacksStay() throws {
        var before: [String: Data] = [:]
        for round in 0..<4 {
            let store = try Store.open(at: folder.path, .write)
            try store.put(noise(300, seed: UInt64(round)))
            try store.put(noise(1_100_000, seed: UInt64(round)))
            try store.put(noise(300, seed: 0))
            try store.bind(task(round % 2, "\(round)"))
            try store.close()
            let after = try snapshot(folder)
            for (name, data) in before { #expect(after[name] == data) }
            before = after
        }
        #expect(before.keys.filter { $0.hasPrefix("packs/") }.count == 4)
    }

    @Test("A pack that has grown full is sealed, and its content is readable before, meanwhile and after")
    func rotation() throws {
        var settings = Store.Settings()
        settings.fullPack = 10_000
        let store = try Store.open(at: folder.path, .write, settings)
        let reader = try Store.open(at: folder.path, .read)
        var digests: [Digest] = []
        for number in 0..<40 {
            digests.append(try store.put(noise(1500, seed: UInt64(number))))
            for (earlier, digest) in digests.enumerated() {
                #expect(try store.blob(digest) == noise(1500, seed: UInt64(earlier)))
            }
        }
        #expect(try snapshot(folder, "packs").count == 5)
        #expect(try reader.blob(digests[0]) == noise(1500, seed: 0))
        #expect(kind { _ = try reader.blob(digests[39]) } == .missingBlob(digests[39]))
        try store.close()
        #expect(try reader.blob(digests[39]) == noise(1500, seed: 39))
    }

    @Test("A reader that misses a digest finds it in a pack that was sealed after the store was opened")
    func lookingAgain() throws {
        let writer = try Store.open(at: folder.path, .write)
        let reader = try Store.open(at: folder.path, .read)
        let digest = try writer.put([1, 2, 3])
        try writer.bind(task(1))
        #expect(!reader.contains(digest))
        #expect(try reader.bindings(.task).isEmpty)
        try writer.close()
        #expect(reader.contains(digest))
        #expect(try reader.bindings(.task) == [task(1)])
    }

    @Test("A pack that others rewrite into another one under a reader's eyes takes nothing away from it")
    func rewrittenPack() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = try store.put([1, 2, 3])
        try store.bind(task(1))
        try store.close()
        let reader = try Store.open(at: folder.path, .read)
        let other = try TemporaryFolder()
        let rewriter = try Store.open(at: other.path, .write)
        try rewriter.put([4])
        try rewriter.put([1, 2, 3])
        try rewriter.bind(task(1))
        try rewriter.close()
        let new = try onlyPack(other)
        let old = try onlyPack(folder)
        try FileManager.default.copyItem(atPath: new, toPath: folder("packs/" + (new as NSString).lastPathComponent))
        try FileManager.default.removeItem(atPath: old)
        #expect(try reader.blob(digest) == [1, 2, 3])
        #expect(try reader.bindings(.task, "task-1") == [task(1)])
    }

    @Test("A pack added within the same tick of the file system's clock as the last look is found")
    func sameTick() throws {
        let writer = try Store.open(at: folder.path, .write)
        let digest = try writer.put([1])
        let reader = try Store.open(at: folder.path, .read)
        #expect(!reader.contains(digest))
        var status = stat()
        try #require(stat(folder("packs"), &status) == 0)
        try writer.close()
        try #require(utimensat(AT_FDCWD, folder("packs"), [status.st_atim, status.st_mtim], 0) == 0)
        #expect(reader.contains(digest))
    }

    @Test("While packs are rewritten and removed again and again, a reader misses nothing")
    func rewritingMeanwhile() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = try store.put([1, 2, 3])
        try store.bind(task(1))
        try store.close()
        let other = try TemporaryFolder()
        let rewriter = try Store.open(at: other.path, .write)
        try rewriter.put([1, 2, 3])
        try rewriter.bind(task(1))
        try rewriter.close()
        let copies = [try onlyPack(folder), try onlyPack(other)].enumerated().map { ($1, folder("packs/\($0).pack")) }
        let kept = try copies.map { try read($0.0) }
        try write(kept[0], copies[0].1)
        try FileManager.default.removeItem(atPath: copies[0].0)
        let reader = try Store.open(at: folder.path, .read)
        let isDone = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            #expect(throws: Never.self) {
                defer { isDone.store(true, ordering: .relaxed) }
                if worker == 0 {
                    for round in 1...300 {
                        // Complete at once, as a sealed pack is.
                        try write(kept[round % 2], folder("tmp/next"))
                        try FileManager.default.moveItem(atPath: folder("tmp/next"), toPath: copies[round % 2].1)
                        try FileManager.default.removeItem(atPath: copies[1 - round % 2].1)
                    }
                } else {
                    while !isDone.load(ordering: .relaxed) {
                        try #require(try reader.blob(digest) == [1, 2, 3])
                        try #require(try reader.bindings(.task) == [task(1)])
                        try #require(try reader.bindings(.task, "task-1") == [task(1)])
                    }
                }
            }
        }
        #expect(reader.warnings.isEmpty)
    }

    @Test("Two processes write the same store at once without losing anything")
    func twoWriters() throws {
        let stores = try (0..<2).map { _ in try Store.open(at: folder.path, .write) }
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            let store = stores[worker % 2]
            for number in 0..<40 {
                // Half of what each writes the others write, too.
                let own = number % 2 == 0 ? 0 : worker
                #expect(throws: Never.self) {
                    try store.put(noise(200 + number, seed: UInt64(own * 1000 + number)))
                    try store.bind(task(number, "\(own)"))
                    if number % 10 == 0 { try store.commit() }
                    if number == 20 { try store.put(noise(1_050_000, seed: UInt64(worker / 4))) }
                }
            }
        }
        for store in stores { try store.close() }
        let reader = try Store.open(at: folder.path, .read)
        #expect(reader.warnings.isEmpty)
        for worker in 0..<8 {
            for number in 0..<40 {
                let own = number % 2 == 0 ? 0 : worker
                let bytes = noise(200 + number, seed: UInt64(own * 1000 + number))
                #expect(try reader.blob(Digest(of: bytes)) == bytes)
                #expect(try reader.bindings(.task, "task-\(number)").contains(task(number, "\(own)")))
            }
            #expect(reader.contains(Digest(of: noise(1_050_000, seed: UInt64(worker / 4)))))
        }
        #expect(try reader.bindings(.task).count == 20 + 20 * 8)
        #expect(try snapshot(folder, "tmp").isEmpty)
    }

    @Test("One store used from many threads stores each blob once and reads it back")
    func manyThreads() throws {
        var settings = Store.Settings()
        settings.fullPack = 40_000
        let store = try Store.open(at: folder.path, .write, settings)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for number in 0..<60 {
                let bytes = noise(1000, seed: UInt64((number * 7 + worker * 3) % 60))
                #expect(throws: Never.self) {
                    let digest = try store.put(bytes)
                    #expect(try store.blob(digest) == bytes)
                    #expect(store.contains(digest))
                    if number % 16 == worker { try store.commit() }
                }
            }
        }
        try store.close()
        let bytes = try snapshot(folder, "packs").values.reduce(0) { $0 + $1.count }
        #expect(bytes > 60_000 && bytes < 60 * (1000 + 68 + 48) + 10 * 64)
    }

    @Test("A pack of many entries is sealed before its table grows further, and all of it stays readable", arguments: [7, 64])
    func manyEntries(most: Int) throws {
        var settings = Store.Settings()
        settings.mostEntries = most
        let store = try Store.open(at: folder.path, .write, settings)
        let digests = try (0..<200).map { number in
            try store.bind(task(number, "many"))
            return try store.put(noise(50, seed: UInt64(number)))
        }
        #expect(try snapshot(folder, "packs").count == 400 / most)
        for digest in digests { #expect(store.contains(digest)) }
        try store.close()
        let reader = try Store.open(at: folder.path, .read)
        for (number, digest) in digests.enumerated() {
            #expect(try reader.blob(digest) == noise(50, seed: UInt64(number)))
            #expect(try reader.bindings(.task, "task-\(number)") == [task(number, "many")])
        }
    }

    @Test("What is opened for reading cannot be written, and what is closed cannot either, yet both can be read")
    func notWritable() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = try store.put([9])
        try store.close()
        try store.close()
        let reader = try Store.open(at: folder.path, .read)
        for store in [store, reader] {
            #expect(kind { try store.put([1]) } == .notWritable)
            #expect(kind { try store.bind(task(1)) } == .notWritable)
            #expect(kind { try store.commit() } == .notWritable)
            #expect(try store.blob(digest) == [9])
        }
        try reader.close()
        #expect(try snapshot(folder, "packs").count == 1)
    }
}
