import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// What runs, and what is said, where a page comes, goes or is renamed at the edge of a partition.
@Suite struct PartitionEdgeTests {
    private static let pageCount = 300

    private static func article(_ page: Int) -> String {
        var random = SplitMix(seed: UInt64(page))
        let words = (0..<40).map { _ in
            ["harbour", "council", "storm", "bridge", "ferry", "tide", "crane", "fog"].randomElement(using: &random) ?? ""
        }
        return
            "Report \(page) from the harbour\n\nThe \(words.joined(separator: " ")) number \(page) was seen by many people on that day.\n"
    }

    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<pageCount { try workspace.write(article(page), to: "pages/page-\(1000 + page).txt") }
        try workspace.write(
            "headwater: 1\nname: edges\nstages:\n  fetch: {with: {from: [../pages]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n",
            to: "pipelines/p.yaml")
        return workspace
    }

    /// A state of the corpus after a run: its partitions, each with all its sources, and which tasks the run carried out.
    private struct State {
        /// By the first locator of each.
        var partitions: [String: [String]] = [:]
        /// Partitions whose task of fetch was carried out, with the reason.
        var fetched: [String: String] = [:]
        var cleaned: [String: String] = [:]
        /// All partitions that there were up to now: pages keep their content, so that these are hits.
        var known: Set<[String]> = []
    }

    private func run(_ workspace: Workspace) throws -> State {
        let run = try workspace.run("run", "pipelines/p.yaml", "--verbose")
        try #require(run.status == 0, "\(run.errors)")
        var state = State()
        for line in run.errors.split(separator: "\n") {
            guard let of = line.range(of: ": apply of ") else { continue }
            let parts = line[of.upperBound...].split(separator: ": ", maxSplits: 1).map(String.init)
            if line.hasPrefix("fetch") { state.fetched[parts[0]] = parts[1] } else { state.cleaned[parts[0]] = parts[1] }
        }
        let plan = try workspace.run("plan", "pipelines/p.yaml", "--force", "fetch", "--json").json.first
        let stage = try #require(plan?["stages"]?.array?.first { $0["name"] == "fetch" })
        let firsts = try #require(stage["tasks"]?.array).compactMap { $0["partition"]?.string }.sorted()
        let pages = try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/pages").sorted()
        for (index, first) in firsts.enumerated() {
            state.partitions[first] = pages.filter { $0 >= first && (index + 1 == firsts.count || $0 < firsts[index + 1]) }
        }
        #expect(state.partitions.values.reduce(0) { $0 + $1.count } == pages.count)
        return state
    }

    /// Changes the corpus, and expects that exactly those partitions run that are not as they were, at most three of them, and
    /// that their reasons name these changes and no others.
    /// - Parameters:
    ///   - facts: what must be said, and nothing else but that bounds moved.
    private func expect(
        _ facts: Set<String>, in workspace: Workspace, _ before: State, _ what: String, _ change: () throws -> Void
    ) throws -> State {
        try change()
        var after = try run(workspace)
        let known = before.known.union(before.partitions.values)
        after.known = known
        let disturbed = Set(after.partitions.filter { !known.contains($0.value) }.keys)
        #expect(Set(after.fetched.keys) == disturbed, "\(what)")
        #expect(disturbed.count <= 3, "\(what): \(disturbed)")
        #expect(Set(after.cleaned.keys).isSubset(of: disturbed), "\(what)")
        let said = after.fetched.values.flatMap { $0.components(separatedBy: "; ") }
        #expect(Set(said.filter { !$0.hasPrefix("its partition has other bounds: ") }) == facts, "\(what): \(after.fetched)")
        for (partition, reason) in after.fetched {
            // The bounds are said to have moved where they did, with the true numbers.
            let new = after.partitions[partition]?.count ?? 0
            if reason.contains("bounds") { #expect(reason.contains(" sources became \(new)"), "\(what): \(reason)") }
        }
        for reason in after.cleaned.values {
            #expect(reason == "its documents changed" || reason == "no earlier run has it", "\(what): \(reason)")
        }
        return after
    }

    @Test("a page that becomes the first or last of its partition, or was, disturbs the partitions beside it alone")
    func edges() throws {
        let workspace = try PartitionEdgeTests.workspace()
        let first = try run(workspace)
        let names = first.partitions.keys.sorted()
        try #require(names.count >= 4)
        for middle in names.dropFirst().dropLast() {
            let pages = try #require(first.partitions[middle])
            let last = try #require(pages.last)
            let former = try #require(names.firstIndex(of: middle).flatMap { first.partitions[names[$0 - 1]]?.last })
            // Each change is undone again, so that each begins from the same state; undone, everything is a hit.
            for (what, gone, come) in [
                ("the last page of \(middle) removed, which ended it", last, nil as String?),
                ("the first page of \(middle) removed", middle, nil),
                ("a page before the first of \(middle)", nil, "\(former.dropLast(4))z.txt"),
                ("a page before the last of \(middle)", nil, "\(last.dropLast(4))-b.txt"),
            ] as [(String, String?, String?)] {
                var facts: Set<String> = []
                if let gone { facts.insert("source \(gone) was removed") }
                if let come { facts.insert("source \(come) was added") }
                let kept = try gone.map { try workspace.read("pages/" + $0) }
                _ = try expect(facts, in: workspace, first, what) {
                    if let gone { try workspace.remove("pages/" + gone) }
                    if let come { try workspace.write(PartitionEdgeTests.article(7000), to: "pages/" + come) }
                }
                if let gone, let kept { try workspace.write(kept, to: "pages/" + gone) }
                if let come { try workspace.remove("pages/" + come) }
                let undone = try run(workspace)
                #expect(undone.fetched.isEmpty && undone.partitions == first.partitions, "\(what), undone")
            }
        }
    }

    @Test("the very first and very last page of the corpus come and go like any other")
    func ends() throws {
        let workspace = try PartitionEdgeTests.workspace()
        var state = try run(workspace)
        for (name, fact) in [("a.txt", "added"), ("zz.txt", "added"), ("a.txt", "removed"), ("zz.txt", "removed")] {
            state = try expect(fact == "added" ? ["source \(name) was added"] : [], in: workspace, state, "\(name) \(fact)") {
                if fact == "added" {
                    try workspace.write(PartitionEdgeTests.article(8000), to: "pages/" + name)
                } else {
                    try workspace.remove("pages/" + name)
                }
            }
        }
    }

    @Test("a page that is renamed and nothing else runs its partitions' tasks again, and is said to be renamed")
    func rename() throws {
        let workspace = try PartitionEdgeTests.workspace()
        var state = try run(workspace)
        // Within its partition, told as what it is. The first partition is where a name that sorts before all goes.
        let partition = try #require(state.partitions.sorted { $0.key < $1.key }.dropFirst().first { $0.value.count > 8 })
        let name = partition.value[4]
        let other = name.replacing(".txt", with: "-b.txt")
        func move(_ from: String, _ to: String) throws {
            try FileManager.default.moveItem(atPath: workspace.path + "/pages/" + from, toPath: workspace.path + "/pages/" + to)
        }
        let before = try workspace.run("records", "clean", "--json").output
        state = try expect(["source \(name) was renamed \(other)"], in: workspace, state, "renamed") { try move(name, other) }
        #expect(state.fetched.count == 1)
        let after = try workspace.run("records", "clean", "--json").output
        #expect(after != before && after.contains(other), "a record names the file that it is of")
        // Far away it is gone in one place and new in another.
        try move(other, "aaa.txt")
        let far = try run(workspace)
        let said = Set(far.fetched.values.flatMap { $0.components(separatedBy: "; ") })
        #expect(said.isSuperset(of: ["source \(other) was removed", "source aaa.txt was added"]), "\(said)")
        // Back again, everything is known.
        try move("aaa.txt", name)
        #expect(try run(workspace).fetched.isEmpty)
        #expect(try workspace.run("records", "clean", "--json").output == before)
    }
}
