import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite("rebuild") struct RebuildTests {
    @Test("of the sample pipeline, from what is recorded, from the originals and beside its lock file, is the same to the byte")
    func equal() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--lock", "--quiet").status == 0)
        let brief = try workspace.read("out/brief.md")
        try workspace.write("mine", to: "out/brief.md")
        for arguments in [["quickstart"], ["quickstart/clean"], ["pipelines/quickstart.yaml", "--from-originals"], ["--lock"]] {
            let answer = try Workspace.answer(workspace.start(["rebuild"] + arguments + ["--json"]))
            #expect(answer.status == 0, "\(arguments): \(answer.errors)")
            #expect(answer.json.last?["equal"]?.bool == true)
            #expect(answer.json.last?["conditions"]?["confined"]?.bool == Workspace.hasSandbox)
        }
        #expect(try workspace.read("out/brief.md") == Array("mine".utf8), "what people read is left alone")
        let kept = try workspace.run("rebuild", "quickstart", "--keep", "kept")
        #expect(kept.status == 0)
        #expect(try workspace.read("kept/published/brief") == brief)
        #expect(try workspace.run("rebuild", "quickstart", "--keep", "kept").status == 2, "a folder that is not empty")
    }

    @Test("what the originals are no more is told, and compared all the same")
    func changedOriginals() throws {
        let workspace = try moody(depends: "nothing")
        try #require(try workspace.run("run", "moody.yaml", "--quiet").status == 0)
        try workspace.write("Page 3 is another one now.", to: "pages/003.txt")
        try workspace.write("A page that is new.", to: "pages/new.txt")
        try workspace.remove("pages/004.txt")
        #expect(try workspace.run("rebuild", "moody").status == 0, "the recorded bytes are what they were")
        let answer = try workspace.run("rebuild", "moody", "--from-originals", "--json")
        #expect(answer.status == 1)
        let sources = answer.json.last?["sources"]
        #expect(sources?["changed"] == ["003.txt"] && sources?["added"] == ["new.txt"] && sources?["removed"] == ["004.txt"])
        let stages = answer.json.last?["stages"]?.array ?? []
        #expect(stages.allSatisfy { $0["equal"] == false && $0["blamed"] == false })
    }

    /// What a plugin may not depend on.
    static let dependencies = ["chance", "hash order", "locale", "order"] + (Workspace.hasSandbox ? ["time zone"] : [])

    @Test("a plugin that depends on what it may not is blamed, with the record and the byte", arguments: dependencies)
    func caught(depends: String) throws {
        let workspace = try moody(depends: depends)
        try #require(try workspace.run("run", "moody.yaml", "--jobs", "1", "--quiet").status == 0)
        let answer = try workspace.run("rebuild", "moody", "--jobs", "1", "--seed", "5", "--json")
        #expect(answer.status == 1, "\(answer.output)")
        let stages = answer.json.last?["stages"]?.array ?? []
        #expect(stages.filter { $0["equal"] == false }.map { $0["name"]?.string } == ["bad", "after"])
        #expect(stages.filter { $0["blamed"] == true }.map { $0["name"]?.string } == ["bad"])
        #expect(stages.last?["follows"] == ["bad"])
        let found = stages.first { $0["name"] == "bad" }?["differences"]?.array?.first
        #expect(found?["cause"] == true && found?["phase"] == "apply")
        #expect(found?["partition"]?.string?.hasSuffix(".txt") == true)
        #expect(found?["difference"]?["part"] == "record" && found?["difference"]?["number"] == 2)
        // The record's line begins `{"fields":{"mood":"`, and what differs comes first in it.
        #expect(found?["difference"]?["byte"]?.integer ?? 0 >= 19)
        #expect(found?["difference"]?["excerpts"]?.array?.count == 2)
        let text = try workspace.run("rebuild", "moody", "--jobs", "1", "--seed", "5").output
        #expect(text.contains("differs stage bad: its plugin moody 1 is to blame: "))
        #expect(text.contains("they differ in record 2 (record "))
        #expect(text.contains("differs stage after, which follows from bad"))
        #expect(text.contains("differs published table (out.jsonl): they differ in bytes, from byte "))
    }

    @Test("a variable that the plugin declares is part of its key, and as it was")
    func declaredVariable() throws {
        let workspace = try moody(depends: "a declared variable")
        try #require(try workspace.run("run", "moody.yaml", "--lock", environment: ["MOODY_WORD": "calm"]).status == 0)
        #expect(try workspace.run("rebuild", "moody", environment: ["MOODY_WORD": "wild"]).status == 0)
        #expect(try workspace.run("rebuild", "moody.lock", "--lock", environment: ["MOODY_WORD": "wild"]).status == 0)
    }

    @Test("a plugin of chance is found by every route, and by each where: run, audit, rebuild, the lock file")
    func routes() throws {
        let workspace = try moody(depends: "chance")
        try #require(try workspace.run("run", "moody.yaml", "--lock", "--quiet").status == 0)
        let locked = try workspace.run("rebuild", "--lock", "moody.yaml", "--json")
        #expect(locked.status == 1)
        let stages = locked.json.last?["stages"]?.array ?? []
        #expect(stages.map { $0["name"]?.string } == ["bad", "after"])
        #expect(stages.map { $0["cause"]?.string } == ["plugin", "follows"])
        #expect(stages.first?["parts"]?.array?.isEmpty == false)
        let again = stages.first?["again"]?["differences"]?.array?.first?["difference"]
        #expect(again?["number"] == 2 && again?["byte"]?.integer ?? 0 >= 19)
        for arguments in [["--audit", "100%"], ["--force", "bad"]] {
            let answer = try Workspace.answer(workspace.start(["run", "moody.yaml"] + arguments))
            #expect(answer.errors.contains("the plugin moody does not give the same bytes twice: they differ in record 2"))
        }
        #expect(try workspace.run("log").status == 0)
        #expect(try workspace.run("fsck").output.contains("record 2"))
    }

    @Test("a plugin that is not the recorded one is refused, with what changed")
    func otherPlugin() throws {
        let workspace = try moody(depends: "nothing")
        try #require(try workspace.run("run", "moody.yaml", "--lock", "--quiet").status == 0)
        let script = String(decoding: try workspace.read("Plugins/moody/moody.py"), as: UTF8.self)
        try workspace.write(script + "\n", to: "Plugins/moody/moody.py")
        let files = try workspace.run("rebuild", "moody")
        #expect(files.status == 1)
        #expect(files.errors.contains("stage bad, plugin moody: plugin.digest was \"sha256:"), "\(files.errors)")
        let locked = try workspace.run("rebuild", "--lock", "moody.yaml", "--json")
        #expect(locked.status == 1)
        #expect(locked.json.last?["inputs"]?.array?.map { $0["kind"]?.string } == ["plugin"])
        #expect(locked.json.last?["stages"]?.array?.isEmpty == true, "though it makes the same")
        try workspace.write(script.replacing("version=\"1\"", with: "version=\"2\""), to: "Plugins/moody/moody.py")
        let manifest = String(decoding: try workspace.read("Plugins/moody/plugin.yaml"), as: UTF8.self)
        try workspace.write(manifest.replacing("version: \"1\"", with: "version: \"2\""), to: "Plugins/moody/plugin.yaml")
        let version = try workspace.run("rebuild", "moody")
        #expect(version.errors.contains("plugin.version was \"1\", is \"2\""), "\(version.errors)")
        try workspace.remove("Plugins/moody")
        let gone = try workspace.run("rebuild", "moody")
        #expect(gone.status == 1 && gone.errors.contains("moody"))
    }

    @Test("originals that were left in place and are gone are named")
    func leftInPlace() throws {
        let workspace = try moody(depends: "nothing", fetch: "snapshot: reference, ")
        try #require(try workspace.run("run", "moody.yaml", "--quiet").status == 0)
        #expect(try workspace.run("rebuild", "moody").status == 0)
        try workspace.remove("pages/003.txt")
        let answer = try workspace.run("rebuild", "moody")
        #expect(answer.status == 1)
        #expect(answer.output.contains("the source '003.txt' cannot be had any more"), "\(answer.output) \(answer.errors)")
    }

    @Test("a lock file proves the same artifacts in another folder, and names what is not the same there")
    func elsewhere() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--lock", "--quiet").status == 0)
        let lock = try workspace.read("pipelines/quickstart.lock")
        #expect(!String(decoding: lock, as: UTF8.self).contains(workspace.path), "no path of the machine")
        let other = try Workspace()
        try other.copySamples()
        try other.write(lock, to: "pipelines/quickstart.lock")
        let same = try other.run("rebuild", "--lock", "pipelines/quickstart.lock", environment: ["TZ": "Pacific/Chatham"])
        #expect(same.status == 0, "\(same.output) \(same.errors)")
        #expect(!other.exists("artifacts"))
        let page = "pipelines/samples/news/briefsaldria.example/grayle-dam-what-we-know.txt"
        try other.write(try other.read(page) + Array("One sentence more.\n".utf8), to: page)
        let changed = try other.run("rebuild", "--lock", "--json")
        #expect(changed.status == 1)
        let inputs = changed.json.last?["inputs"]?.array ?? []
        #expect(inputs.map { $0["kind"]?.string } == ["source"])
        #expect(inputs.first?["subject"]?.string?.hasSuffix("grayle-dam-what-we-know.txt") == true)
        let stages = changed.json.last?["stages"]?.array ?? []
        #expect(stages.first?["name"] == "fetch" && stages.first?["cause"] == "sources")
        #expect(stages.dropFirst().allSatisfy { $0["cause"] == "follows" } && stages.count > 1)
        #expect(try other.run("run", "pipelines/quickstart.yaml", "--lock", "--stage", "clean").status == 2)
    }

    @Test("a lock file that was changed by hand is refused, with the line and what was expected")
    func damagedLock() throws {
        let workspace = try moody(depends: "nothing")
        try #require(try workspace.run("run", "moody.yaml", "--lock", "--quiet").status == 0)
        let text = String(decoding: try workspace.read("moody.lock"), as: UTF8.self)
        try workspace.write(text.replacing("built-in", with: "build-in", maxReplacements: 1), to: "moody.lock")
        let answer = try workspace.run("rebuild", "--lock")
        #expect(answer.status == 2)
        #expect(
            answer.errors.contains("moody.lock, line 3: the line cannot be read; expected plugin \"name\""), "\(answer.errors)")
        try workspace.remove("moody.lock")
        #expect(try workspace.run("rebuild", "--lock", "moody.yaml").errors.contains("headwater run --lock writes one"))
    }

    @Test(
        "asks no server again, whether pages are taken from the run or from the answers that are kept; one never asked is missed")
    func network() throws {
        let server = try WebServer { request in
            switch request.path {
            case "/robots.txt", "/gone": .status(410)
            case "/lines.jsonl":
                .page((0..<100).map { "{\"id\":\"n\($0)\",\"text\":\"Line number \($0) of the harbour's log.\"}\n" }.joined())
            default: .page("text of \(request.path)")
            }
        }
        let workspace = try Workspace()
        func write(_ paths: [String]) throws {
            let from = paths.map { "'\(server.url($0))'" }.joined(separator: ", ")
            try workspace.write(
                """
                headwater: 1
                name: net
                stages:
                  fetch: {with: {from: [\(from)], allow: [127.0.0.1], delay: 0, retries: 0}}
                  clean: {needs: fetch}
                """, to: "net.yaml")
        }
        let paths = (0..<60).map { "/page/\($0)" } + ["/gone", "/lines.jsonl"]
        try write(paths)
        try #require(try workspace.run("run", "net.yaml", "--lock", "--quiet").status == 0)
        let asked = server.paths.count
        for arguments in [["net"], ["net", "--from-originals"], ["--lock", "net.yaml"]] {
            let answer = try Workspace.answer(workspace.start(["rebuild"] + arguments))
            #expect(answer.status == 0, "\(arguments): \(answer.output) \(answer.errors)")
        }
        try write(paths + ["/new"])
        let locked = try workspace.run("rebuild", "--lock", "net.yaml", "--json")
        let inputs = locked.json.last?["inputs"]?.array ?? []
        #expect(inputs.map { $0["kind"]?.string } == ["pipeline", "source"])
        #expect(inputs.last?["found"]?.string?.hasPrefix("missed {") == true, "\(inputs)")
        #expect(server.paths.count == asked)
        #expect(try workspace.run("verify", "--all").output.contains("no faults"))
    }

    @Test("what cannot be rebuilt is said")
    func refused() throws {
        let workspace = try moody(depends: "nothing")
        #expect(try workspace.run("rebuild").status == 2)
        #expect(try workspace.run("rebuild", "moody.yaml", "--lock", "--from-originals").status == 2)
        try #require(try workspace.run("run", "moody.yaml", "--quiet").status == 0)
        #expect(try workspace.run("rebuild", "mody").status == 2)
        #expect(try workspace.run("rebuild", "source:003.txt").errors.contains("is no run and no pipeline"))
    }

    /// Pages in several partitions, a stage that may depend on something, and one behind it.
    private func moody(depends: String, fetch: String = "") throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copy(Workspace.repository + "/Tests/ScenarioTests/Plugins/moody", to: "Plugins/moody")
        for number in 0..<200 {
            let name = String(repeating: "0", count: 3 - "\(number)".count) + "\(number)"
            try workspace.write("The ferry number \(number) sails again, said the harbour master.", to: "pages/\(name).txt")
        }
        try workspace.write(
            """
            headwater: 1
            name: moody
            stages:
              fetch: {with: {\(fetch)from: [pages]}}
              bad: {plugin: moody, needs: fetch, with: {depends: \(depends)}}
              after: {plugin: moody, needs: bad, with: {depends: nothing}}
            publish:
              table: {from: bad, format: jsonl, to: out.jsonl}
            """, to: "moody.yaml")
        return workspace
    }
}
