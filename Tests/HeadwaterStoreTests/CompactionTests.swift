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

    @Test("names that others supersede are left out, but never so that one stands for something again", arguments: 0..<30)
    func names(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        var bindings: [Binding] = []
        for number in 0..<20 {
            let store = try Store.open(at: folder.path, .write, Store.Settings(smallPack: 1 << 20))
            for name in ["a", "b"] {
                let known = bindings.filter { $0.key == name }
                let superseded = known.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
                let binding = Binding(
                    kind: .name, key: name, value: Digest(of: [UInt8(number)]), supersedes: superseded.map(\.digest))
                bindings.append(binding)
                try store.bind(binding)
            }
            // Now and then a pack is too large to be moved, with the names in it.
            if Int.random(in: 0..<6, using: &random) == 0 {
                for _ in 0..<40 { try store.put((0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }) }
            }
            try store.close()
            let before = try ["a", "b"].map { try Store.open(at: folder.path, .read).heads(of: $0) }
            _ = try Store.compact(
                at: folder.path, from: Int.random(in: 2..<8, using: &random), Store.Settings(smallPack: 1 << 20))
            let after = try ["a", "b"].map { try Store.open(at: folder.path, .read).heads(of: $0) }
            #expect(before == after, "seed \(seed), after \(number)")
        }
        #expect(try Store.open(at: folder.path, .read).bindings(.name).count < bindings.count, "seed \(seed)")
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
        #expect(try Store.open(at: folder.path, .read).keys(.task) == keys)
        #expect(try !Store.open(at: folder.path, .write).contains(Digest(of: Array("blob 3".utf8))))
    }
}
