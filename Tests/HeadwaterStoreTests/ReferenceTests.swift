import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Blobs that are left in place: only digest and place are kept, and the original is checked at every read.
@Suite struct ReferenceTests {
    let folder: TemporaryFolder
    private let original: String
    private let bytes = prose(5000)
    private var digest: Digest { Digest(of: bytes) }
    private var store: String { folder("store") }

    init() throws {
        folder = try TemporaryFolder(inMemory: true)
        original = folder("original.txt")
        try write(bytes, original)
    }

    private func refer(in store: Store) throws { try store.refer(digest, to: Array(original.utf8), length: bytes.count) }

    private func referred() throws {
        let store = try Store.open(at: store, .write)
        try refer(in: store)
        try store.close()
    }

    private var reference: String { StoreLayout(root: store, disk: Disk()).references.path(of: digest) }

    /// What reading the blob throws.
    private func loss(_ store: Store) -> StoreError? {
        do throws(StoreError) {
            _ = try store.blob(digest)
            return nil
        } catch {
            return error
        }
    }

    @Test("A referred blob is there, at once and for others, though the store has no byte of it")
    func referring() throws {
        let writer = try Store.open(at: store, .write)
        try refer(in: writer)
        #expect(writer.contains(digest) && !writer.stores(digest))
        #expect(try writer.blob(digest) == bytes)
        try writer.close()
        let reader = try Store.open(at: store, .read)
        #expect(reader.contains(digest) && !reader.stores(digest))
        #expect(try reader.blob(digest) == bytes)
        #expect(try snapshot(folder, "store").values.map(\.count).reduce(0, +) < 400)
    }

    @Test("The reference's file is as the format says")
    func format() throws {
        try referred()
        var expected: [UInt8] = [0x89] + Array("HWREFR\n".utf8) + [1, 0, 0, 0]
        expected.append(little: UInt32(original.utf8.count))
        expected.append(little: UInt64(bytes.count))
        expected += digest.bytes + Array(original.utf8)
        expected.append(little: Checksum.of(expected))
        #expect(reference.hasSuffix("/references/\(digest.hex.prefix(2))/\(digest.hex)"))
        #expect(try read(reference) == expected)
    }

    @Test("Names that are not UTF-8 lead to their files")
    func strangeNames() throws {
        let path = Array(folder.path.utf8) + [0x2F, 0xE9, 0x0A, 0xFF]
        let name = path.map(CChar.init(bitPattern:)) + [0]
        #expect(rename(original, name) == 0)
        let writer = try Store.open(at: store, .write)
        try writer.refer(digest, to: path, length: bytes.count)
        #expect(try writer.blob(digest) == bytes)
        try writer.close()
    }

    @Test("An original that has changed is an error that names it, whether or not its length is the same")
    func changed() throws {
        try referred()
        for changed in [[0x21] + bytes.dropFirst(), bytes + [0x21], []] {
            try write(changed, original)
            let reader = try Store.open(at: store, .read)
            #expect(reader.contains(digest) == (changed.count == bytes.count), "without reading, only the length tells")
            let error = try #require(loss(reader))
            #expect(error.kind == .damaged(digest) && error.path == original)
            #expect(error.description.contains("has changed") && error.description.contains("snapshot: copy"))
            #expect(!reader.contains(digest), "once it is known")
        }
        try write(bytes, original)
        #expect(try Store.open(at: store, .read).blob(digest) == bytes)
    }

    @Test("An original that is gone, is no file, or may not be read is an error that names it")
    func gone() throws {
        try referred()
        let reader = try Store.open(at: store, .read)
        func expectLoss(_ fact: String) throws {
            let error = try #require(loss(reader))
            #expect(error.kind == .missingBlob(digest) && error.path == original && "\(error)".contains(fact), "\(error)")
        }
        if geteuid() != 0 {
            #expect(chmod(original, 0) == 0)
            try expectLoss("Permission denied")
        }
        #expect(unlink(original) == 0)
        #expect(!reader.contains(digest))
        try expectLoss("No such file")
        #expect(mkfifo(original, 0o600) == 0)
        try expectLoss("no file")
    }

    @Test("Another place of the same bytes takes the place of one that is gone")
    func moved() throws {
        try referred()
        let moved = folder("moved.txt")
        #expect(rename(original, moved) == 0)
        let writer = try Store.open(at: store, .write)
        #expect(!writer.contains(digest))
        try writer.refer(digest, to: Array(moved.utf8), length: bytes.count)
        #expect(try writer.blob(digest) == bytes)
        try writer.close()
    }

    @Test(
        "A copy is stored though there is a reference, and serves when the original is gone; no reference is made to what is copied"
    )
    func copies() throws {
        try referred()
        let writer = try Store.open(at: store, .write)
        try writer.put(bytes)
        #expect(writer.stores(digest))
        #expect(unlink(original) == 0)
        try writer.close()
        #expect(try Store.open(at: store, .read).blob(digest) == bytes)
        #expect(unlink(reference) == 0)
        try write(bytes, original)
        let again = try Store.open(at: store, .write)
        try refer(in: again)
        try again.close()
        #expect(!FileManager.default.fileExists(atPath: reference))
    }

    @Test("A flipped bit anywhere in a reference is found by reading and by inspection; referring again mends it")
    func everyBit() throws {
        try referred()
        let whole = try read(reference)
        for offset in whole.indices {
            var damaged = whole
            damaged[offset] ^= 1 << UInt8(offset % 8)
            try write(damaged, reference)
            let reader = try Store.open(at: store, .read)
            #expect(!reader.contains(digest))
            #expect(loss(reader)?.kind == .damaged(digest))
            let faults = try Store.inspect(at: store).faults
            #expect(faults.map(\.subject) == [.original(digest)] && faults.allSatisfy { !$0.isHarmless })
        }
        try write(Array(whole.prefix(40)), reference)
        #expect(try Store.inspect(at: store).faults.count == 1)
        try referred()
        #expect(try read(reference) == whole)
    }

    @Test("An inspection reads originals and names those that changed, as harmless where the store has a copy")
    func inspection() throws {
        try referred()
        var found = try Store.inspect(at: store)
        #expect(found.faults.isEmpty && found.originals == 1 && found.bytes > bytes.count)
        try write([0x21] + bytes.dropFirst(), original)
        found = try Store.inspect(at: store)
        let fault = try #require(found.faults.first)
        #expect(found.faults.count == 1 && fault.subject == .original(digest) && fault.blob == digest && !fault.isHarmless)
        #expect(fault.description.hasPrefix(original))
        let writer = try Store.open(at: store, .write)
        try writer.put(bytes)
        try writer.close()
        #expect(try Store.inspect(at: store).faults.map(\.isHarmless) == [true])
    }

    @Test("What is left in place is counted apart")
    func counted() throws {
        try referred()
        let reader = try Store.open(at: store, .read)
        var originals: [Digest: Int] = [:]
        try reader.forEachOriginal { originals[$0] = $1 }
        #expect(originals == [digest: bytes.count])
        try reader.forEachStoredBlob { digest, _ in Issue.record("\(digest) is stored") }
    }

    @Test("A path that is relative, or that no file can have, is refused")
    func badPaths() throws {
        let writer = try Store.open(at: store, .write)
        for path in ["", "a/b", "/a\0b", "/" + String(repeating: "x", count: 5000)] {
            #expect(kind { try writer.refer(digest, to: Array(path.utf8), length: 1) } == .system(EINVAL))
        }
        try writer.close()
    }

    // MARK: Collections

    /// Makes files older than a file system's clock may be coarse.
    private func age() throws {
        var times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, reference, &times, 0) == 0)
    }

    @Test("A collection keeps a reference that is needed, and removes one that is not and that no writer can rely on")
    func collection() throws {
        try referred()
        try age()
        let live = LiveSet(blobs: [digest], bindings: [])
        _ = try Store.collect(at: store) { _ in live }
        _ = try Store.collect(at: store) { _ in live }
        #expect(try Store.open(at: store, .read).blob(digest) == bytes)
        let none = LiveSet(blobs: [], bindings: [])
        let planned = try Store.collect(at: store, isDry: true) { _ in none }
        let done = try Store.collect(at: store) { _ in none }
        #expect(done.removed.blobs == 1 && planned.removed == done.removed)
        #expect(!FileManager.default.fileExists(atPath: reference))
        #expect(FileManager.default.fileExists(atPath: original), "an original is never touched")
    }

    @Test("A reference that a living writer may rely on waits; to a writer that comes later it is not there")
    func leases() throws {
        try referred()
        try age()
        let none = LiveSet(blobs: [], bindings: [])
        let earlier = try Store.open(at: store, .write)
        #expect(earlier.contains(digest))
        #expect(try Store.collect(at: store) { _ in none }.waiting.blobs == 1)
        let later = try Store.open(at: store, .write)
        #expect(!later.contains(digest))
        #expect(try later.blob(digest) == bytes, "reading uses whatever is there")
        try refer(in: later)
        #expect(later.contains(digest))
        try later.close()
        try earlier.close()
        // What the later writer referred to is another copy than the one that was condemned.
        _ = try Store.collect(at: store) { _ in LiveSet(blobs: [digest], bindings: []) }
        #expect(try Store.open(at: store, .read).blob(digest) == bytes)
    }
}
