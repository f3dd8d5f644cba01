import Foundation
import HeadwaterModel
import Testing

/// Whatever is wrong from outside: one clear message with the place named, the right exit status, nothing half-written.
@Suite struct BadInputTests {
    private static func pipeline(from: String) -> String {
        """
        headwater: 1
        name: bad
        stages:
          fetch: {plugin: fetch, with: {from: ["\(from)"]}}
          clean: {plugin: clean, needs: fetch}

        """
    }

    private static let article =
        "The storm reached the harbour at noon on Monday, and the ferries stayed at their moorings until the evening tide.\n\nThe mayor said that nobody was hurt, although forty cellars were flooded and two barges sank beside the old pier.\n"

    @Test("pages that are no good are left out with a reason, and the others come through")
    func oddPages() throws {
        let workspace = try Workspace()
        try workspace.write(BadInputTests.pipeline(from: "pages"), to: "bad.yaml")
        try workspace.write(BadInputTests.article, to: "pages/good.txt")
        try workspace.write([], to: "pages/empty.html")
        try workspace.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: "pages/binary.bin")
        try workspace.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], to: "pages/picture.png")
        try workspace.write(
            Array(BadInputTests.article.utf8) + [0xFF, 0xC0, 0x20] + Array(BadInputTests.article.utf8), to: "pages/half-utf8.txt")
        try workspace.write(Array(repeating: UInt8(ascii: "<"), count: 50_000), to: "pages/angles.html")
        try workspace.write(String(repeating: "<div>", count: 100_000), to: "pages/deep.html")
        let run = try workspace.run("run", "bad.yaml", "--store", "store", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let kept = try workspace.run("records", "clean", "--json", "--store", "store").json.compactMap {
            $0["fields"]?["locator"]?.string
        }
        #expect(kept.contains("good.txt"))
        #expect(kept.contains("half-utf8.txt"))
        let dropped = try workspace.run("records", "clean", "--dropped", "--json", "--store", "store").json.filter {
            $0["kind"] == nil
        }
        #expect(dropped.count == 5, "\(dropped)")
        #expect(dropped.allSatisfy { !($0["reason"]?.string ?? "").isEmpty })
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
    }

    @Test(
        "a place that finds nothing is an error at its line of the pipeline file",
        arguments: [
            ("pages/*.nothing", "pages/*.nothing"), ("no-such-folder", "no-such-folder"),
            ("pages/no-such-file.txt", "no-such-file.txt"), ("loop", "loop"),
        ])
    func missing(from: String, named: String) throws {
        let workspace = try Workspace()
        try workspace.write(BadInputTests.article, to: "pages/good.txt")
        try FileManager.default.createDirectory(atPath: workspace.path + "/loop", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: workspace.path + "/loop/again", withDestinationPath: "../loop")
        try workspace.write(BadInputTests.pipeline(from: from), to: "bad.yaml")
        let run = try workspace.run("run", "bad.yaml", "--store", "store")
        #expect(run.status == 1)
        #expect(run.errors.contains("bad.yaml:4:"), "\(run.errors)")
        #expect(run.errors.contains(named), "\(run.errors)")
        #expect(run.errors.contains("^"), "the line is shown with a caret: \(run.errors)")
    }

    @Test(
        "an unreadable folder is named", .enabled(if: geteuid() != 0, "needs a user whom permissions bind; root reads everything")
    )
    func unreadable() throws {
        let workspace = try Workspace()
        try workspace.write(BadInputTests.article, to: "locked/page.txt")
        try workspace.write(BadInputTests.pipeline(from: "locked"), to: "bad.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: workspace.path + "/locked")
        let run = try workspace.run("run", "bad.yaml", "--store", "store")
        #expect(run.status == 1)
        #expect(run.errors.contains("locked"))
    }

    @Test("a store that cannot be written is an error that names it, and nothing is published")
    func storeNotWritable() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try workspace.write("not a folder", to: "store")
        let run = try workspace.run("run", "pipelines/quickstart.yaml", "--store", "store")
        #expect(run.status == 1)
        #expect(run.errors.contains("store"), "\(run.errors)")
        #expect(!workspace.exists("out/brief.md"))
    }

    @Test("when the disk is full the run says so, and after space is made the next run needs no flag")
    func diskFull() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        let limited = Process()
        limited.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A limit on the size of files stands in for a full disk: writes fail in the same place, with EFBIG for ENOSPC.
        limited.arguments = ["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" run pipelines/quickstart.yaml", Workspace.command]
        limited.currentDirectoryURL = URL(fileURLWithPath: workspace.path)
        let errors = Pipe()
        limited.standardError = errors
        try limited.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        limited.waitUntilExit()
        #expect(limited.terminationStatus == 1, "\(said)")
        #expect(said.contains("error"), "\(said)")
        #expect(!workspace.exists("out/brief.md"))
        let again = try workspace.run("run", "pipelines/quickstart.yaml", "--json")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try workspace.run("verify", "--all").status == 0)
        let fresh = try Workspace()
        try fresh.copySamples()
        let undisturbed = try fresh.run("run", "pipelines/quickstart.yaml", "--json")
        #expect(try QuickstartTests.artifacts(again) == QuickstartTests.artifacts(undisturbed))
    }

    /// Flips one bit of a stored entry.
    private func flipBit(in workspace: Workspace) throws {
        let packs = try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/artifacts/packs")
        let pack = "artifacts/packs/" + (try #require(packs.first))
        var bytes = try workspace.read(pack)
        bytes[bytes.count / 3] ^= 0x10
        try workspace.write(bytes, to: pack)
    }

    @Test("a flipped bit in the store is found by verify, which names the place and exits 1")
    func damage() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml").status == 0)
        try flipBit(in: workspace)
        let verify = try workspace.run("verify", "--all")
        #expect(verify.status == 1, "\(verify.output) \(verify.errors)")
        #expect(verify.output.contains("fault quickstart/") || verify.output.contains("fault run"), "\(verify.output)")
    }

    @Test("a forced stage mends what is damaged of its results")
    func mend() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml").status == 0)
        try flipBit(in: workspace)
        try #require(try workspace.run("verify", "--all").status == 1)
        let stages = ["fetch", "clean", "dedupe", "extract", "summarize"].flatMap { ["--force", $0] }
        let started = try workspace.start(["run", "pipelines/quickstart.yaml"] + stages)
        let mended = Workspace.answer(started)
        #expect(mended.status == 0, "\(mended.errors)")
        #expect(try workspace.run("verify", "quickstart").status == 0)
    }

    @Test("lint gives editors the faults as JSON, with places, what was expected and the nearest name")
    func lintAsJSON() throws {
        let workspace = try Workspace()
        try workspace.write("headwater: 1\nname: bad\nstages:\n  clean: {plugn: clean}\n", to: "bad.yaml")
        let answer = try workspace.run("lint", "bad.yaml", "--json")
        #expect(answer.status == 2)
        let fault = try #require(answer.json.first?["faults"]?.array?.first)
        #expect(fault["line"] == 4 && fault["column"] == 11 && fault["length"] == 5)
        #expect(fault["suggestion"] == "plugin")
    }

    @Test("a parameter that only the plugin can judge is refused at its place, by lint already")
    func refusedParameter() throws {
        let workspace = try Workspace()
        try workspace.write(
            "headwater: 1\nname: bad\nstages:\n  fetch: {with: {from: [pages]}}\n  extract:\n    needs: fetch\n    with:\n      kinds: [date, quotes]\n",
            to: "bad.yaml")
        for command in ["lint", "run"] {
            let answer = try workspace.run(command, "bad.yaml")
            #expect(answer.status == 2)
            #expect(answer.errors.contains("bad.yaml:8:"), "\(answer.errors)")
            #expect(answer.errors.contains("quotes"))
        }
    }

    @Test("faults of the pipeline file end every command that reads it with status 2 and all of them shown")
    func pipelineFaults() throws {
        let workspace = try Workspace()
        try workspace.write(
            "headwater: 1\nname: bad\nstages:\n  fetch: {plugn: fetch}\n  clean: {plugin: cleen, needs: fetch}\n", to: "bad.yaml")
        for command in ["lint", "plan", "run"] {
            let answer = try workspace.run(command, "bad.yaml")
            #expect(answer.status == 2)
            #expect(answer.errors.contains("bad.yaml:4:"))
            #expect(answer.errors.contains("bad.yaml:5:"))
            #expect(answer.errors.contains("did you mean \"clean\"?"), "\(answer.errors)")
        }
        #expect(!workspace.exists("artifacts"))
    }

    @Test(
        "a reference that names nothing is a usage fault that says what there is",
        arguments: [
            ("sumarize", "known are"), ("summarize#99", "has 8 records"), ("summarize#1:5-99999", "has only"),
            ("run:ffff", "no such run"),
            ("source:nowhere.html", "no run has read such a source"), ("summarize#0", "from 1"), ("sha256:000000", "no artifact"),
        ])
    func badReference(reference: String, said: String) throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        let answer = try workspace.run("show", reference)
        #expect(answer.status == 2)
        #expect(answer.errors.contains(said), "\(answer.errors)")
    }

    @Test(
        "what the command line does not know is a usage fault with status 2",
        arguments: [["run"], ["frobnicate"], ["run", "x.yaml", "--jobs", "0"], ["verify"]])
    func usage(arguments: [String]) throws {
        let workspace = try Workspace()
        let answer = Workspace.answer(try workspace.start(arguments))
        #expect(answer.status == 2)
        #expect(!answer.errors.isEmpty)
    }
}
