import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@Suite("Packed bytes")
struct PackedBytesTests {
    @Test("a list of lists is read back as it was written, and any cut of its bytes is an error")
    func lists() throws {
        var random = SplitMix(seed: 7)
        let lists = (0..<20).map { _ in
            (0..<Int.random(in: 0..<5, using: &random)).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
        }
        let bytes = PackedWriter.list(lists, format: "test.lists", version: 3) { writer, list in
            writer.list(list) { $0.word($1) }
        }
        func read(_ bytes: [UInt8]) throws -> [[UInt32]] {
            try PackedReader.list(of: bytes, format: "test.lists", version: 3, ofAtLeast: 1) { reader in
                try reader.list(ofAtLeast: 4) { try $0.word() }
            }
        }
        #expect(try read(bytes) == lists)
        for length in bytes.indices {
            #expect(throws: StageError.self) { try read(Array(bytes[..<length])) }
        }
        #expect(throws: StageError.self) { try read(bytes + [0]) }
    }

    @Test("a list that claims more elements than its bytes could hold is refused before room is made for them")
    func hugeCounts() {
        var writer = PackedWriter(format: "test.lists", version: 3)
        writer.count(1 << 50)
        let bytes = writer.bytes
        #expect(throws: StageError.self) {
            try PackedReader.list(of: bytes, format: "test.lists", version: 3, ofAtLeast: 1) { try $0.count() }
        }
    }

    @Test("FNV-1a gives its authors' values")
    func hashes() {
        // From the test vectors of draft-eastlake-fnv.
        #expect(FNV1a.hash("".utf8) == 0xcbf2_9ce4_8422_2325)
        #expect(FNV1a.hash("a".utf8) == 0xaf63_dc4c_8601_ec8c)
        #expect(FNV1a.hash("foobar".utf8) == 0x8594_4171_f739_67e8)
    }
}
