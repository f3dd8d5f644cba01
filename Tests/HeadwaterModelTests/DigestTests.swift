import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct DigestTests {
    @Test("a hasher that goes on gives the digests that new ones give")
    func nextDigest() {
        var hasher = DigestHasher()
        for count in [0, 1, 55, 56, 64, 1000] {
            let bytes = [UInt8](repeating: UInt8(count & 0xFF), count: count)
            hasher.update(bytes)
            #expect(hasher.next() == Digest(of: bytes))
        }
    }

    @Test(
        "digests are the ones FIPS 180-4 gives",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func knownAnswers(text: String, hex: String) throws {
        let digest = Digest(of: Array(text.utf8))
        #expect(digest.description == "sha256:" + hex && digest.hex == hex)
        #expect(digest.short == "sha256:" + hex.prefix(12))
        #expect(Digest("sha256:" + hex) == digest && Digest(hex: hex) == digest && Digest(bytes: digest.bytes) == digest)
    }

    @Test("bytes that arrive in parts, or in no array, have the digest of the whole")
    func parts() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            var hasher = DigestHasher()
            hasher.update(Array(bytes[..<cut]))
            hasher.update(Array(bytes[cut...]))
            #expect(hasher.finish() == Digest(of: bytes))
        }
        #expect(Digest(of: AnySequence(bytes)) == Digest(of: bytes))
        #expect(bytes.withUnsafeBytes { Digest(of: $0) } == Digest(of: bytes))
    }

    @Test("the order of digests and ids is that of their bytes and of what is printed")
    func order() throws {
        var generator = SplitMix(seed: 1)
        let digests = (0..<200).map { number in
            let shared = [UInt8](repeating: UInt8(number % 3), count: number % 32)
            return Digest(bytes: shared + (shared.count..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
        }.compactMap { $0 }
        #expect(digests.count == 200)
        for (a, b) in zip(digests, digests.dropFirst()) {
            #expect((a < b) == a.bytes.lexicographicallyPrecedes(b.bytes) && (a < b) == (a.description < b.description))
            let (first, second) = (RecordID(a), RecordID(b))
            #expect((first < second) == a.bytes.prefix(20).lexicographicallyPrecedes(b.bytes.prefix(20)))
            #expect(
                first.description == Hex.encode(a.bytes.prefix(20)) && RecordID(first.description) == first
                    && RecordID(bytes: first.bytes) == first)
        }
    }

    @Test("anything but what is printed is no digest and no id")
    func malformed() {
        let hex = String(repeating: "0a", count: 32)
        for text in [
            "", hex, "sha256:", "sha256:" + hex + "00", "sha256:" + hex.dropLast(), "sha256:" + hex.uppercased(), "sha512:" + hex,
            "sha256:" + hex.dropLast() + "g", " sha256:" + hex,
        ] {
            #expect(Digest(text) == nil, "\(text)")
        }
        for text in [
            "", hex, String(hex.prefix(39)), String(hex.prefix(38)), String(hex.prefix(40)).uppercased(), "é" + hex.prefix(38),
        ] {
            #expect(RecordID(text) == nil, "\(text)")
        }
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    }

    @Test("hex is read back as the bytes it was written from, and only lower case is hex")
    func hex() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(all).utf8) == all)
        #expect(Hex.encode([0, 15, 16, 255]) == "000f10ff")
        for text in ["0", "0G", "AB", " 0", "0x"] { #expect(Hex.decode(text.utf8) == nil, "\(text)") }
    }
}
