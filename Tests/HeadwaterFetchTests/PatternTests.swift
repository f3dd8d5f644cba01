import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

@Suite struct PatternTests {
    @Test("a name pattern matches what its definition says, for all short patterns and names")
    func namesExhaustively() throws {
        let patterns = words(over: ["a", "b", "*", "?"], upTo: 4)
        let names = words(over: ["a", "b"], upTo: 5).filter { !$0.isEmpty }
        for pattern in patterns {
            let compiled = try NamePattern(Array(pattern.joined().utf8)[...])
            for name in names {
                let expected = defines(pattern[...], name[...])
                #expect(
                    compiled.matches(Array(name.joined().utf8)[...], hidden: false) == expected,
                    "\(pattern.joined()) \(name.joined())"
                )
            }
        }
    }

    @Test("a path pattern matches what its definition says, for all short patterns and paths")
    func pathsExhaustively() throws {
        let patterns = words(over: ["a", "*", "**", "b?"], upTo: 4).filter { !$0.isEmpty }
        let paths = words(over: ["a", "bb"], upTo: 4).filter { !$0.isEmpty }
        for pattern in patterns {
            let compiled = try PathPattern(Array(pattern.joined(separator: "/").utf8)[...])
            for path in paths {
                #expect(
                    matches(compiled, path) == definesPath(pattern[...], path[...]),
                    "\(pattern.joined(separator: "/")) \(path.joined(separator: "/"))")
            }
        }
    }

    @Test(
        "brackets, escapes and whole characters",
        arguments: [
            ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true), ("[^a-c]x", "ax", false),
            ("[]]", "]", true), ("[!]]", "]", false), ("[a-]", "-", true), ("[-a]", "-", true), ("[\\]]", "]", true),
            ("a\\*", "a*", true), ("a\\*", "ab", false), ("?", "ж", true), ("??", "ж", false), ("[а-я]", "ж", true),
            ("?", "🌊", true), ("*.txt", ".txt", false), (".*", ".txt", true), ("?txt", ".txt", false), ("[.]txt", ".txt", false),
            ("a**b", "axyb", true), ("*.txt", "a\nb.txt", true),
        ])
    func brackets(pattern: String, name: String, expected: Bool) throws {
        #expect(try NamePattern(Array(pattern.utf8)[...]).matches(Array(name.utf8)[...], hidden: false) == expected)
    }

    @Test("a set of places holds what was put in, beyond one word too")
    func placeSets() {
        var chance = SplitMix(seed: 11)
        for _ in 0..<200 {
            let some = Set((0..<Int.random(in: 0..<12, using: &chance)).map { _ in Int.random(in: 0..<300, using: &chance) })
            let others = Set((0..<Int.random(in: 0..<12, using: &chance)).map { _ in Int.random(in: 0..<300, using: &chance) })
            let (a, b) = (PlaceSet(some), PlaceSet(others.sorted().reversed()))
            var members: [Int] = []
            a.forEach { members.append($0) }
            #expect(members == some.sorted())
            #expect((0..<400).allSatisfy { a.contains($0) == some.contains($0) })
            #expect(a.meets(b) == !some.isDisjoint(with: others))
            #expect(a.isSubset(of: b) == some.isSubset(of: others))
            #expect((a == b) == (some == others) && a.isEmpty == some.isEmpty)
            #expect(a == PlaceSet(some.sorted()))
        }
    }

    @Test("as many alternatives as braces may spell are all found")
    func manyAlternatives() throws {
        let pattern = try PathPattern(Array("{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}/**/x".utf8)[...])
        for path in [["aaaaa", "x"], ["ddddd", "x"], ["dcbad", "y", "x"], ["abcda", "x", "x"]] {
            #expect(matches(pattern, path), "\(path)")
        }
        for path in [["aaaae", "x"], ["ddddd", "y"], ["aaaa", "x"], ["ddddd"]] { #expect(!matches(pattern, path), "\(path)") }
    }

    @Test("a byte that is not UTF-8 is one character")
    func malformedNames() throws {
        let pattern = try NamePattern(Array("a?b".utf8)[...])
        #expect(pattern.matches([0x61, 0xFF, 0x62], hidden: false))
        #expect(pattern.matches([0x61, 0xE2, 0x62], hidden: false))
        #expect(!pattern.matches([0x61, 0xFF, 0xFF, 0x62], hidden: false))
        // The start of a character of three bytes counts as the two bytes it is.
        #expect(!pattern.matches([0x61, 0xE2, 0x82, 0x62], hidden: false))
    }

    @Test(
        "braces spell out their alternatives in order, each once",
        arguments: [
            ("a", ["a"]), ("{a,b}", ["a", "b"]), ("x{a,b}y{c,d}", ["xayc", "xayd", "xbyc", "xbyd"]),
            ("{a,{b,c}d}", ["a", "bd", "cd"]),
            ("{a}", ["a"]), ("{,a}b", ["b", "ab"]), ("{a,a}", ["a"]), ("a,b", ["a,b"]), ("\\{a,b\\}", ["\\{a,b\\}"]),
            ("{a/b,c}/d", ["a/b/d", "c/d"]), ("{a\\,b,c}", ["a\\,b", "c"]), ("{}", [""]),
        ])
    func braces(pattern: String, expected: [String]) throws {
        #expect(try Braces.expand(Array(pattern.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test(
        "what cannot be read is said",
        arguments: ["{a,b", "a}", "[a", "[", "[z-a]", "a\\", "*/../b"])
    func malformedPatterns(pattern: String) {
        #expect(throws: PatternFault.self) { try PathPattern(Array(pattern.utf8)[...]) }
    }

    @Test("no pattern exhausts anything")
    func hugePatterns() {
        let huge = [
            String(repeating: "{a,b}", count: 40), String(repeating: "{", count: 100_000),
            "{" + String(repeating: "a,", count: 5000) + "b}",
        ]
        for pattern in huge { #expect(throws: PatternFault.self) { try PathPattern(Array(pattern.utf8)[...]) } }
    }

    @Test("matching takes no more than the product of the lengths")
    func noBlowUp() throws {
        let pattern = try NamePattern(Array((String(repeating: "*a", count: 500) + "b").utf8)[...])
        #expect(!pattern.matches([UInt8](repeating: 0x61, count: 250)[...], hidden: false))
        let path = try PathPattern(Array((String(repeating: "**/a/", count: 50) + "b").utf8)[...])
        #expect(!matches(path, [String](repeating: "a", count: 200)))
    }

    @Test(
        "the fixed part ends before the first name with a wildcard",
        arguments: [
            ("a/b", "a/b", ""), ("a/*.txt", "a/", "*.txt"), ("*", "", "*"), ("a/b{c,d}/e", "a/", "b{c,d}/e"),
            ("a\\*b", "a*b", ""),
            ("/x/[a]/b", "/x/", "[a]/b"), ("a\\[1\\]/?", "a[1]/", "?"),
        ])
    func fixedPart(text: String, fixed: String, rest: String) {
        let parts = Entry.fixedPart(Array(text.utf8))
        #expect(String(decoding: parts.fixed, as: UTF8.self) == fixed)
        #expect(String(decoding: parts.rest, as: UTF8.self) == rest)
    }

    @Test(
        "paths are normalised in the text",
        arguments: [
            ("a//b/./c", "a/b/c"), ("a/../b", "b"), ("../a", "../a"), ("/../a", "/a"), ("./", ""), ("a/..", ""),
            ("../../x/..", "../.."),
            ("/", "/"), ("/a/", "/a"),
        ])
    func normalized(path: String, expected: String) {
        #expect(String(decoding: PathText.normalized(path.utf8), as: UTF8.self) == expected)
    }

    // MARK: The definitions, as plain as can be

    private func defines(_ pattern: ArraySlice<String>, _ name: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        switch first {
        case "*": return (name.startIndex...name.endIndex).contains { defines(pattern.dropFirst(), name[$0...]) }
        case "?": return !name.isEmpty && defines(pattern.dropFirst(), name.dropFirst())
        default: return name.first == first && defines(pattern.dropFirst(), name.dropFirst())
        }
    }

    private func definesPath(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        guard first == "**" else {
            guard let name = path.first, defines(first.map(String.init)[...], name.map(String.init)[...]) else { return false }
            return definesPath(pattern.dropFirst(), path.dropFirst())
        }
        if pattern.count == 1 { return !path.isEmpty }
        return (path.startIndex...path.endIndex).contains { definesPath(pattern.dropFirst(), path[$0...]) }
    }

    private func matches(_ pattern: PathPattern, _ path: [String]) -> Bool {
        var state = pattern.start
        for name in path { state = pattern.state(state, after: Array(name.utf8)[...], hidden: false) }
        return pattern.isMatch(state)
    }

    private func words(over letters: [String], upTo length: Int) -> [[String]] {
        var all: [[String]] = [[]]
        var last = all
        for _ in 0..<length {
            last = last.flatMap { word in letters.map { word + [$0] } }
            all += last
        }
        return all
    }
}
