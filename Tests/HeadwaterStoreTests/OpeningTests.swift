import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// What is told when a store cannot be opened or written.
@Suite(.serialized) struct OpeningTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test("Where there is no store, reading says so and creates nothing; writing creates one, folders above it included")
    func missing() throws {
        let path = folder("a/b/artifacts")
        #expect(kind { _ = try Store.open(at: path, .read) } == .missing)
        #expect(kind { _ = try Store.open(at: folder.path, .read) } == .missing)
        #expect(try snapshot(folder).isEmpty)
        try Store.open(at: path, .write).close()
        _ = try Store.open(at: path, .read)
    }

    @Test("A folder that holds other files becomes a store without touching them")
    func besideOthers() throws {
        try write([1], folder("README.md"))
        try Store.open(at: folder.path, .write).close()
        #expect(try snapshot(folder).keys.sorted() == ["README.md", "format"])
    }

    @Test("A store of a later version is refused, be it the whole store, a pack or a blob file")
    func newerFormat() throws {
        let store = try Store.open(at: folder.path, .write)
        try store.put([1])
        let large = try store.put(prose(1 << 20 + 1))
        try store.close()
        var header = PackHeader(sync: 1)
        header.version = 2
        for path in [try onlyPack(folder), folder("blobs/\(large.hex.prefix(2))/\(large.hex)")] {
            let bytes = try read(path)
            try write(header.bytes + bytes[PackHeader.size...], path)
            let error = kind { _ = try Store.open(at: folder.path, .read).blob(large) }
            #expect(error == .newerFormat(2))
            try write(bytes, path)
        }
        try write(Array("headwater store 2\n".utf8), folder("format"))
        for access in [Store.Access.read, .write] {
            #expect(kind { _ = try Store.open(at: folder.path, access) } == .newerFormat(2))
        }
    }

    @Test("What is no store is told from one; a lost format file is damage, not a new store")
    func notAStore() throws {
        try write([1, 2], folder("file"))
        #expect(kind { _ = try Store.open(at: folder("file"), .read) } == .notAStore)
        #expect(kind { _ = try Store.open(at: folder("file"), .write) } == .notAStore)
        for text in ["", "headwater store", "headwater store x\n", "headwater store 0\n", "headwater store 1", "other\n"] {
            try write(Array(text.utf8), folder("format"))
            #expect(kind { _ = try Store.open(at: folder.path, .write) } == .notAStore)
        }
        try FileManager.default.removeItem(atPath: folder("format"))
        let store = try Store.open(at: folder.path, .write)
        try store.put([1])
        try store.close()
        try FileManager.default.removeItem(atPath: folder("format"))
        for access in [Store.Access.read, .write] {
            #expect(kind { _ = try Store.open(at: folder.path, access) } == .damaged(nil))
        }
    }

    @Test("A store whose folders may not be written is read, and refuses to be opened for writing")
    func readOnlyFolder() throws {
        let store = try Store.open(at: folder.path, .write)
        let digest = try store.put([1])
        try store.close()
        for name in ["tmp", "packs", "blobs", ""] { chmod(folder(name), 0o555) }
        #expect(try Store.open(at: folder.path, .read).blob(digest) == [1])
        if geteuid() != 0 {
            #expect(kind { _ = try Store.open(at: folder.path, .write) } == .notPermitted)
        }
        // Nobody may make folders here, the superuser included.
        #expect([.notPermitted, .missing].contains(kind { _ = try Store.open(at: "/sys/headwater", .write) }))
    }

    @Test("The system's reasons become kinds that say what to do")
    func reasons() throws {
        let kinds: [(Int32, StoreError.Kind)] = [
            (ENOSPC, .fullDisk), (EDQUOT, .fullDisk), (EACCES, .notPermitted), (EROFS, .notPermitted), (EPERM, .notPermitted),
            (EFBIG, .fileSizeLimit), (EIO, .system(EIO)),
        ]
        for (code, kind) in kinds { #expect(StoreError.system(code, "/x", "write").kind == kind) }
        let full = try #require(try File(ifExists: "/dev/full", .update, on: Disk()))
        #expect(HeadwaterStoreTests.kind { try full.write([1, 2, 3], at: 0) } == .fullDisk)
        let error = StoreError.system(ENOSPC, "/x/y", "write 3 bytes at byte 0")
        #expect(
            error.description == """
                /x/y: could not write 3 bytes at byte 0: No space left on device; \
                free some space and run again; what was committed is safe
                """)
    }

    @Test("A write that fails half-way leaves the store whole and usable, and nothing is lost that was put before")
    func failedWrite() throws {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
        // Above what tests that run at the same time write.
        var narrow = limits
        narrow.rlim_cur = 8 << 20
        let base = noise(1 << 20, seed: 1)
        func blob(_ number: Int, _ count: Int) -> [UInt8] { Array(base.dropFirst(number).prefix(count)) }
        var stored: [[UInt8]] = []
        do {
            let store = try Store.open(at: folder.path, .write)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &narrow)
            defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) }
            // Ever smaller blobs, until not even one byte goes in.
            for count in [1_000_000, 100_000, 10_000, 1000, 100, 10, 1] {
                var number = stored.count
                while kind({ try store.put(blob(number, count)) }) == nil {
                    stored.append(blob(number, count))
                    number += 1
                    try #require(number < 200)
                }
                #expect(kind { try store.put(blob(number, count)) } == .fileSizeLimit)
            }
            #expect(stored.count > 8)
            try store.commit()
            for bytes in stored { #expect(try store.blob(Digest(of: bytes)) == bytes) }
            // The index has no room, either.
            #expect(kind { try store.close() } == .fileSizeLimit)
            for bytes in stored { #expect(try store.blob(Digest(of: bytes)) == bytes) }
        }
        let next = try Store.open(at: folder.path, .write)
        #expect(next.warnings.isEmpty)
        for bytes in stored { #expect(try next.blob(Digest(of: bytes)) == bytes) }
        try next.put([1, 2, 3])
        try next.close()
        #expect(try snapshot(folder, "tmp").isEmpty)
    }

    @Test("After a failed write the same store goes on once there is room")
    func goesOn() throws {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
        var narrow = limits
        narrow.rlim_cur = 6 << 20
        let store = try Store.open(at: folder.path, .write)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &narrow)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) }
        let base = noise(1 << 20, seed: 2)
        var refused: [Digest] = []
        for number in 0..<8 where kind({ try store.put(Array(base.dropFirst(number))) }) != nil {
            refused.append(Digest(of: base.dropFirst(number)))
        }
        #expect(refused.count >= 2)
        #expect(kind { try store.put(noise(7 << 20, seed: 3)) } == .fileSizeLimit)
        #expect(refused.allSatisfy { !store.contains($0) })
        #expect(try packsBeingWritten(folder).count == 1)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
        for number in 0..<8 { try store.put(Array(base.dropFirst(number))) }
        try store.close()
        let reader = try Store.open(at: folder.path, .read)
        for number in 0..<8 { #expect(try reader.blob(Digest(of: base.dropFirst(number))) == Array(base.dropFirst(number))) }
        #expect(reader.warnings.isEmpty)
    }
}
