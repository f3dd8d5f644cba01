import Foundation
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

/// An erasure that is killed is finished by whoever comes next.
///
/// `HEADWATER_KILLS` says how often it is killed; `make storm` has more of it than a test run can wait for.
@Suite struct ErasureKillTests {
    private static let kills = ProcessInfo.processInfo.environment["HEADWATER_KILLS"].flatMap { Int($0) } ?? 6

    private func copy(_ bench: ErasureBench) throws -> ErasureBench {
        let other = try ErasureBench()
        for name in ["artifacts", "out", "pages", "pipelines"] {
            if other.workspace.exists(name) { try other.workspace.remove(name) }
            try other.workspace.copy(bench.workspace.path + "/" + name, to: name)
        }
        return other
    }

    private func arguments(_ more: String...) -> [String] {
        ["erase", "page-2.txt", "page-4.txt", "--execute", "--receipt", "receipt.json", "--jobs", "2"] + more
    }

    private func artifacts(_ bench: ErasureBench) throws -> [JSON] {
        try ["harbour", "tides"].compactMap { try bench.workspace.run("show", $0, "--json").json.first?["stages"] }
    }

    private func bench() throws -> ErasureBench {
        let bench = try ErasureBench()
        try bench.workspace.write("A page of another kind tells of tides and of nothing else.\n", to: "others/tides.txt")
        try bench.workspace.write(
            "headwater: 1\nname: tides\nstages:\n  fetch: {with: {from: [../others]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n",
            to: "pipelines/tides.yaml")
        try #require(try bench.workspace.run("run", "pipelines/tides.yaml").status == 0)
        try bench.run()
        try bench.workspace.write(
            try bench.workspace.read("pages/page-1.txt") + Array("One more line.\n".utf8), to: "pages/page-1.txt")
        try bench.run()
        return bench
    }

    @Test("killed at any instant, an erasure can be finished, and comes to what it would have come to")
    func kill() throws {
        let bench = try bench()
        let text = try ["pages/page-2.txt", "pages/page-4.txt"].map { try bench.workspace.read($0) }
        let others = try [0, 1, 3, 5].map { try bench.workspace.read("pages/page-\($0).txt") }
        let runs = text.reduce(into: Set<[UInt8]>()) { $0.formUnion(ErasureBench.runs(of: $1, butNotIn: others)) }
        let whole = try copy(bench)
        let began = Date()
        let answer = Workspace.answer(try whole.workspace.start(arguments()))
        let duration = Date().timeIntervalSince(began)
        #expect(answer.status == 0, "\(answer.errors)")
        let expected = try artifacts(whole)
        #expect(expected.count == 2)
        for trial in 0..<ErasureKillTests.kills {
            var random = SplitMix(seed: UInt64(trial) &+ UInt64(Date().timeIntervalSince1970))
            let delay = Double(Int.random(in: 0...Int(duration * 1_000_000), using: &random)) / 1_000_000
            let comment: Comment = "killed after \(delay) of \(duration) seconds"
            let victim = try copy(bench)
            let started = try victim.workspace.start(arguments())
            Thread.sleep(forTimeInterval: delay)
            Foundation.kill(started.process.processIdentifier, SIGKILL)
            _ = Workspace.answer(started)
            if try Store.pendingErasure(at: victim.path) != nil {
                // Nobody writes in between, and whoever wants to is told why.
                let run = try victim.workspace.run("run", ErasureBench.pipeline)
                #expect(run.status == 1 && run.errors.contains("headwater erase --resume"), "\(comment): \(run.errors)")
                #expect(try victim.workspace.run("gc").status == 1)
                if trial.isMultiple(of: 2) {
                    let again = try victim.workspace.start(["erase", "--resume"])
                    Thread.sleep(forTimeInterval: Double.random(in: 0...duration, using: &random))
                    Foundation.kill(again.process.processIdentifier, SIGKILL)
                    _ = Workspace.answer(again)
                }
                let resumed = try victim.workspace.run("erase", "--resume")
                #expect(resumed.status == 0, "\(comment): \(resumed.errors)")
            } else if !victim.workspace.exists("receipt.json") {
                let again = Workspace.answer(try victim.workspace.start(arguments()))
                #expect(again.status == 0, "\(comment): \(again.errors)")
            }
            try victim.check(comment)
            let contents = try ErasureBench.contents(victim.path)
            #expect(ErasureBench.firstHit(of: runs, in: contents) == nil, comment)
            #expect(try victim.workspace.read("out/brief.md") == whole.workspace.read("out/brief.md"), comment)
            let found = try artifacts(victim)
            // Counts of what was carried out differ where a redone run found tasks done.
            #expect(found.map(ids) == expected.map(ids), comment)
        }
    }

    private func ids(_ stages: JSON) -> [JSON?] { stages.array?.map { $0["artifact"] } ?? [] }

    @Test("while a run goes on an erasure is refused, and the run ends as if nobody had asked")
    func running() throws {
        let bench = try bench()
        let store = try Store.open(at: bench.path, .write)
        let answer = Workspace.answer(try bench.workspace.start(arguments()))
        #expect(answer.status == 1, "\(answer.errors)")
        try store.close()
        #expect(try bench.run()["state"] == "done")
    }
}
