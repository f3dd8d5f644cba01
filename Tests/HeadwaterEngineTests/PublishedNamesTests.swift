import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// Names of files made of what sources are called: whatever that is, they stay within the folder and apart.
@Suite struct PublishedNamesTests {
    private func name(_ locator: String, ending: String = ".txt") -> String {
        var names = PublishedNames(ending: ending)
        return names.name(of: Record(kind: "document", fields: ["locator": .string(locator)]))
    }

    @Test("what is safe stays as it is, all else is spelled out")
    func examples() {
        #expect(name("news/dam.html") == "news/dam.html.txt")
        #expect(name("../../etc/passwd") == "%2E./%2E./etc/passwd.txt")
        #expect(name("/a//b/") == "%/a/%/b/%.txt")
        #expect(name(".hidden/-rf ~x%20") == "%2Ehidden/%2Drf%20%7Ex%2520.txt")
        #expect(name("плотина/dämme.html") == "плотина/dämme.html.txt")
        #expect(name("a\0\n\u{202E}b") == "a%00%0A%E2%80%AEb.txt")
        #expect(name("x.txt/y") == "x%2Etxt/y.txt", "a folder is in the way of no file")
    }

    @Test("different locators have different names, and none leaves the folder", arguments: 0..<50)
    func injective(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let alphabet = Array("ab./~%-_ \0é\u{301}").map(String.init) + [".txt", "..", String(repeating: "long", count: 60)]
        var seen: [String: String] = [:]
        for _ in 0..<200 {
            let locator = (0..<Int.random(in: 1...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
                .joined()
            let name = name(locator)
            #expect(seen.updateValue(locator, forKey: name).map { $0.utf8.elementsEqual(locator.utf8) } ?? true, "seed \(seed)")
            for component in name.split(separator: "/", omittingEmptySubsequences: false) {
                #expect(!component.isEmpty && !component.hasPrefix(".") && component.utf8.count <= 255, "seed \(seed): \(name)")
            }
            #expect(name.split(separator: "/").dropLast().allSatisfy { !$0.hasSuffix(".txt") }, "seed \(seed)")
        }
    }

    @Test("a further record with the same locator has its id in its name, one without a locator its kind and id")
    func furtherRecords() {
        var names = PublishedNames(ending: ".md")
        let records = ["one", "two"].map { Record(kind: "passage", fields: ["locator": "a.html", "n": .string($0)]) }
        #expect(names.name(of: records[0]) == "a.html.md")
        #expect(names.name(of: records[1]) == "a.html~\(records[1].id).md")
        let quotation = Record(kind: "quotation", fields: ["speaker": "Ada Birk"])
        #expect(names.name(of: quotation) == "quotation~\(quotation.id).md")
    }
}
