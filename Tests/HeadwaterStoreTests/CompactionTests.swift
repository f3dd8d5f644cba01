import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

@Suite struct CompactionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fill(_ packs: Range<Int>) throws {
        for number in packs {
            let store = try Store.open(at: folder.path, .write)
            try store.put(Array("blob \(number)".utf8))
            try store.bind(Binding(kind: .task, key: "task \(number)", value: Digest(of: [UInt8(number)])))
            try store.close()
        }
    }

    @Test("many small packs become one that holds all they held; few stay as they are")
    func small() throws {
        try fill(0..<9)
        #expect(try Store.compact(at: folder.path, from: 10) == 0)
        try fill(9..<10)
        let reader = try Store.open(at: folder.path, .read)
        #expect(try Store.compact(at: folder.path, from: 10) == 9)
        #expect(try snapshot(folder, "packs").count == 1)
        for store in [reader, try Store.open(at: folder.path, .read)] {
            for number in 0..<10 {
                #expect(try store.blob(Digest(of: Array("blob \(number)".utf8))) == Array("blob \(number)".utf8))
            }
            #expect(try store.bindings(.task).count == 10)
        }
        #expect(try Store.inspect(at: folder.path).faults.isEmpty)
    }

    @Test("what is condemned stays condemned, and is not listed again")
    func condemned() throws {
        try fill(0..<6)
        let writer = try Store.open(at: folder.path, .write)
        _ = try Store.collect(at: folder.path) { _ in
            LiveSet(keepsBlob: { $0 == Digest(of: Array("blob 1".utf8)) }, keepsBinding: { $0.key != "task 2" })
        }
        try writer.close()
        try fill(6..<9)
        _ = try Store.compact(at: folder.path, from: 2)
        let keys = try Store.open(at: folder.path, .read).bindings(.task).map(\.key)
        #expect(!keys.contains("task 2") && keys.count == 8)
        #expect(try !Store.open(at: folder.path, .write).contains(Digest(of: Array("blob 3".utf8))))
    }
}
