import Foundation
import HeadwaterModel
import Testing

/// Runs of one pipeline at the same time: what one has done the others need not do.
@Suite struct TwoRunsTests {
    private func workspace(pages: Int) throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<pages {
            let sentences = (0..<60).map {
                "Barge \(page * 1000 + $0) was seen near the old bridge number \(page * $0) by people."
            }
            try workspace.write(
                "Report \(page) from the harbour\n\n" + sentences.joined(separator: " ") + "\n",
                to: "pages/page-\(1000 + page).txt")
        }
        try workspace.write(
            """
            headwater: 1
            name: slow
            stages:
              fetch: {plugin: fetch, with: {from: ["pages/*.txt"]}}
              clean: {plugin: clean, needs: fetch}
              dedupe: {plugin: dedupe, needs: clean}
              extract: {plugin: extract, needs: dedupe}

            """, to: "slow.yaml")
        return workspace
    }

    private static let command = ["run", "slow.yaml", "--json", "--store", "store", "--jobs", "1"]

    private func tasks(_ answer: Workspace.Answer, _ member: String) -> Int {
        (answer.json.first?["stages"]?.array ?? []).reduce(0) { $0 + ($1[member]?.integer ?? 0) }
    }

    /// What lies in unsealed packs of the store.
    private func bytesBeingWritten(_ workspace: Workspace) -> Int {
        let folder = workspace.path + "/store/tmp/"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".pack") }.reduce(0) {
            $0 + (((try? FileManager.default.attributesOfItem(atPath: folder + $1))?[.size] as? Int) ?? 0)
        }
    }

    @Test("a run that starts while another goes on takes over what that one has done")
    func second() throws {
        let workspace = try workspace(pages: 300)
        let first = try workspace.start(TwoRunsTests.command)
        // Past the pages themselves: results of tasks are among it.
        while bytesBeingWritten(workspace) < 200_000 && first.process.isRunning { usleep(20_000) }
        let later = Workspace.answer(try workspace.start(TwoRunsTests.command))
        let earlier = Workspace.answer(first)
        #expect(earlier.status == 0 && later.status == 0, "\(earlier.errors) \(later.errors)")
        let all = tasks(earlier, "executed") + tasks(earlier, "hits")
        print(
            "two runs: \(all) tasks, the first carried out \(tasks(earlier, "executed")), the second \(tasks(later, "executed"))")
        #expect(tasks(later, "executed") * 10 <= all * 9)
        #expect(try QuickstartTests.artifacts(earlier) == QuickstartTests.artifacts(later))
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("fsck", "--store", "store").status == 0)
    }

    @Test("eight runs at once all end well, with equal artifacts")
    func eight() throws {
        let workspace = try workspace(pages: 60)
        let started = try (0..<8).map { _ in try workspace.start(TwoRunsTests.command) }
        let answers = started.map(Workspace.answer)
        let artifacts = try answers.map { try QuickstartTests.artifacts($0) }
        for (number, answer) in answers.enumerated() {
            #expect(answer.status == 0 && answer.errors.isEmpty == answers[0].errors.isEmpty, "\(number): \(answer.errors)")
            #expect(artifacts[number] == artifacts[0])
        }
        print(
            "eight runs: \(answers.map { tasks($0, "executed") }) of \(tasks(answers[0], "executed") + tasks(answers[0], "hits"))"
        )
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("fsck", "--store", "store").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/store/tmp").isEmpty)
    }
}
