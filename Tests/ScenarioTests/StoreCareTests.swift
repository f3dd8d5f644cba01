import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// A store in use: what is removed, what is kept, what is found damaged, and how it is mended.
@Suite struct StoreCareTests {
    private static let pipeline = "pipelines/quickstart.yaml"

    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try run(workspace)
        return workspace
    }

    @discardableResult
    private func run(_ workspace: Workspace, _ more: String...) throws -> [String: String] {
        let answer = Workspace.answer(try workspace.start(["run", StoreCareTests.pipeline, "--json"] + more))
        try #require(answer.status == 0, "\(answer.errors)")
        return try QuickstartTests.artifacts(answer)
    }

    /// Where an entry's content surely is, counted from its digest.
    private static let afterHeader = 40
    /// Bytes of an entry's header.
    private static let entryHeader = 68
    private static let page = "pipelines/samples/news/briefsaldria.example/grayle-dam-what-we-know.txt"

    private func edit(_ workspace: Workspace, _ sentence: String) throws {
        try workspace.write(try workspace.read(StoreCareTests.page) + Array("\(sentence)\n".utf8), to: StoreCareTests.page)
    }

    private func runs(_ workspace: Workspace) throws -> [String] {
        try workspace.run("log", "--json").json.compactMap { $0["id"]?.string }
    }

    @Test("gc forgets what no kept run needs; what is left is whole, and the next run finds all of it")
    func collection() throws {
        let workspace = try workspace()
        for number in 1...4 {
            try edit(workspace, "The water rose by \(number) metres in the night.")
            try run(workspace)
        }
        let artifacts = try run(workspace)
        let planned = try #require(try workspace.run("gc", "--keep", "1", "--keep-days", "0", "--dry-run", "--json").json.first)
        #expect(try runs(workspace).count == 6, "a dry run touches nothing")
        let done = try #require(try workspace.run("gc", "--keep", "1", "--keep-days", "0", "--json").json.first)
        #expect(done["removed"] == planned["removed"] && done["kept"] == planned["kept"])
        #expect((done["removed"]?["blobs"]?.integer ?? 0) > 10)
        #expect(done["packs"]?["after"]?.integer == 1)
        #expect(try runs(workspace).count == 1)
        #expect(try workspace.run("verify", "--all").status == 0)
        #expect(try workspace.run("fsck").output.hasSuffix("no faults\n"))
        #expect(try workspace.run("trace", "summarize#1").status == 0)
        let again = try workspace.run("run", StoreCareTests.pipeline, "--json")
        #expect(try QuickstartTests.artifacts(again) == artifacts)
        #expect(again.json.first?["stages"]?.array?.allSatisfy { $0["executed"]?.integer == 0 } == true)
    }

    @Test("a tagged run outlives every collection, until the tag is moved or removed")
    func tags() throws {
        let workspace = try workspace()
        let tagged = try #require(try runs(workspace).first)
        #expect(try workspace.run("tag", "quickstart", "first-edition").status == 0)
        for number in 1...2 {
            try edit(workspace, "Bowls were sold out after \(number) hours.")
            try run(workspace)
        }
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0").status == 0)
        #expect(try runs(workspace).count == 2)
        // The run between the two is gone, and what superseded the old one with it.
        #expect(try workspace.run("show", "quickstart", "--json").json.first?["id"]?.string == runs(workspace).first)
        #expect(try workspace.run("trace", "tag:first-edition/summarize#1").status == 0)
        #expect(try workspace.run("tag").output.contains("first-edition  run:\(tagged)"))
        let unknown = try workspace.run("show", "tag:second-edition")
        #expect(unknown.status == 2 && unknown.errors.contains("there are first-edition"))
        #expect(try workspace.run("tag", "--remove", "first-edition").status == 0)
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0").status == 0)
        #expect(try runs(workspace).count == 1 && !runs(workspace).contains(tagged))
        #expect(try workspace.run("tag").output == "no tags yet\n")
        #expect(try workspace.run("verify", "--all").status == 0)
    }

    @Test("young runs are kept whatever their number")
    func age() throws {
        let workspace = try workspace()
        for _ in 0..<3 { try run(workspace) }
        #expect(try workspace.run("gc", "--keep", "1").status == 0)
        #expect(try runs(workspace).count == 4)
    }

    @Test("fsck names each damaged blob with the stage and run that it harms; --repair mends all that can be made again")
    func repair() throws {
        let workspace = try workspace()
        let artifacts = try run(workspace)
        let id = try #require(try runs(workspace).last)
        #expect(try workspace.run("gc").status == 0)
        let pack =
            "artifacts/packs/"
            + (try #require(try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/artifacts/packs").first))
        // A source, and what two stages came to: one is restored from the original, the others by carrying tasks out.
        var bytes = try workspace.read(pack)
        let harmed =
            [Digest(of: try workspace.read(StoreCareTests.page))]
            + ["clean", "extract"].compactMap { artifacts[$0].flatMap { Digest($0) } }
        try #require(harmed.count == 3)
        for digest in harmed {
            let entry = try #require(bytes.firstRange(of: digest.bytes), "\(digest) is in no pack")
            bytes[entry.lowerBound + StoreCareTests.afterHeader] ^= 1
        }
        try workspace.write(bytes, to: pack)
        let found = try workspace.run("fsck", "--json")
        #expect(found.status == 3)
        let faults = try #require(found.json.first?["faults"]?.array)
        #expect(Set(faults.compactMap { $0["blob"]?.string }) == Set(harmed.map(\.description)))
        for fault in faults {
            #expect(fault["path"]?.string?.hasSuffix(pack) == true && fault["offset"]?.integer != nil)
            let runs = (fault["harms"]?.array ?? []).flatMap { $0["runs"]?.array ?? [] }
            #expect(runs.contains(.string(id)), "\(fault)")
        }
        let repair = try workspace.run("fsck", "--repair")
        #expect(repair.status == 0, "\(repair.output) \(repair.errors)")
        #expect(try workspace.run("fsck").status == 0)
        #expect(try workspace.run("verify", "--all").status == 0)
        #expect(try run(workspace) == artifacts)
    }

    @Test("fsck --repair --from takes what is damaged from another store: sources that have changed since, runs and names too")
    func copies() throws {
        let workspace = try workspace()
        let artifacts = try run(workspace)
        let first = try #require(try runs(workspace).last)
        try edit(workspace, "The page is another one now.")
        #expect(try workspace.run("gc").status == 0)
        let packs = workspace.path + "/artifacts/packs/"
        try FileManager.default.copyItem(atPath: workspace.path + "/artifacts", toPath: workspace.path + "/copy")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: packs).first)
        var bytes = try workspace.read("artifacts/packs/" + name)
        // The pack's sync marker, with which each entry begins, stands in its header.
        for entry in bytes.ranges(of: bytes[12..<20]).dropFirst() {
            bytes[entry.lowerBound + StoreCareTests.entryHeader] ^= 1
        }
        try workspace.write(bytes, to: "artifacts/packs/" + name)
        #expect(try workspace.run("fsck").status == 3)
        let alone = try workspace.run("fsck", "--repair")
        #expect(alone.status == 3, "a page that has changed since cannot be read again, nor a run be made again")
        let repair = try workspace.run("fsck", "--repair", "--from", "copy")
        #expect(repair.status == 0, "\(repair.output) \(repair.errors)")
        #expect(try workspace.run("fsck").output.hasSuffix("no faults\n"))
        #expect(try workspace.run("verify", "--all").status == 0)
        let shown = try workspace.run("show", "run:\(first)", "--json")
        #expect(shown.status == 0)
        #expect(artifacts.values.allSatisfy { shown.output.contains($0) }, "\(shown.output)")
        let wrong = try workspace.run("fsck", "--repair", "--from", "nowhere")
        #expect(wrong.status != 0 && wrong.errors.contains("nowhere"), "\(wrong.errors)")
    }

    @Test("what cannot be made again is listed, and everything else keeps working")
    func loss() throws {
        let workspace = try workspace()
        let page = try workspace.read(StoreCareTests.page)
        let digest = Digest(of: page)
        try edit(workspace, "The page is another one now.")
        for name in try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/artifacts/packs") {
            var bytes = try workspace.read("artifacts/packs/" + name)
            guard let entry = bytes.firstRange(of: digest.bytes) else { continue }
            bytes[entry.lowerBound + 40] ^= 1
            try workspace.write(bytes, to: "artifacts/packs/" + name)
        }
        let repair = try workspace.run("fsck", "--repair")
        #expect(repair.status == 3)
        #expect(repair.output.contains("harms source briefsaldria.example/grayle-dam-what-we-know.txt"))
        #expect(repair.output.hasSuffix("1 fault left\n"))
        let verified = try workspace.run("verify", "quickstart")
        #expect(verified.status == 0, "the new run needs the new page only: \(verified.output)")
    }

    @Test("explain tells why tasks ran, by parameter, source and plugin, and which run a hit came from")
    func explain() throws {
        let workspace = try workspace()
        let first = try #require(try runs(workspace).first)
        #expect(
            try workspace.run("explain", "clean").output.contains(
                "carried out  apply of briefsaldria.example/grayle-dam-what-we-know.txt: no earlier run has it"))
        try run(workspace)
        let hit = try workspace.run("explain", "clean", "--json")
        #expect(hit.json.first?["tasks"]?.array?.first?["from"]?.string == first)
        #expect(hit.json.first?["comparedWith"]?.string == first)
        try edit(workspace, "One more sentence.")
        try run(workspace)
        #expect(
            try workspace.run("explain", "fetch").output.contains(
                "source briefsaldria.example/grayle-dam-what-we-know.txt changed"))
        let record = try workspace.run("explain", "clean#1").output
        #expect(record.contains("apply of briefsaldria.example/grayle-dam-what-we-know.txt: its documents changed"))
        #expect(try workspace.run("explain", "source:briefsaldria.example/grayle-dam-what-we-know.txt").status == 2)
    }

    @Test("status and du account for the store: its runs, and every byte of its blobs")
    func accounts() throws {
        let workspace = try workspace()
        let status = try #require(try workspace.run("status", "--json").json.first)
        #expect(status["runs"] == 1 && status["latest"]?.array?.first?["state"] == "done" && status["writing"] == [])
        let lines = try workspace.run("du", "--json").json
        let size = try #require(status["store"]?["packBytes"]?.integer)
        let total = lines.reduce(0) { $0 + ($1["bytes"]?.integer ?? 0) }
        #expect(total < size && total > size / 2)
        #expect(!lines.contains { $0["what"] == "needed by no run" })
    }
}
