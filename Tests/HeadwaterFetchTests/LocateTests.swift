import Glibc
import HeadwaterModel
import HeadwaterPluginKit
import Testing

@testable import HeadwaterFetch

@Suite struct LocateTests {
    @Test("a file, a folder and a glob name what they find from their fixed part on, sorted, each once")
    func entries() throws {
        let work = try WorkFolder()
        for name in ["news/b.txt", "news/a.txt", "news/deep/c.txt", "news/deep/d.html", "other/e.txt"] { try work.write(name) }
        #expect(try work.locators("news/b.txt") == ["b.txt"])
        #expect(try work.locators("news") == ["a.txt", "b.txt", "deep/c.txt", "deep/d.html"])
        #expect(try work.locators("news/") == ["a.txt", "b.txt", "deep/c.txt", "deep/d.html"])
        #expect(try work.locators("news/*.txt") == ["a.txt", "b.txt"])
        #expect(try work.locators("news/**/*.{txt,html}") == ["a.txt", "b.txt", "deep/c.txt", "deep/d.html"])
        #expect(try work.locators("**/d*") == ["news/deep/d.html"])
        #expect(try work.locators("{news,other}/?.txt") == ["news/a.txt", "news/b.txt", "other/e.txt"])
        #expect(try work.locators("news/*.txt", "news/a.txt", "news") == ["a.txt", "b.txt", "deep/c.txt", "deep/d.html"])
        let absolute = String(decoding: work.absolute("news"), as: UTF8.self)
        #expect(try work.locators(absolute) == work.locators("news"))
        let found = try work.locate(["news/a.txt"])
        let stamp = try FileStatus.of(work.absolute("news/a.txt")).stamp
        #expect(found == [FoundSource(locator: "a.txt", place: .file(path: work.absolute("news/a.txt"), stamp: stamp), size: 4)])
    }

    @Test("several folders put their names before, as they were written and made unique by a number")
    func severalRoots() throws {
        let work = try WorkFolder()
        for name in ["a/x/1.txt", "b/x/1.txt", "c/y/1.txt", "0.txt"] { try work.write(name) }
        #expect(try work.locators("a/x", "c/y/*") == ["x/1.txt", "y/1.txt"])
        #expect(try work.locators("a/x", "b/x") == ["x-2/1.txt", "x/1.txt"])
        #expect(try work.locators("b/x", "a/x", "a/x/1.txt") == ["x-2/1.txt", "x/1.txt"])
        #expect(
            try work.locators("*.txt", "./a/x/../x/", "http://example.test/p?q=1") == [
                "./0.txt", "http://example.test/p?q=1", "x/1.txt",
            ])
        #expect(try work.locators("a/x", "https://example.test") == ["1.txt", "https://example.test"])
    }

    @Test("the order of the elements changes no locator of one root, and no machine folder is in any")
    func noMachinePaths() throws {
        let work = try WorkFolder()
        for name in ["in/a.txt", "in/b/c.txt", "list.txt"] { try work.write(name, "in/b") }
        let name = String(decoding: PathText.split(work.path).name, as: UTF8.self)
        for from in [["."], ["./*"], ["in", "*.txt"], ["@list.txt", "in/*"], ["in/../in", "list.txt"]] {
            for found in try work.locate(from) {
                #expect(!found.locator.contains(name) && !found.locator.hasPrefix("/"), "\(from): \(found.locator)")
            }
        }
    }

    @Test("an exclusion leaves out what the other elements find, wherever it stands")
    func exclusions() throws {
        let work = try WorkFolder()
        for name in ["in/a.txt", "in/b.tmp", "in/old/c.txt", "in/old/d.tmp", "in/.e.tmp"] { try work.write(name) }
        #expect(try work.locators("in", "!in/old") == ["a.txt", "b.tmp"])
        #expect(try work.locators("!**/*.tmp", "in", hidden: true) == ["a.txt", "old/c.txt"])
        #expect(try work.locators("in", "!in/{old/*,b.tmp}") == ["a.txt"])
        #expect(try work.locators("in/a.txt", "in/b.tmp", "!in/b.*") == ["a.txt"])
        #expect(try work.locators("in", "!" + String(decoding: work.absolute("in/old"), as: UTF8.self)) == ["a.txt", "b.tmp"])
        #expect(
            work.fault("in/*.txt", "!in")?.description
                == "'from' finds no source; expected a file, folder, glob, file list or URL")
    }

    @Test("an excluded folder is not entered, so nothing in it is a fault")
    func excludedFaults() throws {
        let work = try WorkFolder()
        try work.write("in/a.txt")
        try work.write("in/sub/b.txt")
        try work.link("in/sub/loop", to: "..")
        #expect(work.fault("in") != nil)
        #expect(try work.locators("in", "!in/sub") == ["a.txt"])
        #expect(try work.locators("in", "!in/sub/loop") == ["a.txt", "sub/b.txt"])
    }

    @Test("a list's lines count from the list's folder; comments and empty lines say nothing")
    func lists() throws {
        let work = try WorkFolder()
        for name in ["in/a.txt", "in/b/c.txt", "in/b/d.md", "out/e.txt", "out/f/g.txt"] { try work.write(name) }
        try work.write("in/list.txt", "\u{FEFF}# sources\n\n  a.txt \r\nb/*.txt\nhttp://example.test/\n")
        #expect(try work.locators("@in/list.txt") == ["a.txt", "b/c.txt", "http://example.test/"])
        try work.write("in/wide.txt", "a.txt\n../out/e.txt\n../out/f/g.txt")
        #expect(try work.locators("@in/wide.txt") == ["in/a.txt", "out/e.txt", "out/f/g.txt"])
        try work.write("in/up.txt", "../out/e.txt\n../in/b")
        #expect(try work.locators("@in/up.txt") == ["in/b/c.txt", "in/b/d.md", "out/e.txt"])
    }

    @Test("names that are not UTF-8, hold a line break or a percent sign have locators of their own")
    func oddNames() throws {
        let work = try WorkFolder()
        for name in [
            [0x61, 0xFF], [0x61, 0x0A, 0x62], Array("100%".utf8), Array("%FF".utf8), [0x65, 0xCC, 0x81], [0xC3, 0xA9],
        ] as [[UInt8]] {
            try work.write(Array("in/".utf8) + name, [1])
        }
        let locators = try work.locators("in")
        #expect(
            locators.map { Array($0.utf8) } == ["%25FF", "100%25", "a%0Ab", "a%FF", "e\u{301}", "\u{E9}"].map { Array($0.utf8) })
        try work.write(Array("list".utf8), Array("in/a".utf8) + [0xFF, 0x0A])
        #expect(try work.locators("@list") == ["in/a%FF"])
    }

    @Test("locators come in the order of their bytes, each once, whatever the names: all small trees of awkward ones")
    func byteOrder() throws {
        let names: [[UInt8]] = [
            [0x61], [0x61, 0x2D, 0x62], [0x61, 0x2E], [0x61, 0x30], [0x61, 0x0A], [0x61, 0xFF], [0x61, 0x25], [0x61, 0x62],
            [0xC3, 0xA9], [0x65, 0xCC, 0x81], [0x21], [0xEF, 0xBC, 0x81], [0xF0, 0x9F, 0x8C, 0x8A],
        ]
        // Each name is a folder in one tree and a file in another, beside all others.
        for (index, folder) in names.enumerated() {
            let work = try WorkFolder()
            for (other, name) in names.enumerated() where other != index { try work.write(Array("in/".utf8) + name, [1]) }
            for name in names { try work.write(Array("in/".utf8) + folder + [0x2F] + name, [1]) }
            try work.link("in/z", to: "..")
            let found = try work.locate(["in", "!in/z"])
            let locators = found.map { Array($0.locator.utf8) }
            #expect(found.count == 2 * names.count - 1)
            #expect(zip(locators, locators.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }, "folder \(folder)")
            // Found again by other elements, a file stays one.
            let again = try work.locate(["in/*", "in", "in/**", "!in/z"])
            #expect(Set(again.map(\.locator)) == Set(found.map(\.locator)) && again.count == found.count)
        }
    }

    @Test("a link to a folder stands where its files stand")
    func linkedFolders() throws {
        let work = try WorkFolder()
        for name in ["in/a-b", "in/a0", "else/1"] { try work.write(name) }
        try work.link("in/a", to: "../else")
        #expect(try work.locators("in") == ["a-b", "a/1", "a0"])
    }

    @Test("dot files are passed over unless they are wanted or spelt out")
    func hidden() throws {
        let work = try WorkFolder()
        for name in ["in/a", "in/.b", "in/.c/d", "in/e/.f"] { try work.write(name) }
        #expect(try work.locators("in") == ["a"])
        #expect(try work.locators("in/**") == ["a"])
        #expect(try work.locators("in", hidden: true) == [".b", ".c/d", "a", "e/.f"])
        #expect(try work.locators("in/.*") == [".b"])
        #expect(try work.locators("in/.c/*") == ["d"])
        #expect(try work.locators("in/.b") == [".b"])
        #expect(work.fault("in/e")?.description == "'in/e' finds no file; files that begin with a dot are passed over")
    }

    @Test("links are followed; one that leads around in a circle or nowhere is named")
    func links() throws {
        let work = try WorkFolder()
        try work.write("in/a.txt")
        try work.write("else/b.txt")
        try work.link("in/file", to: "a.txt")
        try work.link("in/folder", to: "../else")
        #expect(try work.locators("in") == ["a.txt", "file", "folder/b.txt"])
        #expect(try work.locators("in", links: "skip") == ["a.txt"])
        // A link that an entry itself names is what the entry means.
        #expect(try work.locators("in/folder", "in/file", links: "skip") == ["folder/b.txt", "in/file"])
        try work.link("else/back", to: "../in")
        try work.link("in/self", to: "self")
        try work.link("in/lost", to: "nothing")
        let fault = try #require(work.fault("in"))
        let all = [fault] + fault.others
        #expect(all.allSatisfy { $0.parameter == "from" && $0.element == 0 })
        #expect(
            all.map(\.description) == [
                "'in' at 'folder/back': this link leads back to a folder that holds it; 'links: skip' passes over links; "
                    + "'!in/folder/back' leaves it out",
                "'in' at 'lost': this link leads nowhere; 'links: skip' passes over links; '!in/lost' leaves it out",
                "'in' at 'self': links lead around in a circle; '!in/self' leaves it out",
            ])
        #expect(try work.locators("in", links: "skip") == ["a.txt"])
        #expect(try work.locators("in", "!in/folder/back", "!in/lost", "!in/self").count == 3)
    }

    @Test("every fault of every element is told at once, with what was expected")
    func allFaults() throws {
        let work = try WorkFolder()
        try work.write("in/a.txt")
        try work.write("list", "in/a.txt\nnone.txt\n@more\nin/[z-a]")
        try work.write("empty", "# nothing\n")
        SystemFault.withPath(work.absolute("pipe")) { _ = mkfifo($0, 0o666) }
        SystemFault.withPath(work.absolute("in/pipe")) { _ = mkfifo($0, 0o666) }
        let fault = try #require(
            work.fault(
                "none", "in/a.txt", "in/*.md", "@list", "@empty", "@none", "pipe", "in", "ftp://example.test/", "", "{a", "!",
                "http://u:p@h/"))
        let all = [fault] + fault.others
        #expect(all.allSatisfy { $0.parameter == "from" })
        #expect(all.map(\.element) == [0, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        let expectation = "expected a file, folder, glob, file list or URL"
        let listExpectation = "expected a text file with a path or glob a line"
        #expect(
            all.map(\.description) == [
                "'none': there is no such file or folder; \(expectation)",
                "'in/*.md' finds no file; files that begin with a dot are passed over",
                "'@list' line 2, 'none.txt': there is no such file or folder; \(expectation)",
                "'@list' line 3, '@more': a list holds no further list and no exclusion; write ./ before such a name",
                "'@list' line 4, 'in/[z-a]': a range in [ ] runs backwards; its lesser end comes first, as in [a-z]",
                "'@empty': it lists nothing; \(listExpectation)",
                "'@none': there is no such file or folder; \(listExpectation)",
                "'pipe' is a socket, pipe or device, and sources are files; take it out of what 'from' names",
                "'in' at 'pipe': it is a socket, pipe or device, and sources are files; '!in/pipe' leaves it out",
                "'ftp://example.test/': of URLs only http:// and https:// are read, not ftp://",
                "'': it is empty; expected a file, folder, glob, file list or URL",
                "'{a': a { has no }; write \\{ for the character itself",
                "'!': a ! has no pattern behind",
                "'http://u:p@h/': a URL here must not hold a name or password: it would be published as the locator",
            ])
        #expect(work.fault("in/a.txt", "none")?.element == 1)
        #expect(work.fault()?.parameter == "from")
    }

    @Test("of very many faults the first are told, and the number of the others; an exclusion is written as a pattern")
    func manyFaults() throws {
        let work = try WorkFolder()
        for number in 100..<150 { SystemFault.withPath(work.absolute("pipe [\(number)]")) { _ = mkfifo($0, 0o666) } }
        try work.write("in/list", "..")
        let fault = try #require(work.fault("."))
        #expect(fault.others.count == 20)
        #expect(fault.description.hasSuffix("; '!pipe \\[100\\]' leaves it out"), "\(fault)")
        #expect(fault.others.last?.description == "and 30 more of what 'from' names cannot be taken up")
        // What a list names counts from the list's folder, an exclusion from the pipeline file's.
        let listed = try #require(work.fault("@in/list"))
        let path = String(decoding: work.absolute("pipe \\[100\\]"), as: UTF8.self)
        #expect(listed.description.hasSuffix("'!\(path)' leaves it out"), "\(listed)")
    }

    @Test("what permissions forbid is a fault", .enabled(if: geteuid() != 0, "permissions do not bind root"))
    func permissions() throws {
        let work = try WorkFolder()
        try work.write("in/closed/a.txt")
        SystemFault.withPath(work.absolute("in/closed")) { _ = chmod($0, 0) }
        defer { SystemFault.withPath(work.absolute("in/closed")) { _ = chmod($0, 0o755) } }
        #expect(
            work.fault("in")?.description
                == "'in' at 'closed': its permissions do not allow to read it; '!in/closed' leaves it out")
    }

    @Test("folders nested beyond what the walk takes are a fault, not a crash")
    func deep() throws {
        let work = try WorkFolder()
        try work.write((0..<300).map { _ in "d" }.joined(separator: "/") + "/a.txt")
        #expect(work.fault(".")?.description.contains("folders nest deeper than 256") == true)
        #expect(
            try work.locators((0..<290).map { _ in "d" }.joined(separator: "/")) == [
                (0..<10).map { _ in "d" }.joined(separator: "/") + "/a.txt"
            ])
    }
}
