import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterLineage

@Suite struct LocatorPatternTests {
    @Test(
        "* stands for anything within a part, ** for several parts, and a pattern without a slash is compared with the last part",
        arguments: [
            ("a.html", ["a.html"], ["b/a.html", "a.htm", "xa.html"]),
            ("source:b/a.html", ["b/a.html"], ["a.html", "c/b/a.html"]),
            ("*.html", ["a.html", "b/c/a.html", ".html"], ["a.htm", "a.html/b"]),
            ("paper/**", ["paper/a", "paper/b/c"], ["paper", "papers/a", "x/paper/a"]),
            ("**/a.html", ["a.html", "b/a.html", "b/c/a.html"], ["b/xa.html", "a.html/b"]),
            ("p/**/q", ["p/q", "p/x/q", "p/x/y/q"], ["p/xq", "pq", "p/x/q/r"]),
            ("p/*/q", ["p/x/q"], ["p/q", "p/x/y/q"]),
            ("p**q", ["pq"], ["pqr"]),
            ("p**/q", ["p/q", "px/y/q"], ["q", "pq"]),
            ("https://h.example/*?x=1", ["https://h.example/a?x=1"], ["https://h.example/a?x=2"]),
            ("a[1].txt", ["a[1].txt"], ["a1.txt"]),
            ("*", ["a", "b/c"], []),
        ])
    func matching(text: String, matching: [String], others: [String]) throws {
        let pattern = try LocatorPattern(text)
        for locator in matching { #expect(pattern.matches(locator: locator), "\(text) and \(locator)") }
        for locator in others { #expect(!pattern.matches(locator: locator), "\(text) and \(locator)") }
    }

    @Test("many stars take no more time than the two lengths multiplied")
    func stars() throws {
        let pattern = try LocatorPattern(String(repeating: "**/*a", count: 50) + "b")
        #expect(!pattern.matches(locator: String(repeating: "a/", count: 1000)))
    }

    @Test("a digest is meant by its first digits and by nothing else")
    func digests() throws {
        let digest = Digest(of: Array("a".utf8))
        let pattern = try LocatorPattern("source:sha256:\(digest.hex.prefix(8))")
        #expect(pattern.isDigest && pattern.matches(digest) && !pattern.matches(Digest(of: Array("b".utf8))))
        #expect(!pattern.matches(locator: "\(digest)"))
        for text in ["", "source:", "sha256:12", "sha256:xyzxyz"] {
            #expect(throws: ReferenceError.self) { try LocatorPattern(text) }
        }
    }

    @Test("things of one kind are known again under the salt that they were told with, and under no other")
    func salt() throws {
        let (salt, other) = (Salt(), Salt())
        let digest = Digest(of: Array("a".utf8))
        #expect(salt.digest(of: digest) == Salt("\(salt)")?.digest(of: digest))
        #expect(salt.digest(of: digest) != other.digest(of: digest))
        // Words apart: a locator that spells a digest is none.
        #expect(salt.digest(of: "1") != salt.digest(ofSize: 1))
        var suppression = Suppression(salt: salt)
        suppression.locators = [salt.digest(of: "a")]
        #expect(try Suppression(json: suppression.json) == suppression)
    }
}
