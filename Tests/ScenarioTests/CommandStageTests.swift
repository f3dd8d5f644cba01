import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// A program of somebody's as a stage: what it sees, what is kept of it, and what it cannot do.
@Suite struct CommandStageTests {
    /// A folder with two texts and a pipeline whose stage `work` is a command on them.
    private static func workspace(_ work: String) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("The ferry left at noon.\n", to: "texts/a.txt")
        try workspace.write("Fog held the harbour.\n", to: "texts/deep/b.txt")
        try workspace.write(
            """
            headwater: 1
            name: commands
            stages:
              texts: {plugin: fetch, with: {from: ["texts/**/*.txt"]}}
              work:
                plugin: command
                needs: {texts: texts}
            \(work)
            """, to: "pipeline.yaml")
        return workspace
    }

    private static func with(_ script: String, outputs: String, more: String = "") throws -> Workspace {
        try workspace(
            "    with:\n      run: [sh, -c, '\(script.replacingOccurrences(of: "'", with: "''"))']\n      outputs: [\(outputs)]\n\(more)"
        )
    }

    private func run(_ workspace: Workspace, _ more: String...) throws -> Workspace.Answer {
        Workspace.answer(try workspace.start(["run", "pipeline.yaml", "--store", "store"] + more))
    }

    private func tree(_ workspace: Workspace, stage: String = "work") throws -> FileTree {
        let answer = try workspace.run("show", stage, "--json", "--store", "store")
        try #require(answer.status == 0, "\(answer.errors)")
        return try FileTree(json: try #require(answer.json.first))
    }

    private func text(_ workspace: Workspace, _ path: String) throws -> String {
        let file = try #require(try tree(workspace).file(at: path))
        return try workspace.run("show", file.digest.description, "--store", "store").output
    }

    @Test("a command gets its inputs as files, and its outputs are kept with modes, links and empty folders")
    func tree() throws {
        let workspace = try CommandStageTests.with(
            "cat inputs/texts/a.txt inputs/texts/deep/b.txt; mkdir -p made/empty; echo run > made/tool; chmod +x made/tool; ln -s tool made/link",
            outputs: "all.txt, made", more: "      stdout: all.txt\n")
        let answer = try run(workspace)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(try text(workspace, "all.txt") == "The ferry left at noon.\nFog held the harbour.\n\n")
        let tree = try tree(workspace)
        #expect(tree.entries.map(\.path) == ["all.txt", "made", "made/empty", "made/link", "made/tool"])
        #expect(tree.entries[3].kind == .link(target: "tool"))
        #expect(tree.file(at: "made/tool")?.isExecutable == true)
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("fsck", "--store", "store").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/store/work").isEmpty)
    }

    @Test("nothing runs again until an input, the command or its environment changes, and it is said which")
    func cache() throws {
        let workspace = try CommandStageTests.with("cat inputs/texts/*.txt > out", outputs: "out")
        #expect(try run(workspace).status == 0)
        func stages(_ more: String...) throws -> [String: Int] {
            let answer = Workspace.answer(try workspace.start(["run", "pipeline.yaml", "--store", "store", "--json"] + more))
            let stages = try #require(answer.json.first?["stages"]?.array, "\(answer.errors)")
            return Dictionary(stages.map { ($0["name"]?.string ?? "", $0["executed"]?.integer ?? -1) }, uniquingKeysWith: { $1 })
        }
        #expect(try stages() == ["texts": 0, "work": 0])
        try workspace.write("The ferry left at one.\n", to: "texts/a.txt")
        let plan = try run(workspace, "--verbose")
        #expect(plan.errors.contains("work: apply: its texts changed"), "\(plan.errors)")
        #expect(try text(workspace, "out") == "The ferry left at one.\n\n")
        let file = String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
        try workspace.write(file + "\n      environment: {LANG: C.UTF-8}\n", to: "pipeline.yaml")
        #expect(try stages() == ["texts": 0, "work": 1])
        try workspace.write(file + "\n      environment: {LANG: C.UTF-8}\n      sandbox: 'off'\n", to: "pipeline.yaml")
        #expect(try stages() == ["texts": 0, "work": 0], "how firmly it is held changes nothing of what is made")
    }

    @Test("a missing output fails the task and is named; what was left beside is told")
    func outputs() throws {
        let missing = try CommandStageTests.with("echo one > first; echo more > other", outputs: "first, second, third/deep")
        let failed = try run(missing)
        #expect(failed.status == 1)
        #expect(failed.errors.contains("it did not make its output second, third/deep"), "\(failed.errors)")
        let more = try CommandStageTests.with(
            "echo one > first; echo more > other; mkdir left; touch left/behind", outputs: "first")
        let warned = try run(more)
        #expect(warned.status == 0)
        #expect(
            warned.errors.contains("files that are not among its outputs, and they are gone: left/, other"), "\(warned.errors)")
    }

    @Test(
        "what cannot be kept fails the task",
        arguments: [
            ("ln -s /etc/passwd out", "leads to nothing in it"), ("mkfifo out", "no file, folder or link"),
            ("ln -s inputs/texts/a.txt out", "leads to nothing in it"),
            ("mkdir out; touch \"out/$(printf \"\\377\")\"", "not UTF-8"),
            ("echo gone >&2; exit 3", "sh exited with status 3; it said last: gone"),
            ("kill -SEGV $$", "was ended by signal 11 (SIGSEGV)"),
        ])
    func unkeepable(script: String, message: String) throws {
        let answer = try run(try CommandStageTests.with(script, outputs: "out"))
        #expect(answer.status == 1)
        #expect(answer.errors.contains(message), "\(answer.errors)")
    }

    @Test("a command that takes too long is ended, and the rest goes on")
    func timeout() throws {
        let workspace = try CommandStageTests.with("sleep 1000", outputs: "out", more: "    timeout: 300ms\n")
        try workspace.write(
            String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
                + "  other: {plugin: command, needs: [texts], with: {run: [touch, out], outputs: [out]}}\n", to: "pipeline.yaml")
        let answer = try run(workspace, "--keep-going")
        #expect(answer.status == 1)
        #expect(answer.errors.contains("sh took longer than its 300 ms, and was ended"), "\(answer.errors)")
        #expect(try tree(workspace, stage: "other").entries.map(\.path) == ["out"])
    }

    @Test("in the sandbox a command sees its inputs and nothing else, and cannot change them")
    func sandbox() throws {
        let script =
            "cat \"$OUTSIDE\" || echo hidden; echo x > inputs/texts/a.txt || echo kept; rm -f inputs/texts/a.txt; ls inputs/texts; pwd; ls -A"
        let workspace = try CommandStageTests.with(
            script, outputs: "seen",
            more: "      stdout: seen\n      sandbox: required\n      environment: {OUTSIDE: OUTSIDE-PATH}\n")
        let file = String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
        try workspace.write(file.replacing("OUTSIDE-PATH", with: workspace.path + "/texts/a.txt"), to: "pipeline.yaml")
        let answer = try run(workspace)
        if answer.errors.contains("a sandbox is required, and there is none") {
            #expect(answer.status == 1, "bubblewrap does not work here, and that is an error")
            return
        }
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(try text(workspace, "seen") == "hidden\nkept\na.txt\ndeep\n/work\ninputs\nseen\n\n")
    }

    @Test("without a sandbox a command that writes to its inputs changes nobody else's")
    func inputsAreCopies() throws {
        let workspace = try CommandStageTests.with(
            "chmod -R u+w inputs; echo harm > inputs/texts/a.txt; touch out", outputs: "out", more: "      sandbox: 'off'\n")
        #expect(try run(workspace).status == 0)
        #expect(String(decoding: try workspace.read("texts/a.txt"), as: UTF8.self) == "The ferry left at noon.\n")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("show", "source:a.txt", "--store", "store").output == "The ferry left at noon.\n")
    }

    @Test("records come as lines of JSON, and files of one command go to the next")
    func chain() throws {
        let workspace = try CommandStageTests.workspace(
            """
                with: {run: [sh, -c, "mkdir -p d; cp inputs/texts/a.txt d/copy"], outputs: [d]}
              clean: {needs: texts}
              last:
                plugin: command
                needs: {files: work, documents: clean}
                with:
                  run: [sh, -c, "cat inputs/files/d/copy; wc -l < inputs/documents.jsonl; grep -c headwater.record /dev/stdin || true"]
                  outputs: [out]
                  stdin: inputs/documents.jsonl
                  stdout: out
            """)
        try CommandStageTests.writeArticles(to: workspace)
        let answer = try run(workspace)
        #expect(answer.status == 0, "\(answer.errors)")
        let file = try #require(try tree(workspace, stage: "last").file(at: "out"))
        let shown = try workspace.run("show", file.digest.description, "--store", "store").output
        #expect(shown.contains("\n2\n"), "\(shown)")
    }

    @Test("a stage of records cannot take files, and that is said before anything runs")
    func recordsWanted() throws {
        let workspace = try CommandStageTests.workspace("    with: {run: [touch, out], outputs: [out]}\n  clean: {needs: work}\n")
        let answer = try run(workspace)
        #expect(answer.status != 0)
        #expect(answer.errors.contains("its input work makes files, and the plugin clean takes records"), "\(answer.errors)")
    }

    @Test("files are published as they are, follow the command, and leave alone what others put there")
    func published() throws {
        let script =
            "mkdir -p d/empty; echo one > d/one; : > d/nothing; echo \"#!/bin/sh\" > d/tool; chmod +x d/tool; ln -s one d/link; echo two > two"
        let workspace = try CommandStageTests.with(
            script, outputs: "d, two", more: "publish:\n  all: {from: work, format: files, to: out}\n")
        let answer = try run(workspace)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(String(decoding: try workspace.read("out/d/link"), as: UTF8.self) == "one\n")
        #expect(try workspace.read("out/d/nothing").isEmpty)
        #expect(workspace.exists("out/d/empty"))
        #expect(try workspace.execute("out/d/tool").status == 0)
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try run(workspace, "--quiet").status == 0)
        try workspace.write("mine", to: "out/mine")
        let file = String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
        try workspace.write(file.replacing("echo two > two", with: "echo three > two; rm d/one d/link"), to: "pipeline.yaml")
        #expect(try run(workspace).status == 0)
        #expect(String(decoding: try workspace.read("out/two"), as: UTF8.self) == "three\n")
        #expect(!workspace.exists("out/d/one") && workspace.exists("out/mine"))
    }

    @Test("links and folders that are no longer part of what is published go, and what others put there stays")
    func staleEntries() throws {
        let workspace = try CommandStageTests.with(
            "mkdir -p d/empty/deep d/used d/real; echo one > d/one; echo in > d/real/in; for l in gone moved file theirs; do ln -s one d/$l; done; ln -s real d/way",
            outputs: "d", more: "publish:\n  all: {from: work, format: files, to: out}\n")
        #expect(try run(workspace).status == 0)
        #expect(workspace.exists("out/d/empty/deep") && workspace.exists("out/d/way/in"))
        try workspace.write("mine", to: "out/d/used/mine")
        let manager = FileManager.default
        try manager.removeItem(atPath: workspace.path + "/out/d/theirs")
        try manager.createSymbolicLink(atPath: workspace.path + "/out/d/theirs", withDestinationPath: "real")
        let file = String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
        let after =
            "mkdir -p d/real d/way; echo one > d/one; echo in > d/real/in; echo two > d/two; ln -s two d/moved; echo file > d/file; echo other > d/way/in"
        let start = try #require(file.range(of: "mkdir -p"))
        let end = try #require(file.range(of: "real d/way"))
        try workspace.write(file.replacingCharacters(in: start.lowerBound..<end.upperBound, with: after), to: "pipeline.yaml")
        for _ in 0..<2 {
            let answer = try run(workspace)
            #expect(answer.status == 0, "\(answer.errors)")
            func names(_ folder: String) throws -> [String] {
                try manager.contentsOfDirectory(atPath: workspace.path + "/out/" + folder).sorted()
            }
            #expect(try names("d") == ["file", "moved", "one", "real", "theirs", "two", "used", "way"])
            #expect(try names("d/used") == ["mine"] && names("d/real") == ["in"])
            for (path, text) in [
                ("d/file", "file\n"), ("d/one", "one\n"), ("d/moved", "two\n"), ("d/way/in", "other\n"), ("d/real/in", "in\n"),
            ] {
                #expect(String(decoding: try workspace.read("out/" + path), as: UTF8.self) == text, "\(path)")
            }
            #expect(try manager.destinationOfSymbolicLink(atPath: workspace.path + "/out/d/theirs") == "real")
        }
    }

    @Test("what is made of files is published as files, and what is made of records is not")
    func publishedWrongly() throws {
        let markdown = try CommandStageTests.with(
            "touch out", outputs: "out", more: "publish:\n  all: {from: work, to: out.md}\n")
        #expect(try run(markdown).errors.contains("the stage \"work\" makes files, which cannot be written as markdown"))
        let files = try CommandStageTests.with(
            "touch out", outputs: "out", more: "publish:\n  all: {from: texts, format: files, to: out}\n")
        #expect(try run(files).errors.contains("the stage \"texts\" makes records, which cannot be written as files"))
    }

    // MARK: File by file

    private static let each = """
            with: {each: texts, run: [sh, -c, 'mkdir -p "$(dirname "made/$2")"; tr a-z A-Z < "$1" > "made/$2"', sh, "inputs/texts/{}", "{.}.up"], outputs: ["made/{.}.up"]}

        """

    @Test("a command that is run for each file has a task for each, and one edit carries one out again")
    func fileByFile() throws {
        let workspace = try CommandStageTests.workspace(
            CommandStageTests.each
                + "  joined: {plugin: command, needs: {files: work}, with: {each: files, run: [cat], outputs: [\"{}\"], stdout: \"{}\", stdin: \"inputs/files/{}\"}}\n"
        )
        func executed(_ more: String...) throws -> [String: Int] {
            let answer = Workspace.answer(try workspace.start(["run", "pipeline.yaml", "--store", "store", "--json"] + more))
            let stages = try #require(answer.json.first?["stages"]?.array, "\(answer.errors)")
            return Dictionary(stages.map { ($0["name"]?.string ?? "", $0["executed"]?.integer ?? -1) }, uniquingKeysWith: { $1 })
        }
        // One that divides the sources, and one for each file; a tree needs no dividing.
        #expect(try executed() == ["texts": 1, "work": 3, "joined": 2])
        #expect(try tree(workspace).entries.map(\.path) == ["made", "made/a.up", "made/deep", "made/deep/b.up"])
        #expect(try text(workspace, "made/deep/b.up") == "FOG HELD THE HARBOUR.\n\n")
        #expect(try tree(workspace, stage: "joined") == (try tree(workspace)))
        #expect(try executed() == ["texts": 0, "work": 0, "joined": 0])
        try workspace.write("Rain held the harbour.\n", to: "texts/deep/b.txt")
        let said = try run(workspace, "--verbose")
        #expect(said.errors.contains("work: apply of deep/b.txt: its texts changed"), "\(said.errors)")
        #expect(!said.errors.contains("work: apply of a.txt"), "\(said.errors)")
        #expect(try text(workspace, "made/deep/b.up") == "RAIN HELD THE HARBOUR.\n\n")
        try workspace.write("A third.\n", to: "texts/c.txt")
        #expect(try executed() == ["texts": 1, "work": 2, "joined": 1])
        let explained = try workspace.run("explain", "work", "--store", "store")
        #expect(explained.output.contains("apply of c.txt: no earlier run has it"), "\(explained.output)")
        try FileManager.default.removeItem(atPath: workspace.path + "/texts/c.txt")
        #expect(try executed() == ["texts": 0, "work": 0, "joined": 0])
        #expect(try tree(workspace).files.count == 2)
        for check in [["verify", "--all"], ["fsck"], ["gc"], ["fsck"]] {
            #expect(Workspace.answer(try workspace.start(check + ["--store", "store"])).status == 0, "\(check)")
        }
        #expect(try executed() == ["texts": 0, "work": 0, "joined": 0], "what is collected is not what is needed")
    }

    @Test("a file that a command cannot do fails its own task, and the others are kept")
    func oneOfMany() throws {
        let workspace = try CommandStageTests.workspace(
            "    with: {each: texts, run: [sh, -c, 'grep -q ferry \"$1\" && echo \"$1\"', sh, \"inputs/texts/{}\"], outputs: [\"{}\"], stdout: \"{}\"}\n"
        )
        let failed = try run(workspace, "--keep-going")
        #expect(failed.status == 1)
        #expect(failed.errors.contains("stage work, apply of deep/b.txt: "), "\(failed.errors)")
        try workspace.write("Another ferry.\n", to: "texts/deep/b.txt")
        let mended = try run(workspace, "--json")
        #expect(mended.status == 0, "\(mended.errors)")
        #expect(mended.json.first?["stages"]?.array?.last?["hits"]?.integer == 1, "the file that went well is not done again")
    }

    @Test("two files that would give one output are refused with both named, and so is what cannot be taken file by file")
    func notFileByFile() throws {
        let clash = try CommandStageTests.workspace(
            "    with: {each: texts, run: [cp, \"inputs/texts/{}\", \"{.}\"], outputs: [\"{.}\"]}\n")
        try FileManager.default.removeItem(atPath: clash.path + "/texts/deep")
        try clash.write("Another.\n", to: "texts/a.md.txt")
        try clash.write("Another.\n", to: "texts/a.md")
        let pipeline = String(decoding: try clash.read("pipeline.yaml"), as: UTF8.self)
        try clash.write(pipeline.replacing("texts/**/*.txt", with: "texts/*"), to: "pipeline.yaml")
        let clashed = try run(clash)
        #expect(clashed.status == 1)
        #expect(clashed.errors.contains("its tasks for a.md and a.txt both make a"), "\(clashed.errors)")
        for (with, said) in [
            (
                "each: pages, run: [touch, \"{}\"], outputs: [\"{}\"]",
                "\"each\" names the input pages, which it does not have; expected texts"
            ),
            ("each: texts, run: [touch, out], outputs: [out]", "the output out would be made for each file anew"),
        ] {
            let answer = try run(try CommandStageTests.workspace("    with: {\(with)}\n"))
            #expect(answer.status != 0)
            #expect(answer.errors.contains(said), "\(answer.errors)")
        }
        let records = try CommandStageTests.workspace(
            "    with: {each: pages, run: [touch, \"{}\"], outputs: [\"{}\"]}\n  clean: {needs: texts}\n")
        let file = String(decoding: try records.read("pipeline.yaml"), as: UTF8.self)
        try records.write(file.replacing("needs: {texts: texts}", with: "needs: {pages: clean}"), to: "pipeline.yaml")
        #expect(try run(records).errors.contains("which is made of records; expected sources, or files of a command"))
    }

    // MARK: Lineage

    private static func claims(_ segments: String, of sources: String = "\"inputs/texts/a.txt\"") -> String {
        "printf '%s' 'ferry: fog' > out; printf '%s' '{\"schema\":\"headwater.lineage/1\",\"files\":{\"out\":{\"sources\":[\(sources)],\"segments\":[\(segments)]}}}' > lineage.json"
    }

    @Test("a command may tell which input bytes its outputs came from; it is proven, and proven again by verify")
    func lineage() throws {
        let workspace = try CommandStageTests.with(
            CommandStageTests.claims(
                "[5,0,4,5,\"verbatim\"],[2,-1,0,0,\"synthetic\"],[3,1,0,3,\"rewritten:case(lower)\"]",
                of: "\"inputs/texts/a.txt\",\"inputs/texts/deep/b.txt\""), outputs: "out")
        let answer = try run(workspace)
        #expect(answer.status == 0, "\(answer.errors)")
        let digest = try #require(try tree(workspace).file(at: "out")?.map)
        let map = try FileMap(json: try #require(try workspace.run("show", digest.description, "--store", "store").json.first))
        #expect(
            map.sources == [Digest(of: try workspace.read("texts/a.txt")), Digest(of: try workspace.read("texts/deep/b.txt"))])
        let verified = try workspace.run("verify", "--all", "--json", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("\"rewritten:case(lower)\":3"), "\(verified.output)")
    }

    @Test("a line of a published file is traced to the source's bytes; a file that tells nothing says what it was made from")
    func traced() throws {
        let claims = CommandStageTests.claims("[5,0,4,5,\"verbatim\"],[5,-1,0,0,\"synthetic\"]")
        let workspace = try CommandStageTests.with(
            claims + "; echo silent > other", outputs: "out, other",
            more: "publish:\n  all: {from: work, format: files, to: made}\n")
        #expect(try run(workspace).status == 0)
        let traced = try workspace.run("trace", "made/out:1", "--store", "store")
        #expect(traced.status == 0, "\(traced.errors)")
        #expect(traced.output.contains("a.txt") && traced.output.contains("ferry"), "\(traced.output)")
        let silent = try workspace.run("trace", "made/other", "--store", "store")
        #expect(silent.errors.contains("work made this file from all of texts, and told nothing"), "\(silent.errors)")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
    }

    @Test(
        "a false claim fails the task, with the file and the segment",
        arguments: [
            (
                "[5,0,5,5,\"verbatim\"],[5,-1,0,0,\"synthetic\"]",
                "out: segment 0: bytes 5..<10 of inputs/texts/a.txt do not give its 5 bytes"
            ),
            ("[5,0,4,5,\"verbatim\"]", "out: its segments cover 5 of 10 bytes"),
            ("[5,0,4,5,\"verbatim\"],[6,-1,0,0,\"synthetic\"]", "segment 1: it ends behind the file's 10 bytes"),
            ("[5,0,9000,5,\"verbatim\"],[5,-1,0,0,\"synthetic\"]", "segment 0: inputs/texts/a.txt has only 24 bytes"),
            ("[5,1,4,5,\"verbatim\"],[5,-1,0,0,\"synthetic\"]", "segment 0: it names source 1"),
            (
                "[5,0,4,5,\"invented\"],[5,-1,0,0,\"synthetic\"]",
                "segment 0: expected [length, source, offset, source length, mode]"
            ),
            ("[10,-1,0,0,\"supported\"]", "segment 0: a file has no evidence"),
            ("[9223372036854775807,-1,0,0,\"synthetic\"]", "segment 0:"),
        ])
    func falseClaims(segments: String, message: String) throws {
        let answer = try run(try CommandStageTests.with(CommandStageTests.claims(segments), outputs: "out"))
        #expect(answer.status == 1)
        #expect(answer.errors.contains(message), "\(answer.errors)")
    }

    @Test("what points into a record or into a traced file comes down to the original source")
    func composed() throws {
        let workspace = try CommandStageTests.workspace(
            """
                needs: {documents: clean}
                with:
                  run: [python3, -c, '\(CommandStageTests.excerpt)', "inputs/documents.jsonl", first]
                  outputs: [first]
              clean: {needs: texts}
              next:
                plugin: command
                needs: [work]
                with:
                  run: [sh, -c, '\(CommandStageTests.cut)']
                  outputs: [second]
            """.replacing("    needs: {documents: clean}\n", with: ""))
        let file = String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
        try workspace.write(file.replacing("needs: {texts: texts}", with: "needs: {documents: clean}"), to: "pipeline.yaml")
        try CommandStageTests.writeArticles(to: workspace)
        let answer = try run(workspace)
        #expect(answer.status == 0, "\(answer.errors)")
        let digest = try #require(try tree(workspace, stage: "next").file(at: "second")?.map)
        let map = try FileMap(json: try #require(try workspace.run("show", digest.description, "--store", "store").json.first))
        #expect(map.sources == [Digest(of: try workspace.read("texts/a.txt"))])
        let source = try workspace.read("texts/a.txt")
        let cited = map.segments.flatMap { source[$0.offset..<$0.offset + $0.sourceLength] }
        #expect(map.segments.map(\.mode) == [.verbatim] && cited.count == 3, "\(map)")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
    }

    /// Texts of two pages that are long enough to be articles.
    private static func writeArticles(to workspace: Workspace) throws {
        for (name, ship) in [("a", "ferry"), ("deep/b", "barge")] {
            let paragraph =
                "The \(ship) left the harbour at noon, and nobody on the quay could say when it would be back from the islands. "
                + "A clerk of the port said that fog had held it for two days, and that the crew was glad to go at last."
            try workspace.write(
                "The \(ship) leaves\n\n\(paragraph)\n\nOn board the \(ship): \(paragraph)\n", to: "texts/\(name).txt")
        }
    }

    /// Copies bytes 4 to 8 of the text of the first record.
    private static let excerpt = """
        import json, sys; text = json.loads(open(sys.argv[1]).readline())["text"][4:9]; open(sys.argv[2], "w").write(text); \
        json.dump({"schema": "headwater.lineage/1", "files": {sys.argv[2]: {"sources": [sys.argv[1] + "#1"], \
        "segments": [[5, 0, 4, 5, "verbatim"]]}}}, open("lineage.json", "w"))
        """

    /// Copies bytes 2 to 4 of that.
    private static let cut = """
        tail -c +3 inputs/work/first > second; \
        echo "{\\"schema\\":\\"headwater.lineage/1\\",\\"files\\":{\\"second\\":{\\"sources\\":[\\"inputs/work/first\\"],\\"segments\\":[[3,0,2,3,\\"verbatim\\"]]}}}" > lineage.json
        """

    // MARK: Ends

    @Test("a run that is killed takes its command with it, and leaves nothing that the next run does not remove")
    func killed() throws {
        let seconds = "\(Int.random(in: 100_000_000...999_999_999))"
        let workspace = try CommandStageTests.workspace("    with: {run: [sleep, \"\(seconds)\"], outputs: [out]}\n")
        let started = try workspace.start(["run", "pipeline.yaml", "--store", "store"])
        func isRunning() throws -> Bool { try workspace.execute("pgrep", "-f", "sleep \(seconds)").status == 0 }
        var waits = 0
        while try !isRunning(), waits < 500 { (waits, _) = (waits + 1, usleep(20_000)) }
        try #require(waits < 500, "the command never ran")
        kill(started.process.processIdentifier, SIGKILL)
        started.process.waitUntilExit()
        waits = 0
        while try isRunning(), waits < 500 { (waits, _) = (waits + 1, usleep(20_000)) }
        #expect(waits < 500, "the command lives on")
        let file = String(decoding: try workspace.read("pipeline.yaml"), as: UTF8.self)
        try workspace.write(file.replacing("[sleep, \"\(seconds)\"]", with: "[touch, out]"), to: "pipeline.yaml")
        #expect(try run(workspace).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/store/work").isEmpty)
    }
}
