import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Reading all of a store, and mending it.
@Suite struct InspectionTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private let small = [noise(400, seed: 1), prose(600), []]
    private let large = prose(1 << 20 + 24)

    /// Two packs, of which the second repeats a blob and a binding of the first, a blob file and a condemned list.
    private func fill() throws {
        let stores = try (0..<2).map { _ in try Store.open(at: folder.path, .write) }
        for bytes in small { try stores[0].put(bytes) }
        for store in stores {
            try store.put(noise(300, seed: 7))
            try store.bind(task(7))
        }
        try stores[0].bind(task(1))
        try stores[0].put(large)
        let collector = try Store.open(at: folder.path, .write)
        for store in stores { try store.close() }
        // Nothing goes while somebody writes, so the packs stay as they are.
        var settings = Store.Settings()
        settings.smallPack = 0
        let condemned: Set = [Digest(of: small[1])]
        _ = try Collector(folder.path, isDry: false, settings).run { _ in
            LiveSet(keepsBlob: { !condemned.contains($0) }, keepsBinding: { _ in true })
        }
        try collector.close()
    }

    @Test("A store in which nothing is wrong is found to be whole, and is counted")
    func whole() throws {
        try fill()
        let before = try snapshot(folder)
        let inspection = try Store.inspect(at: folder.path)
        #expect(inspection.faults.isEmpty)
        #expect(inspection.packs == 2 && inspection.blobFiles == 1)
        #expect(inspection.blobs == 6 && inspection.bindings == 3)
        #expect(try snapshot(folder) == before)
        #expect(before.keys.contains("condemned"))
    }

    @Test("Every flipped bit of every file is found, in the file where it is, and what it concerns is named")
    func everyBit() throws {
        try fill()
        let files = try snapshot(folder)
        let seed = UInt64.random(in: 0 ... .max)
        print("flipped bits: seed \(seed)")
        var generator = SplitMix(seed: seed)
        for (name, data) in files.sorted(by: { $0.key < $1.key }) {
            // All bits of what is small; of the rest as many as there is time for.
            let bits =
                data.count * 8 <= 160
                ? Array(0..<data.count * 8) : (0..<160).map { _ in Int.random(in: 0..<data.count * 8, using: &generator) }
            for bit in bits {
                var flipped = Array(data)
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                try write(flipped, folder(name))
                let inspection = try Store.inspect(at: folder.path)
                let what = "seed \(seed), bit \(bit) of \(name)"
                if inspection.faults.isEmpty { Issue.record("\(what) was not found") }
                for fault in inspection.faults {
                    if fault.path != folder(name) { Issue.record("\(what): \(fault)") }
                    if let offset = fault.offset, offset > bit / 8 { Issue.record("\(what): \(fault)") }
                    if !fault.isHarmless && name != "format" && fault.subject == nil { Issue.record("\(what): \(fault)") }
                    if fault.isHarmless, let subject = fault.subject,
                        ![.blob(Digest(of: noise(300, seed: 7))), .binding(task(7).digest)].contains(subject)
                    {
                        Issue.record("\(what): \(fault)")
                    }
                }
            }
            try write(Array(data), folder(name))
        }
        #expect(try Store.inspect(at: folder.path).faults.isEmpty)
    }

    @Test("Files cut off at any length are found")
    func everyLength() throws {
        try fill()
        for (name, data) in try snapshot(folder) {
            for length in stride(from: 0, to: data.count, by: max(1, data.count / 40)) {
                try write(Array(data.prefix(length)), folder(name))
                if try Store.inspect(at: folder.path).faults.isEmpty {
                    Issue.record("\(name), \(length) bytes: nothing was found")
                }
            }
            try write(Array(data), folder(name))
        }
    }

    @Test("Two damaged places are two faults, and where neither header nor index can be read the bytes are named")
    func severalFaults() throws {
        try fill()
        let path = try #require(try snapshot(folder, "packs").max { $0.value.count < $1.value.count }).key
        var bytes = try read(folder("packs/" + path))
        bytes[PackHeader.size + 10] ^= 1
        bytes[bytes.count - 41] ^= 1
        bytes[PackHeader.size + EntryHeader.size + 400 + EntryHeader.size + 3] ^= 1
        try write(bytes, folder("packs/" + path))
        let faults = try Store.inspect(at: folder.path).faults
        #expect(faults.contains { $0.subject == .blob(Digest(of: small[1])) && !$0.isHarmless })
        #expect(faults.contains { $0.offset == PackHeader.size && $0.subject == nil && !$0.isHarmless })
        #expect(faults.contains { $0.fact.contains("index") && $0.isHarmless })
    }

    @Test("A blob that is damaged is restored from its bytes, wherever the damage is, and the store is whole again")
    func restoring() throws {
        try fill()
        let files = try snapshot(folder)
        let seed = UInt64.random(in: 0 ... .max)
        print("restored blobs: seed \(seed)")
        var generator = SplitMix(seed: seed)
        for (name, data) in files.sorted(by: { $0.key < $1.key }) where name.hasPrefix("packs/") || name.hasPrefix("blobs/") {
            for _ in 0..<60 {
                let bit = Int.random(in: 0..<data.count * 8, using: &generator)
                let what = "seed \(seed), bit \(bit) of \(name)"
                let copy = try TemporaryFolder(inMemory: true)
                for (name, data) in files {
                    try FileManager.default.createDirectory(atPath: Disk.parent(copy(name)), withIntermediateDirectories: true)
                    try write(Array(data), copy(name))
                }
                var flipped = Array(data)
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                try write(flipped, copy(name))
                let lost = try Store.inspect(at: copy.path).faults.filter { !$0.isHarmless }
                // Bindings cannot be restored from bytes: whoever made them binds again.
                if lost.contains(where: { if case .binding? = $0.subject { true } else { false } }) {
                    let store = try Store.open(at: copy.path, .write)
                    try store.bind(task(1))
                    try store.close()
                }
                let report = try Store.restore(small + [large, noise(300, seed: 7)], at: copy.path)
                #expect(report.remaining.isEmpty, "\(what)")
                let blobs = lost.filter { if case .blob? = $0.subject { true } else { false } }
                #expect(report.restored.map { .blob($0) } == blobs.compactMap(\.subject), "\(what)")
                let after = try Store.inspect(at: copy.path)
                #expect(after.faults.isEmpty, "\(what): \(after.faults)")
                let store = try Store.open(at: copy.path, .read)
                for bytes in small + [large] { #expect(try areEqual(store.blob(Digest(of: bytes)), bytes), "\(what)") }
                #expect(try store.bindings(.task) == [task(1), task(7)], "\(what)")
            }
        }
    }

    @Test("A damaged pack stays as long as something in it is whole nowhere else")
    func notMended() throws {
        try fill()
        let name = try #require(try snapshot(folder, "packs").max { $0.value.count < $1.value.count }).key
        var bytes = try read(folder("packs/" + name))
        bytes[PackHeader.size + EntryHeader.size + 10] ^= 1
        try write(bytes, folder("packs/" + name))
        let report = try Store.restore([small[1]], at: folder.path)
        #expect(report.packsMended == 0 && report.restored.isEmpty)
        #expect(report.remaining.map(\.subject) == [.blob(Digest(of: small[0]))])
        #expect(try read(folder("packs/" + name)) == bytes)
        #expect(try Store.restore([small[0]], at: folder.path).packsMended == 1)
        #expect(try Store.inspect(at: folder.path).faults.isEmpty)
    }
}
