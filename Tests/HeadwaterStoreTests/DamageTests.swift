import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// What a damaged store may do: give the right bytes, or say what is damaged. Never other bytes, never a crash, never
/// "there is none" where something is.
@Suite struct DamageTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private static let blobs: [[UInt8]] = [[], [7], prose(150)]
    private static let tasks = [task(1), task(1, "other")]

    /// A store with one small sealed pack.
    private func fill() throws -> [UInt8] {
        let store = try Store.open(at: folder.path, .write)
        for blob in DamageTests.blobs { try store.put(blob) }
        for task in DamageTests.tasks { try store.bind(task) }
        try store.close()
        return try read(try onlyPack(folder))
    }

    /// Reads everything that `fill` wrote.
    ///
    /// - Returns: how many blobs could not be read, whether the bindings could not, and how many warnings there were.
    private func losses(_ allowed: (StoreError.Kind, Digest?) -> Bool) throws -> (blobs: Int, bindings: Bool, warnings: Int) {
        let store = try Store.open(at: folder.path, .read)
        var lost = 0
        for blob in DamageTests.blobs {
            let digest = Digest(of: blob)
            do {
                let found = try store.blob(digest)
                if found != blob { Issue.record("other bytes than were stored") }
            } catch {
                if !allowed(error.kind, digest) { Issue.record("\(error)") }
                lost += 1
            }
        }
        var bindings = false
        do {
            let found = try store.bindings(.task)
            if found != DamageTests.tasks.sorted(), !allowed(.damaged(nil), nil) || store.warnings.isEmpty {
                Issue.record("bindings are missing, or others were found")
            }
            if !Set(found).isSubset(of: DamageTests.tasks) { Issue.record("a binding that nobody made") }
        } catch {
            if !error.isDamage { Issue.record("\(error)") }
            bindings = true
        }
        return (lost, bindings, store.warnings.count)
    }

    @Test("Every single flipped bit of a pack is noticed, and costs the one entry it is in at most")
    func everyBit() throws {
        let store = try Store.open(at: folder.path, .write)
        let blob = prose(100)
        try store.put(blob)
        try store.bind(task(1))
        try store.close()
        let path = try onlyPack(folder)
        let pack = try read(path)
        for bit in 0..<pack.count * 8 {
            var flipped = pack
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try write(flipped, path)
            let store = try Store.open(at: folder.path, .read)
            var failures: [StoreError] = []
            do {
                let found = try store.blob(Digest(of: blob))
                try #require(found == blob, "bit \(bit)")
            } catch let error as StoreError { failures.append(error) }
            let (found, damage) = try store.readBindings(.task)
            try #require(damage.count + found.count == 1 && found.allSatisfy { $0 == task(1) }, "bit \(bit)")
            failures += damage
            try #require(failures.count + store.warnings.count == 1, "bit \(bit): \(failures) \(store.warnings)")
            for error in failures {
                try #require(error.isDamage && error.path == path, "bit \(bit): \(error)")
                try #require((error.offset ?? .max) <= bit / 8, "bit \(bit): \(error)")
            }
        }
    }

    @Test("A pack cut off at any length keeps the entries before the cut and is warned of")
    func everyLength() throws {
        let pack = try fill()
        let path = try onlyPack(folder)
        var lostBefore = Int.max
        for length in 0..<pack.count {
            try write(Array(pack[..<length]), path)
            let (lost, _, warnings) = try losses { kind, digest in
                if case .missingBlob(let missing) = kind { missing == digest } else { true }
            }
            if warnings == 0 { Issue.record("length \(length): nothing was noticed") }
            if lost > lostBefore { Issue.record("length \(length): a longer file gave less") }
            lostBefore = lost
        }
        #expect(lostBefore == 0)
    }

    @Test("Every flipped bit of a blob file is found when the blob is read")
    func everyBitOfBlobFile() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = try store.put(prose(1 << 20 + 1))
        try store.close()
        let path = folder("blobs/\(digest.hex.prefix(2))/\(digest.hex)")
        let bytes = try read(path)
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try write(flipped, path)
            if kind({ _ = try store.blob(digest) }) != .damaged(digest) { Issue.record("bit \(bit) was not found") }
        }
        for length in stride(from: 0, to: bytes.count, by: 13) {
            try write(Array(bytes[..<length]), path)
            if kind({ _ = try store.blob(digest) }) != .damaged(digest) { Issue.record("length \(length) was not found") }
        }
        try write(bytes + [0], path)
        #expect(kind { _ = try store.blob(digest) } == .damaged(digest))
        try write(bytes, path)
        #expect(try store.blob(digest) == prose(1 << 20 + 1))
    }

    @Test("An index that lies with right checksums leads to errors, not to wrong bytes")
    func lyingIndex() throws {
        let pack = try fill()
        let path = try onlyPack(folder)
        let index = pack.count - PackTrailer.size - 5 * PackIndex.rowSize
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix(seed: seed)
        for _ in 0..<500 {
            var forged = pack
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                forged[Int.random(in: index..<pack.count - 16, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let rows = Checksum.of(Array(forged[index..<forged.count - PackTrailer.size]))
            withUnsafeBytes(of: rows.littleEndian) { forged.replaceSubrange(forged.count - 16..<forged.count - 12, with: $0) }
            let trailer = Checksum.of(Array(forged[(forged.count - PackTrailer.size)..<(forged.count - 12)]))
            withUnsafeBytes(of: trailer.littleEndian) { forged.replaceSubrange(forged.count - 12..<forged.count - 8, with: $0) }
            try write(forged, path)
            let store = try Store.open(at: folder.path, .read)
            for blob in DamageTests.blobs {
                if let found = try? store.blob(Digest(of: blob)), found != blob { Issue.record("seed \(seed): other bytes") }
                _ = store.contains(Digest(of: blob))
            }
            let found = (try? store.bindings(.task)) ?? []
            if !Set(found).isSubset(of: DamageTests.tasks) { Issue.record("seed \(seed): a binding that nobody made") }
        }
    }

    @Test("Other bytes with right checksums are not taken for the blob")
    func rightChecksums() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = try store.put(noise(40, seed: 1))
        try store.close()
        let path = try onlyPack(folder)
        let pack = try read(path)
        let start = PackHeader.size
        let stored = start + EntryHeader.size
        func patch(_ checksum: UInt32, at offset: Int, _ bytes: inout [UInt8]) {
            withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
        }
        // Another payload; then another digest in the header as well.
        var forged = pack
        forged[stored] ^= 1
        patch(Checksum.of(Array(forged[stored..<stored + 40])), at: start + 12, &forged)
        patch(Checksum.of(Array(forged[start..<start + 64])), at: start + 64, &forged)
        try write(forged, path)
        #expect(kind { _ = try Store.open(at: folder.path, .read).blob(digest) } == .damaged(digest))
        forged.replaceSubrange(start + 32..<start + 64, with: Digest(of: forged[stored..<stored + 40]).bytes)
        patch(Checksum.of(Array(forged[start..<start + 64])), at: start + 64, &forged)
        try write(forged, path)
        #expect(kind { _ = try Store.open(at: folder.path, .read).blob(digest) } == .damaged(digest))
    }

    @Test("A file of noise among the packs is warned of and harms nothing")
    func noiseAmongPacks() throws {
        _ = try fill()
        for size in [0, 1, 23, 24, 91, 92, 5000] {
            try write(noise(size, seed: 5), folder("packs/\(size).pack"))
            try write(PackHeader(sync: 1).bytes + noise(size, seed: 5), folder("packs/\(size)-headed.pack"))
        }
        try FileManager.default.createSymbolicLink(atPath: folder("packs/nowhere.pack"), withDestinationPath: "nothing")
        let (blobs, bindings, warnings) = try losses { _, _ in false }
        #expect(blobs == 0 && !bindings)
        #expect(warnings >= 14)
    }

    @Test("With index and an entry's header both damaged, the other entries are found, and nothing that only looks like one")
    func lookalike() throws {
        // The content of this blob is a pack with a binding in it, as a page in a crawl might be.
        let inner = try TemporaryFolder(inMemory: true)
        let forger = try Store.open(at: inner.path, .write)
        try forger.bind(task(666))
        try forger.close()
        let bait = try read(try onlyPack(inner))

        let store = try Store.open(at: folder.path, .write)
        try store.put(noise(100, seed: 1))
        try store.put(bait)
        try store.put(noise(100, seed: 2))
        try store.bind(task(1))
        try store.close()
        var pack = try read(try onlyPack(folder))
        pack[PackHeader.size + EntryHeader.size + 100 + 30] ^= 1
        pack[pack.count - 60] ^= 1
        try write(pack, try onlyPack(folder))
        let reader = try Store.open(at: folder.path, .read)
        #expect(try reader.blob(Digest(of: noise(100, seed: 1))) == noise(100, seed: 1))
        #expect(try reader.blob(Digest(of: noise(100, seed: 2))) == noise(100, seed: 2))
        #expect(try reader.bindings(.task) == [task(1)])
        #expect(!reader.contains(Digest(of: bait)))
        #expect(reader.warnings.count == 2)
    }

    @Test("A blob found damaged can be stored again, and is then read from its new copy by everybody")
    func healing() throws {
        for blob in [noise(100, seed: 1), noise(1_100_000, seed: 1)] {
            let folder = try TemporaryFolder(inMemory: true)
            let store = try Store.open(at: folder.path, .write)
            let digest = try store.put(blob)
            try store.close()
            let name = try snapshot(folder).keys.first { $0 != "format" } ?? ""
            var bytes = try read(folder(name))
            bytes[PackHeader.size + EntryHeader.size + 50] ^= 4
            try write(bytes, folder(name))
            let healer = try Store.open(at: folder.path, .write)
            #expect(kind { _ = try healer.blob(digest) } == .damaged(digest))
            #expect(try healer.put(blob) == digest)
            #expect(try healer.blob(digest) == blob)
            let healed = try snapshot(folder)
            #expect(try healer.put(blob) == digest)
            #expect(try snapshot(folder) == healed, "the new copy is as good as any")
            try healer.close()
            #expect(try Store.open(at: folder.path, .read).blob(digest) == blob)
        }
    }

    @Test("A damaged binding can be recorded again")
    func healingBinding() throws {
        let store = try Store.open(at: folder.path, .write)
        try store.bind(task(1))
        try store.close()
        var pack = try read(try onlyPack(folder))
        pack[PackHeader.size + EntryHeader.size + 20] ^= 1
        try write(pack, try onlyPack(folder))
        let healer = try Store.open(at: folder.path, .write)
        #expect(try healer.bindings(.task, "task-1") == [])
        #expect(healer.warnings.count == 1 && healer.warnings.allSatisfy(\.isDamage))
        try healer.bind(task(1))
        #expect(try healer.bindings(.task, "task-1") == [task(1)])
        try healer.close()
    }

    @Test("The error for a damaged blob says which, in which file, at which byte, and what to do")
    func wording() throws {
        _ = try fill()
        let path = try onlyPack(folder)
        var pack = try read(path)
        pack[PackHeader.size + 2 * EntryHeader.size] ^= 1
        try write(pack, path)
        let digest = Digest(of: [7])
        let error = try #require(throws: StoreError.self) { try Store.open(at: folder.path, .read).blob(digest) }
        #expect(error.isDamage && error.path == path && error.offset == PackHeader.size + EntryHeader.size)
        #expect(
            error.description == """
                \(path), at byte 92: \(digest) is damaged: its stored bytes do not match their checksum; \
                check the disk, then run again or restore the file from a copy
                """)
    }
}
