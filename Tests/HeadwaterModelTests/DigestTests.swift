import HeadwaterModel
import Testing

@Suite struct DigestTests {
    @Test("the digest of `abc` is the one FIPS 180-4 gives")
    func knownAnswer() {
        let digest = Digest(of: Array("abc".utf8))
        #expect(digest.description == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
