import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Whoever erases has the store for itself, and nothing that it removes is left in any file.
@Suite struct SoleUseTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/store" }

    init() throws { folder = try TemporaryFolder() }

    private func text(_ number: Int) -> [UInt8] {
        Array("The text with the number \(number), and nothing like it elsewhere.".utf8)
    }

    private func fill() throws {
        for number in 0..<6 {
            let store = try Store.open(at: path, .write)
            try Runs.record("run-\(number)", text(number), in: store)
            try store.close()
        }
    }

    /// Everything in every file, decompressed.
    private func contents() throws -> [[UInt8]] {
        var out: [[UInt8]] = []
        try StoreContents(at: path).forEach { thing, _ in
            switch thing {
            case .blob(_, let bytes), .file(let bytes): out.append(bytes)
            case .binding(let binding): out.append(Array(binding.key.utf8))
            case .condemned(let digest), .damagedBlob(let digest), .reference(let digest, _): out.append(digest.bytes)
            case .name: break
            }
        }
        return out
    }

    @Test(
        "what is removed is gone at once from packs, list and folder, what a collection had condemned as well; the rest is whole")
    func removing() throws {
        try fill()
        // Some of it is condemned and waits for a writer, some is spared.
        let writer = try Store.open(at: path, .write)
        _ = try Runs.collect(path, without: ["run-1"])
        try writer.close()
        let use = try SoleUse.begin(at: path, journal: Array("what is to be done".utf8))
        let live = try Runs.live(try Store.open(at: path, .read), without: ["run-1", "run-2"])
        let removed = try use.remove(allBut: live)
        #expect(removed.blobs == 2)
        try use.end()
        let left = try contents()
        for number in 0..<6 {
            let isThere = left.contains { $0.firstRange(of: text(number)) != nil }
            #expect(isThere == ![1, 2].contains(number), "\(number)")
            if [1, 2].contains(number) { #expect(left.allSatisfy { $0.firstRange(of: Digest(of: text(number)).bytes) == nil }) }
        }
        #expect(try Store.inspect(at: path).faults.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/tmp").isEmpty)
        let later = try Store.open(at: path, .write)
        try later.put(text(1))
        try later.close()
        #expect(try Store.open(at: path, .read).blob(Digest(of: text(1))) == text(1), "the list says nothing against it any more")
    }

    @Test("nobody writes, collects, mends or erases while a journal is there; readers go on; it is taken up as it was written")
    func exclusion() throws {
        try fill()
        var use: SoleUse? = try SoleUse.begin(at: path, journal: [1, 2, 3])
        func expectBusy(_ body: () throws -> Void) {
            do {
                try body()
                Issue.record("it went on")
            } catch {
                #expect((error as? StoreError)?.kind == .busy, "\(error)")
            }
        }
        func expectAllBusy() {
            expectBusy { _ = try Store.open(at: path, .write) }
            expectBusy { _ = try Runs.collect(path) }
            expectBusy { _ = try Store.restore([], at: path) }
            expectBusy { _ = try SoleUse.begin(at: path, journal: [4]) }
        }
        expectAllBusy()
        #expect(try Store.compact(at: path, from: 1) == 0)
        #expect(try Store.open(at: path, .read).blob(Digest(of: text(0))) == text(0))
        expectBusy { _ = try SoleUse.resume(at: path) }
        // Its process is gone: the journal is not.
        use = nil
        expectAllBusy()
        let heir = try #require(try SoleUse.resume(at: path))
        #expect(heir.journal == [1, 2, 3])
        try heir.note([5])
        let store = try heir.open()
        try store.put([9])
        try store.close()
        try heir.end()
        #expect(try SoleUse.resume(at: path) == nil)
        #expect(try Store.open(at: path, .write).contains(Digest(of: [9])))
        withExtendedLifetime(use) {}
    }

    @Test("a writer at work keeps it from beginning, and the store is as it was")
    func writer() throws {
        try fill()
        let before = try contents()
        let store = try Store.open(at: path, .write)
        #expect(throws: StoreError.self) { try SoleUse.begin(at: path, journal: [1]) }
        try store.put([7])
        try store.close()
        #expect(try contents().count == before.count + 1)
        #expect(try Store.pendingErasure(at: path) == nil)
    }

    @Test("a journal that is not as it was written is an error that says what to do, and nobody writes meanwhile")
    func damage() throws {
        try fill()
        try SoleUse.begin(at: path, journal: [1, 2, 3]).note([1, 2, 3, 4])
        let file = URL(fileURLWithPath: path + "/erasure")
        var bytes = try Data(contentsOf: file)
        bytes[0] ^= 1
        try bytes.write(to: file)
        for body in [{ _ = try SoleUse.resume(at: path) }, { _ = try Store.open(at: path, .write) }] as [() throws -> Void] {
            do {
                try body()
                Issue.record("it went on")
            } catch {
                #expect((error as? StoreError)?.isDamage == true && "\(error)".contains("erase again"), "\(error)")
            }
        }
    }
}
