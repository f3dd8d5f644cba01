import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// `snapshot: reference`: originals stay where they are, and every read checks them.
@Suite struct ReferenceTests {
    private static let page = "pages/page-3.txt"

    private static func article(_ page: Int) -> String {
        "Report \(page) from the harbour\n\n"
            + (0..<12).map { "Barge \(page * 100 + $0) was seen near the old bridge by people who waited there. " }.joined()
            + "\n"
    }

    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<8 { try workspace.write(ReferenceTests.article(page), to: "pages/page-\(page).txt") }
        try workspace.write(
            """
            headwater: 1
            name: big
            parameters: {snapshot: reference}
            stages:
              fetch: {plugin: fetch, with: {from: ["pages/*.txt"], snapshot: "${snapshot}"}}
              clean: {plugin: clean, needs: fetch}

            """, to: "big.yaml")
        return workspace
    }

    private func run(_ workspace: Workspace, store: String = "store", _ more: String...) throws -> JSON {
        let answer = Workspace.answer(try workspace.start(["run", "big.yaml", "--json", "--store", store] + more))
        try #require(answer.status == 0, "\(answer.errors)")
        return try #require(answer.json.first)
    }

    private func artifacts(_ run: JSON) -> [JSON?] { (run["stages"]?.array ?? []).map { $0["artifact"] } }

    private func executed(_ run: JSON, _ stage: Int) -> Int? { run["stages"]?.array?[stage]["executed"]?.integer }

    @Test("artifacts and keys are the same with copies and with references; du names the originals apart")
    func same() throws {
        let workspace = try workspace()
        let referred = try run(workspace)
        let copied = try run(workspace, store: "other", "--set", "snapshot=copy")
        #expect(artifacts(referred) == artifacts(copied) && !artifacts(referred).contains(nil))
        let size = (0..<8).reduce(0) { $0 + ReferenceTests.article($1).utf8.count }
        let usage = try workspace.run("du", "--json", "--store", "store").json
        let left = try #require(usage.first { $0["what"] == "sources left in place" })
        #expect(left["bytes"]?.integer == size && left["blobs"] == 8 && left["outside"] == true)
        #expect(!usage.contains { $0["what"] == "sources" })
        #expect(try workspace.run("du", "--store", "store").output.contains("sources left in place"))
        #expect(try !workspace.run("du", "--store", "other").output.contains("sources left in place"))
        let trace = try workspace.run("trace", "clean#1", "--store", "store")
        #expect(trace.status == 0 && trace.output.contains("page-0.txt"))
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("fsck", "--store", "store").output.contains("8 originals"))
        // In the other store all is known: a change of where bytes lie carries nothing out.
        let again = try run(workspace, store: "other")
        #expect(executed(again, 0) == 0 && executed(again, 1) == 0)
    }

    @Test("an original that was edited is seen by the next run; what the old run made of it can be proven no more, and says why")
    func edited() throws {
        let workspace = try workspace()
        let first = try run(workspace)
        let id = try #require(first["run"]?.string ?? first["id"]?.string)
        let path = workspace.path + "/" + ReferenceTests.page
        try workspace.write(ReferenceTests.article(3).replacing("bridge", with: "market"), to: ReferenceTests.page)
        let second = try run(workspace)
        #expect(executed(second, 0) == 1 && artifacts(first) != artifacts(second))
        #expect(try workspace.run("verify", "big", "--store", "store").status == 0)
        let old = try workspace.run("verify", "run:\(id)", "--store", "store")
        #expect(old.status == 1 && old.output.contains("/" + ReferenceTests.page) && old.output.contains("has changed"))
        #expect(!old.output.contains("page-2.txt: the original"))
        let found = try workspace.run("fsck", "--json", "--store", "store")
        let faults = try #require(found.json.first?["faults"]?.array)
        #expect(found.status == 3 && faults.count == 1)
        #expect(faults.first?["original"]?.string == Digest(of: Array(ReferenceTests.article(3).utf8)).description)
        #expect(faults.first?["path"]?.string == path || faults.first?["path"]?.string?.hasSuffix(ReferenceTests.page) == true)
        #expect(faults.first?["harms"]?.array?.isEmpty == false)
        let repair = try workspace.run("fsck", "--repair", "big.yaml", "--store", "store")
        #expect(repair.status == 3 && repair.output.contains("put it back as it was"))
        try workspace.write(ReferenceTests.article(3), to: ReferenceTests.page)
        #expect(try workspace.run("verify", "run:\(id)", "--store", "store").status == 0)
    }

    @Test("an original that is gone is named by verify and trace; other artifacts can still be had")
    func removed() throws {
        let workspace = try workspace()
        _ = try run(workspace)
        try workspace.remove(ReferenceTests.page)
        let verified = try workspace.run("verify", "clean", "--store", "store")
        #expect(verified.status == 1 && verified.output.contains("/" + ReferenceTests.page))
        #expect(verified.output.contains("cannot be read"))
        let trace = try workspace.run("trace", "clean#4", "--store", "store")
        #expect(trace.status == 3 && trace.errors.contains("/" + ReferenceTests.page))
        #expect(try workspace.run("trace", "clean#1", "--store", "store").status == 0)
        #expect(try workspace.run("records", "clean", "--store", "store").status == 0)
    }

    @Test("a pipeline that is changed to copy stores the bytes, though its files are known not to have changed")
    func switched() throws {
        let workspace = try workspace()
        // Files that changed within two seconds leave no hint.
        Thread.sleep(forTimeInterval: 2.3)
        let first = try run(workspace)
        let hinted = try run(workspace)
        #expect(artifacts(first) == artifacts(hinted) && executed(hinted, 0) == 0)
        let copied = try run(workspace, "--set", "snapshot=copy")
        #expect(artifacts(copied) == artifacts(first) && executed(copied, 0) == 0)
        try workspace.remove("pages")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("trace", "clean#4", "--store", "store").status == 0)
        #expect(try !workspace.run("du", "--store", "store").output.contains("left in place"))
    }

    @Test("gc forgets the references of runs that it forgets, and keeps those of the others")
    func collected() throws {
        let workspace = try workspace()
        _ = try run(workspace)
        try workspace.write(ReferenceTests.article(30), to: ReferenceTests.page)
        _ = try run(workspace)
        func references() throws -> Int {
            try FileManager.default.subpathsOfDirectory(atPath: workspace.path + "/store/references").filter { $0.count > 60 }
                .count
        }
        #expect(try references() == 9)
        // A file that is younger than two seconds is not told apart from a later one.
        Thread.sleep(forTimeInterval: 2.3)
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0", "--store", "store").status == 0)
        #expect(try references() == 8)
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
    }
}
