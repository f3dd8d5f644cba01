import Foundation
import HeadwaterModel
import Testing

/// A disk that fills up at one moment or another: what is said, what is left, and that the next run needs no flag.
@Suite struct FullDiskTests {
    /// Runs a line of shell with the command as `$0`.
    static func shell(_ line: String, in workspace: Workspace) throws -> Workspace.Answer {
        Workspace.answer(try workspace.start("/bin/sh", ["-c", line, Workspace.command], [:]))
    }

    /// The names of all files below a folder.
    private static func files(_ folder: String, in workspace: Workspace) -> [String] {
        let names = FileManager.default.enumerator(atPath: workspace.path + "/" + folder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: workspace.path + "/\(folder)/\(name)", isDirectory: &isFolder)
            return !isFolder.boolValue
        }.sorted()
    }

    private static let undisturbed = Result { () -> (artifacts: [String: String], brief: [UInt8]) in
        let workspace = try Workspace()
        try workspace.copySamples()
        let run = try workspace.run("run", "pipelines/quickstart.yaml", "--json")
        return (try QuickstartTests.artifacts(run), try workspace.read("out/brief.md"))
    }

    /// After space was made: a run without any flag comes to what it would have come to, and leaves nothing lying about.
    private static func expectWhole(_ workspace: Workspace, after what: String) throws {
        let expected = try undisturbed.get()
        let next = try workspace.run("run", "pipelines/quickstart.yaml", "--json")
        try #require(next.status == 0, "\(what): \(next.errors)")
        #expect(try QuickstartTests.artifacts(next) == expected.artifacts, "\(what)")
        #expect(try workspace.read("out/brief.md") == expected.brief, "\(what)")
        #expect(try workspace.run("verify", "--all").status == 0, "\(what)")
        #expect(files("artifacts/tmp", in: workspace) == [], "\(what)")
        #expect(files("out", in: workspace) == ["brief.md"], "\(what)")
    }

    // A limit on the size of files stands in for a full disk: writes fail in the same place, with EFBIG for ENOSPC.
    @Test(
        "wherever in a run the disk fills up, the run says so, and the next one ends well",
        arguments: [1, 20, 200, 318])
    func duringRun(blocks: Int) throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        let full = try FullDiskTests.shell("ulimit -f \(blocks); exec \"$0\" run pipelines/quickstart.yaml", in: workspace)
        #expect(full.status == 1, "\(full.errors)")
        #expect(full.errors.contains("artifacts/tmp/") && full.errors.contains("File too large"), "\(full.errors)")
        #expect(full.errors.contains("raise the limit on file sizes (ulimit -f) and run again"), "\(full.errors)")
        // It may have come as far as to publish; then the file is whole.
        if workspace.exists("out/brief.md") {
            #expect(try workspace.read("out/brief.md") == FullDiskTests.undisturbed.get().brief)
        }
        try FullDiskTests.expectWhole(workspace, after: "\(blocks) blocks")
    }

    /// A pipeline whose published file is larger than what a run without news writes to the store.
    private static func articles(_ count: Int) throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<count {
            let text = (0..<4).map { "Sentence \($0) of page \(page) tells what the council decided about pier \(page).\n" }
            try workspace.write(text.joined(), to: "pages/\(page).txt")
        }
        try workspace.write(
            "headwater: 1\nname: p\nstages:\n  fetch: {with: {from: [../pages]}}\n  clean: {needs: fetch}\n"
                + "publish:\n  all: {from: clean, format: markdown, to: ../out/all.md}\n", to: "pipelines/p.yaml")
        return workspace
    }

    @Test("where a published file finds no room, the old one stays whole, the run is recorded as failed, and the next publishes")
    func publishing() throws {
        let workspace = try FullDiskTests.articles(200)
        try #require(try workspace.run("run", "pipelines/p.yaml").status == 0)
        let whole = try workspace.read("out/all.md")
        try #require(whole.count > 40 * 512)
        try workspace.write("an older file", to: "out/all.md")
        let full = try FullDiskTests.shell("ulimit -f 40; exec \"$0\" run pipelines/p.yaml", in: workspace)
        #expect(full.status == 1, "\(full.errors)")
        #expect(
            full.errors.contains("cannot write \(workspace.path)/out/all.md: File too large; raise the limit"), "\(full.errors)")
        #expect(try workspace.read("out/all.md") == Array("an older file".utf8))
        #expect(FullDiskTests.files("out", in: workspace) == ["all.md"])
        let log = try workspace.run("log", "--limit", "1").output
        #expect(log.contains("p  failed") && log.contains("publish all: cannot write"), "\(log)")
        #expect(try workspace.run("run", "pipelines/p.yaml").status == 0)
        #expect(try workspace.read("out/all.md") == whole)
        #expect(try workspace.run("verify", "--all").status == 0)
    }

    @Test("hints that find no room cost nothing but time, and leave nothing half-written")
    func hints() throws {
        let workspace = try FullDiskTests.articles(300)
        // Files that changed within two seconds leave no hint.
        Thread.sleep(forTimeInterval: 2.1)
        let full = try FullDiskTests.shell(
            "\"$0\" run pipelines/p.yaml && rm -r artifacts/hints && ulimit -f 16 && exec \"$0\" run pipelines/p.yaml",
            in: workspace)
        #expect(full.status == 0, "\(full.errors)")
        #expect(FullDiskTests.files("artifacts/hints", in: workspace) == [])
        let next = try workspace.run("run", "pipelines/p.yaml", "--json")
        #expect(next.status == 0)
        #expect(next.json.first?["stages"]?.array?.allSatisfy { $0["executed"] == 0 } == true)
        #expect(FullDiskTests.files("artifacts/hints", in: workspace) == ["p"])
    }

    /// Whether a file system of a chosen size can be mounted, for one process and what it starts.
    static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "unshare -m mount -t tmpfs -o size=64k none /mnt"]
        process.standardError = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(
        "on a small file system the same holds, and the message is the system's own",
        .enabled(if: canMount, "needs the right to mount a file system"), arguments: [8, 100])
    func smallFileSystem(kibibytes: Int) throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        // What the run left on the small file system is copied off before that goes.
        let line = """
            mkdir artifacts small
            mount -t tmpfs -o size=\(kibibytes)k none artifacts
            "$0" run pipelines/quickstart.yaml; echo "status $?"
            cp -a artifacts/. small/; umount artifacts; cp -a small/. artifacts/; rm -r small
            """
        let answer = Workspace.answer(
            try workspace.start("/usr/bin/env", ["unshare", "-m", "/bin/sh", "-c", line, Workspace.command], [:]))
        #expect(answer.output.contains("status 1"), "\(answer.output) \(answer.errors)")
        #expect(
            answer.errors.contains("No space left on device; free some space and run again"), "\(kibibytes): \(answer.errors)")
        #expect(!workspace.exists("out/brief.md"))
        try FullDiskTests.expectWhole(workspace, after: "\(kibibytes) KiB")
    }

    @Test(
        "a published file that finds no room on its own file system leaves nothing there, and says what to do",
        .enabled(if: canMount, "needs the right to mount a file system"))
    func publishingToASmallFileSystem() throws {
        let workspace = try FullDiskTests.articles(200)
        let line = "mkdir out; mount -t tmpfs -o size=8k none out; \"$0\" run pipelines/p.yaml; echo \"status $?\"; ls -A out"
        let answer = Workspace.answer(
            try workspace.start("/usr/bin/env", ["unshare", "-m", "/bin/sh", "-c", line, Workspace.command], [:]))
        #expect(answer.output == "status 1\n", "nothing is left in the folder: \(answer.output)")
        #expect(answer.errors.contains("out/all.md: No space left on device; free some space and run again"), "\(answer.errors)")
        let next = try workspace.run("run", "pipelines/p.yaml", "--json")
        #expect(next.status == 0 && next.json.first?["stages"]?.array?.allSatisfy { $0["executed"] == 0 } == true)
        #expect(try workspace.run("trace", "out/all.md:5").status == 0)
    }
}
