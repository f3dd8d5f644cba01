import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Pins the bytes of the format to the page that describes them.
@Suite struct FormatTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func examplePack() throws -> (name: String, bytes: [UInt8]) {
        var settings = Store.Settings()
        settings.syncMarker = { 0x0807_0605_0403_0201 }
        let store = try Store.open(at: folder.path, .write, settings)
        let digest = try store.put(Array("All rivers run.\n".utf8))
        try store.bind(Binding(kind: .name, key: "brief", value: digest))
        try store.close()
        let path = try onlyPack(folder)
        return ((path as NSString).lastPathComponent, try read(path))
    }

    private func page() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("docs/store-format.md"), encoding: .utf8)
    }

    @Test("The pack that docs/store-format.md shows is the pack that is written, byte for byte, name included")
    func examplePackIsAsDescribed() throws {
        let (name, bytes) = try examplePack()
        let page = try page()
        // A line of the dump: an offset of six digits, up to 16 bytes, and what they spell between bars.
        var shown: [UInt8] = []
        for line in page.split(separator: "\n") {
            let parts = line.split(separator: "|", maxSplits: 1)[0].split(separator: " ")
            guard line.contains("|"), let offset = parts.first, offset.count == 6, let value = Int(offset, radix: 16) else {
                continue
            }
            #expect(value == shown.count)
            shown += Hex.decode(parts.dropFirst().joined().utf8) ?? []
        }
        #expect(shown == bytes, "\n\(dump(bytes))")
        #expect(page.contains(name), "\(name)")
    }

    @Test("What the format calls fixed is fixed: kinds, codes, digests of keys")
    func pinned() {
        #expect(Binding.Kind.allCases.map(\.rawValue) == ["task", "run", "name", "pin", "tombstone"])
        #expect(Binding.Kind.allCases.map(\.code) == [1, 2, 3, 4, 5])
        #expect(
            Binding.lookupKey(.name, "brief").description
                == "\(Digest(of: Array("name\u{0}brief".utf8)))")
        #expect(PackHeader.size == 24 && EntryHeader.size == 68 && PackIndex.rowSize == 48 && PackTrailer.size == 40)
        #expect(Checksum.of(Array("123456789".utf8)) == 0xCBF4_3926)  // The check value of CRC-32/ISO-HDLC.
    }

    @Test("Equal content gives equal blob files, whoever writes them")
    func blobFilesAreEqual() throws {
        let other = try TemporaryFolder()
        for folder in [folder, other] {
            let store = try Store.open(at: folder.path, .write)
            try store.put(noise(1_200_000, seed: 1))
            try store.close()
        }
        #expect(try snapshot(folder, "blobs") == snapshot(other, "blobs"))
        #expect(try snapshot(folder, "blobs").count == 1)
    }

    private func dump(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let row = bytes[start..<min(start + 16, bytes.count)]
            let hex = row.map { Hex.encode([$0]) }.joined(separator: " ")
            let text = row.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            return String(format: "%06x", start) + "  " + hex.padding(toLength: 47, withPad: " ", startingAt: 0) + "  |\(text)|"
        }.joined(separator: "\n")
    }
}
