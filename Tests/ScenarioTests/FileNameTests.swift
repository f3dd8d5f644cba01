import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// Files may be called anything: each has a name of its own in every answer, and an answer stays one line a thing.
@Suite struct FileNameTests {
    /// Names as bytes: line ends, quotes, what references and patterns are written with, no UTF-8, turned text, equal but
    /// for their normal form, and as long as a name may be.
    static let names: [[UInt8]] =
        [
            "new\nline.txt", "return\rtab\t.txt", "quote\"'`.txt", "#hash#1.txt", "co:lon:5-9.txt", " sp ace .txt", "%41.txt",
            "A.txt",
            "t\u{202E}xt.urn\u{2028}\u{85}.txt", "-dash.txt", "back\\slash\\n.txt", "\u{1B}[31m.txt", "a,b;{c}*?[d].txt",
            "[x](y) <b>&amp;.txt", "e\u{301}.txt", "\u{E9}.txt", "$HOME ${x}.txt", "source:sha256:00.txt", "~.txt", "clean#1",
        ].map { Array($0.utf8) } + [
            [0xFF, 0xFE, 0x80] + Array(".txt".utf8), Array(repeating: UInt8(ascii: "x"), count: 251) + Array(".txt".utf8),
        ]

    /// An article of its own words, so that none is another one's near-duplicate.
    private static func article(_ number: Int) -> [UInt8] {
        var random = SplitMix(seed: UInt64(number))
        let words = [
            "ferry", "harbour", "bridge", "tower", "orchard", "lamp", "market", "signal", "crane", "bread", "ledger", "fog",
        ]
        let text = (0..<4).map { sentence in
            "The " + (0..<9).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
                + " of place \(number) was seen on day \(sentence)."
        }
        return Array((text.joined(separator: "\n\n") + "\n").utf8)
    }

    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(
            "headwater: 1\nname: p\nstages:\n  fetch: {with: {from: [../pages]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n"
                + "  dedupe: {needs: clean}\npublish:\n  all: {from: dedupe, format: markdown, to: ../all.md}\n",
            to: "pipelines/p.yaml")
        try FileManager.default.createDirectory(atPath: workspace.path + "/pages", withIntermediateDirectories: true)
        for (number, name) in names.enumerated() { try write(article(number), named: name, in: workspace) }
        return workspace
    }

    /// Foundation's own paths are text; these are bytes.
    private static func write(_ bytes: [UInt8], named name: [UInt8], in workspace: Workspace) throws {
        let path = Array((workspace.path + "/pages/").utf8) + name + [0]
        let file = path.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { open($0, O_CREAT | O_WRONLY | O_TRUNC, 0o644) } ?? -1
            }
        }
        defer { close(file) }
        try #require(file >= 0 && Foundation.write(file, bytes, bytes.count) == bytes.count, "\(name)")
    }

    /// No line of it steers a terminal, and there are as many lines as things.
    private func expectPlain(_ text: String, _ what: String) {
        let steering = text.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || [0x7F, 0x85, 0x2028, 0x202E].contains($0.value)
        }
        #expect(steering.isEmpty, "\(what): \(text.debugDescription)")
    }

    @Test("each file is a source of its own, is found by its locator, and its bytes are those of the file")
    func locators() throws {
        let workspace = try FileNameTests.workspace()
        let run = try workspace.run("run", "pipelines/p.yaml", "--verbose")
        try #require(run.status == 0, "\(run.errors)")
        expectPlain(run.errors, "run --verbose")
        let records = try workspace.run("records", "fetch", "--json").json
        let locators = records.compactMap { $0["fields"]?["locator"]?.string }
        #expect(Set(locators.map { Array($0.utf8) }).count == FileNameTests.names.count)
        #expect(locators.allSatisfy { !$0.contains("\n") && !$0.contains("\r") })
        let contents = Dictionary(
            uniqueKeysWithValues: FileNameTests.names.indices.map { (Digest(of: FileNameTests.article($0)).description, $0) })
        var seen: Set<Int> = []
        for locator in locators {
            let answer = try workspace.run("show", "source:\(locator)")
            #expect(answer.status == 0, "\(locator): \(answer.errors)")
            let number = try #require(contents[Digest(of: Array(answer.output.utf8)).description], "\(locator)")
            seen.insert(number)
            let bytes = try workspace.run("show", "source:\(locator):0-4")
            #expect(bytes.output == "The ", "\(locator): \(bytes.output) \(bytes.errors)")
        }
        #expect(seen.count == FileNameTests.names.count, "no two locators lead to one file")
    }

    @Test("records, what was left out, traces, plans and proofs of them are one line a thing")
    func answers() throws {
        let workspace = try FileNameTests.workspace()
        try FileNameTests.write(FileNameTests.article(0), named: Array("zz\ncopy\u{202E}.txt".utf8), in: workspace)
        try #require(try workspace.run("run", "pipelines/p.yaml", "--quiet").status == 0)
        for arguments in [
            ["records", "fetch"], ["records", "dedupe", "--dropped"], ["show", "fetch#2"], ["verify", "--all"], ["log"],
            ["explain", "fetch"],
            ["plan", "pipelines/p.yaml", "--force", "fetch"],
        ] {
            let answer = Workspace.answer(try workspace.start(arguments))
            #expect(answer.status == 0, "\(arguments): \(answer.errors)")
            expectPlain(answer.output + answer.errors, "\(arguments)")
        }
        let records = try workspace.run("records", "fetch").output
        #expect(records.split(separator: "\n").count { $0.hasPrefix("  locator: ") } == FileNameTests.names.count + 1)
        #expect(
            try workspace.run("records", "fetch", "--json").output.split(separator: "\n").count == FileNameTests.names.count + 1)
        #expect(try workspace.run("records", "dedupe", "--dropped").output.hasPrefix("dropped "))
        for number in 1...FileNameTests.names.count {
            let trace = try workspace.run("trace", "dedupe#\(number)")
            #expect(trace.status == 0, "\(trace.errors)")
            expectPlain(trace.output, "trace dedupe#\(number)")
        }
    }

    @Test("what is published of them can be traced line by line, and a fault in one names the file on one line")
    func published() throws {
        let workspace = try FileNameTests.workspace()
        try #require(try workspace.run("run", "pipelines/p.yaml", "--quiet").status == 0)
        let lines = String(decoding: try workspace.read("all.md"), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        expectPlain(lines.joined(separator: "\n"), "all.md")
        let cited = lines.indices.filter { lines[$0].contains("was seen on day") }
        let headings = lines.filter { $0.hasPrefix("## ") && $0 != "## Sources" }
        #expect(headings.count == FileNameTests.names.count, "an entry for each document")
        // A document has several such lines.
        for line in cited where line % 4 == 1 { #expect(try workspace.run("trace", "all.md:\(line + 1)", "--json").status == 0) }
        for name in ["gone\n\u{202E}.txt", "\u{85}#\u{1B}.txt"] {
            try FileManager.default.createSymbolicLink(
                atPath: workspace.path + "/pages/" + name, withDestinationPath: "nowhere")
        }
        let run = try workspace.run("run", "pipelines/p.yaml")
        #expect(run.status == 1 && run.errors.contains("gone%0A"), "\(run.errors)")
        expectPlain(run.errors, "faults")
    }
}
