import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Random sequences of operations on several stores in one folder, against a dictionary and a set.
@Suite struct ModelTests {
    private static let large = prose(1 << 20 + 24)

    @Test("Whatever is done in whatever order, a store holds what its own writer, and those sealed, put into it")
    func randomOperations() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix(seed: seed)
        for _ in 0..<5 {
            let folder = try TemporaryFolder(inMemory: true)
            try run(folder, &generator, "seed \(seed)")
        }
    }

    /// One writer and what it has put since it was opened.
    private struct Writer {
        var store: Store
        var blobs: [Digest: [UInt8]] = [:]
        var bindings: Set<Binding> = []
    }

    private func run(_ folder: TemporaryFolder, _ generator: inout SplitMix, _ seed: String) throws {
        var settings = Store.Settings()
        settings.fullPack = Int.random(in: 500...20_000, using: &generator)
        let open = { Writer(store: try Store.open(at: folder.path, .write, settings)) }
        var writers = [try open(), try open()]
        // What must be there for everybody. A full pack may show more than that, never less.
        var sealed = Writer(store: try Store.open(at: folder.path, .read))
        var all = sealed
        for _ in 0..<120 {
            let index = Int.random(in: 0..<writers.count, using: &generator)
            let number = Int.random(in: 0..<30, using: &generator)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<7:
                let size = number * number
                let bytes =
                    number == 0
                    ? ModelTests.large : number % 3 == 0 ? prose(size, seed: number) : noise(size, seed: UInt64(number))
                let digest = try writers[index].store.put(bytes)
                writers[index].blobs[digest] = bytes
                all.blobs[digest] = bytes
            case 7..<12:
                let binding = task(number % 7, "\(number)")
                try writers[index].store.bind(binding)
                writers[index].bindings.insert(binding)
                all.bindings.insert(binding)
            case 12: try writers[index].store.commit()
            case 13, 14:
                // Closed, or let go: either way all of it is there for the next one.
                if number % 2 == 0 { try writers[index].store.close() }
                sealed.blobs.merge(writers[index].blobs) { $1 }
                sealed.bindings.formUnion(writers[index].bindings)
                writers.remove(at: index)
                writers.append(try open())
            case 15, 16, 17:
                sealed.store = try Store.open(at: folder.path, .read)
            default:
                try check(writers[index], sealed, all, seed)
            }
        }
        for writer in writers {
            try check(writer, sealed, all, seed)
            try writer.store.close()
        }
        let reader = Writer(store: try Store.open(at: folder.path, .read), blobs: all.blobs, bindings: all.bindings)
        try check(reader, reader, all, seed)
        #expect(try reader.store.bindings(.task) == all.bindings.sorted(), "\(seed)")
        #expect(reader.store.warnings.isEmpty, "\(seed)")
        #expect(try snapshot(folder, "tmp").isEmpty, "\(seed)")
    }

    private func check(_ writer: Writer, _ sealed: Writer, _ all: Writer, _ seed: String) throws {
        for (digest, bytes) in writer.blobs.merging(sealed.blobs, uniquingKeysWith: { $1 }) {
            #expect(writer.store.contains(digest), "\(seed)")
            #expect(try writer.store.blob(digest) == bytes, "\(seed)")
        }
        let found = try writer.store.bindings(.task)
        #expect(found == found.sorted() && Set(found).count == found.count, "\(seed)")
        #expect(writer.bindings.union(sealed.bindings).isSubset(of: found), "\(seed)")
        #expect(all.bindings.isSuperset(of: found), "\(seed)")
        for key in Set(found.map(\.key)) {
            let ofKey = try writer.store.bindings(.task, key)
            let expected = found.filter { $0.key == key }
            if writer.store.access == .read {
                #expect(ofKey == expected, "\(seed)")
            } else {
                // A writer sees by key what others have not sealed yet as well.
                #expect(ofKey == ofKey.sorted() && Set(ofKey).count == ofKey.count, "\(seed)")
                #expect(Set(expected).isSubset(of: ofKey) && all.bindings.isSuperset(of: ofKey), "\(seed)")
            }
        }
    }
}
