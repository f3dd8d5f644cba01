import Foundation
import HeadwaterModel
import HeadwaterStore
import Testing

/// The commands that ask a store: what they say where a question is not plain, and where the store is not sound.
@Suite struct QuestionTests {
    private static func quickstart() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        return workspace
    }

    @Test("a question that cannot be answered as it was put is a usage fault that says what would be right")
    func messages() throws {
        let workspace = try QuestionTests.quickstart()
        for (arguments, said) in [
            (["trace", "out/brief.md:0"], "expected a line's number, from 1"), (["trace", ""], "the reference is empty"),
            (["trace", "out/brief.md:999"], "the file has"),
            (["trace", "summarize#1:5-99999"], "the text of summarize#1 has only"),
            (["trace", "out/brief.md:1"], "show no record"),
            (["records", "extract", "--kind", "foo"], "it has claim, date, entity"),
            (["log", "--limit", "0"], "expected 1 or more"), (["records", "clean", "--limit", "0"], "expected 1 or more"),
            (["show", "sha256:12"], "expected 6 to 64 digits"), (["show", "source:sha256:"], "expected 6 to 64 digits"),
            (["show", "source:"], "expected a source's locator"),
        ] {
            let answer = Workspace.answer(try workspace.start(arguments))
            #expect(answer.status == 2, "\(arguments)")
            #expect(answer.errors.contains(said), "\(arguments): \(answer.errors)")
            #expect(answer.output.isEmpty, "\(arguments): \(answer.output)")
        }
        let record = try workspace.run("verify", "clean#1")
        // With all that it was made of.
        #expect(record.output.hasPrefix("26 records in 2 shards, 13 sources, 2 task keys, "), "\(record.output)")
        let source = try workspace.run("verify", "source:kettercourier.example/2025-03-10-gate-fails-at-grayle-dam.html")
        #expect(source.output == "1 source\nevery digest is right, no faults\n")
    }

    @Test("a record's explanation shows what each place of its page states for a field, upstream of it as well")
    func candidates() throws {
        let workspace = try Workspace()
        try workspace.write(
            """
            <html><head><title>Ferry stays in port | Vell Post</title>
            <meta property="og:title" content="Ferry stays in port again"></head>
            <body><article><h1>Ferry stays in port</h1>
            <p>The ferry to Vell did not run on Monday, the harbour office said, because of the storm in the strait.</p>
            <p>It was the third time this month that passengers had to wait for a day and a night on the quay.</p>
            </article></body></html>

            """, to: "pages/a.html")
        try workspace.write(
            """
            headwater: 1
            name: p
            stages:
              fetch: {with: {from: [../pages]}}
              clean: {needs: fetch, with: {minimumLength: 10}}
              extract: {needs: clean}

            """, to: "pipelines/p.yaml")
        #expect(try workspace.run("run", "pipelines/p.yaml").status == 0)
        let text = try workspace.run("explain", "clean#1").output
        #expect(text.contains("\n  title: Ferry stays in port\n    0  chosen  h1, bytes "), "\(text)")
        #expect(text.contains("  outranked  meta og:title, Ferry stays in port again, bytes "), "\(text)")
        #expect(text.contains("  title, Ferry stays in port, bytes ") || text.contains("  agrees  title"), "\(text)")
        for reference in ["clean#1", "extract#1"] {
            let fields = try #require(try workspace.run("explain", reference, "--json").json.first?["fields"]?.array)
            let title = try #require(fields.first { $0["field"] == "title" })
            #expect(title["stage"] == "clean" && title["value"] == "Ferry stays in port")
            let candidates = try #require(title["candidates"]?.array)
            #expect(candidates.compactMap { $0["rank"]?.integer } == Array(0..<candidates.count))
            #expect(candidates.filter { $0["reason"] == "chosen" }.count == 1)
            #expect(candidates.allSatisfy { !($0["cites"]?.array ?? []).isEmpty })
        }
        #expect(try workspace.run("explain", "fetch#1", "--json").json.first?["fields"] == nil)
    }

    @Test("a trace of bytes inside a character is one of the whole character, and says so")
    func insideACharacter() throws {
        let workspace = try Workspace()
        try workspace.write(
            "Ein Fäh\u{72}mann, und noch ein Wort mehr über die alte Brücke am Fluss und über ihre Pfeiler.\n", to: "pages/a.txt")
        try workspace.write(
            "headwater: 1\nname: p\nstages:\n  fetch: {with: {from: [../pages]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n",
            to: "pipelines/p.yaml")
        #expect(try workspace.run("run", "pipelines/p.yaml").status == 0)
        let answer = try workspace.run("trace", "clean#1:6-7", "--json")
        #expect(answer.status == 0)
        #expect(answer.errors.contains("bytes 6-7 begin or end inside a character; this is of bytes 5-7"), "\(answer.errors)")
        #expect(answer.json.first?["text"] == "ä" && answer.json.first?["bytes"] == [5, 7])
        #expect(answer.json.first?["origins"]?.array?.first?["source"]?["column"] == 6)
    }

    @Test("what steers a terminal is spelled out for people, and stays as it is for programs")
    func steering() throws {
        let workspace = try Workspace()
        let page =
            "The \u{1B}[2Jferry to the island\u{202E} ran aground on Monday, the harbour office said, e\u{301} all were safe.\n"
        for name in ["a\u{1B}[31m.txt", "b.txt"] { try workspace.write(page, to: "pages/" + name) }
        try workspace.write(
            "headwater: 1\nname: p\nstages:\n  fetch: {with: {from: [../pages]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n"
                + "  dedupe: {needs: clean}\npublish:\n  all: {from: dedupe, format: markdown, to: ../all.md}\n",
            to: "pipelines/p.yaml")
        #expect(try workspace.run("run", "pipelines/p.yaml", "--quiet").status == 0)
        let brief = try workspace.read("all.md")
        for arguments in [
            ["records", "clean"], ["records", "fetch"], ["records", "dedupe", "--dropped"], ["trace", "dedupe#1"],
            ["trace", "clean#2"],
            ["trace", "all.md:5"], ["show", "clean#1"], ["show", "dedupe"], ["show", "p"], ["log"], ["verify", "--all"],
            ["show", "source:a"], ["trace", "all.md"],
        ] {
            let answer = Workspace.answer(try workspace.start(arguments))
            for text in [answer.output, answer.errors] {
                #expect(
                    !text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" }, "\(arguments): \(text.debugDescription)"
                )
            }
        }
        #expect(!brief.contains(0x1B))
        #expect(String(decoding: brief, as: UTF8.self).contains("\\u{1b}\\[2J"))
        let raw = try workspace.run("show", "source:b.txt")
        #expect(raw.output.utf8.elementsEqual(page.utf8))
        #expect(try workspace.run("show", "clean#1", "--json").json.first?["text"]?.string?.contains("\u{202E}") == true)
    }

    @Test("one damaged run leaves the others to be listed; the list says which it is, and that the store is damaged")
    func damagedRun() throws {
        let workspace = try QuestionTests.quickstart()
        let store = try Store.open(at: workspace.path + "/artifacts", .write)
        try store.bind(Binding(kind: .run, key: "00000000000000aa", value: Digest(of: [1])))
        try store.close()
        let log = try workspace.run("log")
        #expect(log.status == 3)
        #expect(log.output.contains("quickstart  done"), "\(log.output)")
        #expect(log.errors.contains("warning: run:00000000000000aa cannot be read"), "\(log.errors)")
        #expect(try workspace.run("show", "run:00000000000000aa").status == 3, "a blob that should be there is missing")
        #expect(try workspace.run("trace", "out/brief.md:5").status == 0)
    }

    @Test("of an empty store nothing is said to be proven")
    func empty() throws {
        let workspace = try Workspace()
        try Store.open(at: workspace.path + "/artifacts", .write).close()
        let answer = try workspace.run("verify", "--all")
        #expect(answer.status == 0 && answer.output.contains("nothing to prove"), "\(answer.output)")
    }

    /// Keeps a run of one stage with these lines as its records, whatever they are.
    private static func keep(_ lines: [UInt8], records: Int, started: Int = 1, shards: Int = 1, in workspace: Workspace) throws {
        let store = try Store.open(at: workspace.path + "/artifacts", .write)
        let shard = Shard(
            ShardContent(digest: try store.put(lines), byteCount: lines.count, recordCount: records),
            range: KeyRange(first: "a", last: "z"))
        let members: [String: JSON] = [
            "schema": .string(Dataset.schema), "recordSchema": .string(Record.schema),
            "shards": .array(Array(repeating: shard.json, count: shards)), "totals": ["bytes": 1, "records": 1],
            "dropCounts": [:],
        ]
        let tasks = try store.put([])
        let stages = (0..<1_100).map { index in
            RunManifest.Stage(
                name: index == 0 ? "made" : "made-\(index)", plugin: "x", version: "1", parameters: [:], inputs: [],
                artifact: nil,
                executed: JSON.largestInteger, hits: JSON.largestInteger, tasks: tasks)
        }
        var run = RunManifest(
            id: RunID(random: 1), pipeline: "p", file: tasks, parameters: [:], started: started, finished: started, state: .done,
            stages: stages, publications: [], failures: [], contradictions: [])
        run.stages[0].artifact = try store.put(JSON.object(members).canonical)
        let digest = try store.put(run.json.canonical)
        try store.bind(Binding(kind: .run, key: run.id.description, value: digest))
        for name in ["p", "p/made"] { try store.bind(Binding(kind: .name, key: name, value: digest)) }
        try store.close()
    }

    @Test("records, counts and times that nobody can have written are damage that is named, and end no command otherwise")
    func hostile() throws {
        let text = Array("four".utf8)
        func segment(_ length: Int, _ source: Int, _ offset: Int, _ sourceLength: Int) -> Segment {
            Segment(length: length, source: source, offset: offset, sourceLength: sourceLength, mode: .verbatim)
        }
        for segments in [
            [segment(.max, 0, 0, 4), segment(.max, 0, 0, 4)], [segment(4, 7, 0, 4)], [segment(4, 0, .max, .max)],
            [segment(-4, 0, 0, 4)],
        ] {
            let workspace = try Workspace()
            let record = Record(kind: "x", text: text, segments: segments, sources: [Digest(of: text)])
            try QuestionTests.keep(record.canonical + [0x0A], records: 1, in: workspace)
            for arguments in [
                ["records", "made"], ["trace", "made#1"], ["trace", "made#1:1-3"], ["show", "made#1"], ["verify", "made#1"],
            ] {
                let answer = Workspace.answer(try workspace.start(arguments))
                #expect(answer.status == 3, "\(arguments): \(answer.status) \(answer.errors)")
            }
            #expect(try workspace.run("verify", "--all").status == 1)
        }
        let workspace = try Workspace()
        try QuestionTests.keep(
            Record(kind: "x").canonical + [0x0A], records: JSON.largestInteger, started: JSON.largestInteger, shards: 1_100,
            in: workspace)
        #expect(try workspace.run("log").status == 0)
        #expect(try workspace.run("show", "p").status == 0)
        for arguments in [["records", "made"], ["show", "made"], ["trace", "made#1"]] {
            #expect(Workspace.answer(try workspace.start(arguments)).status == 3, "\(arguments)")
        }
        #expect(try workspace.run("verify", "--all").status == 1)
    }
}
