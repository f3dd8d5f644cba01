import Foundation
import HeadwaterModel
import HeadwaterTesting

/// A storm of whole runs: the command itself is killed, over a corpus that changes from round to round, and what is left
/// must give what an undisturbed run in a fresh store gives.
struct StormRuns {
    let place = Storm.Place()
    /// The built command; beside this program if nothing else is said.
    static let command =
        ProcessInfo.processInfo.environment["STORM_HEADWATER"]
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("headwater").path

    /// What is started in each round: runs of one pipeline and of another that shares its stages, and mostly a collection.
    static var commands: [String] {
        func run(_ pipeline: String) -> String {
            "'\(command)' run --quiet \"$STORM_FOLDER/\(pipeline).yaml\" --store \"$STORM_FOLDER/store\" 2>> \"$STORM_FOLDER/said\""
        }
        let collect =
            "sh -c 'case $STORM_SEED in *[0-3]) ;; *) exec \"$0\" gc --keep 2 --keep-days 0 --store \"$STORM_FOLDER/store\" ;; esac' "
            + "'\(command)' >> \"$STORM_FOLDER/collected\" 2>&1"
        return [run("long"), run("long"), run("long"), run("short"), run("short"), collect]
    }

    // MARK: The corpus

    /// Writes the first corpus and its pipelines, and runs them once.
    func prepare() throws {
        var generator = SplitMix(seed: place.seed)
        try FileManager.default.createDirectory(atPath: place.folder + "/pages", withIntermediateDirectories: true)
        for page in 0..<48 { try write(page, &generator) }
        for (name, stages, published) in [
            ("long", "  extract: {needs: dedupe}\n  summarize: {needs: dedupe}\n", "summarize"), ("short", "", "dedupe"),
        ] {
            let text = """
                headwater: 1
                name: \(name)
                stages:
                  fetch: {with: {from: [pages]}}
                  clean: {needs: fetch, with: {minimumLength: 40}}
                  dedupe: {needs: clean}
                \(stages)publish:
                  brief: {from: \(published), format: markdown, to: out/\(name).md}

                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(place.folder)/\(name).yaml"))
        }
        _ = try expectWhole()
    }

    private func path(_ page: Int) -> String { "\(place.folder)/pages/page-\(1000 + page).txt" }

    /// Pages of few words, so that some are near-duplicates of others.
    private func write(_ page: Int, _ generator: inout SplitMix) throws {
        let words = ["ferry", "harbour", "council", "bridge", "storm", "market", "tide", "school", "crane", "mayor"]
        var story = SplitMix(seed: UInt64.random(in: 0..<40, using: &generator))
        let paragraphs = (0..<3).map { _ in
            let text = (0..<14).map { _ in words.randomElement(using: &story) ?? "" }.joined(separator: " ")
            return
                "On \(Int.random(in: 1...28, using: &story)) March 2025 the \(text) cost \(Int.random(in: 2...900, using: &story)) euros."
        }
        let last = "“We saw it,” said the mayor on day \(Int.random(in: 0..<5, using: &generator))."
        try Data((paragraphs + [last]).joined(separator: "\n\n").utf8).write(to: URL(fileURLWithPath: path(page)))
    }

    /// Edits, adds, removes and renames some pages, or leaves all as they are: only files that have been so for seconds are
    /// recognised by their stamps.
    private func change() throws {
        var generator = SplitMix(seed: place.seed)
        if Bool.random(using: &generator) { return }
        let manager = FileManager.default
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let page = Int.random(in: 0..<80, using: &generator)
            let other = Int.random(in: 0..<80, using: &generator)
            switch (Int.random(in: 0..<4, using: &generator), manager.fileExists(atPath: path(page))) {
            case (0, true) where !manager.fileExists(atPath: path(other)):
                try manager.moveItem(atPath: path(page), toPath: path(other))
            case (1, true): try manager.removeItem(atPath: path(page))
            default: try write(page, &generator)
            }
        }
        if try manager.contentsOfDirectory(atPath: place.folder + "/pages").isEmpty { try write(0, &generator) }
    }

    // MARK: What must hold

    /// When all are dead: the store is sound as it is, the next run of each pipeline needs no flag and gives what it gives in
    /// a fresh store, and nothing is left half-written; nor does a collection take what is needed, now that nobody holds up
    /// anything. Then the corpus changes.
    func check() throws {
        try expectSound("as it was left")
        if place.seed % 4 == 0 {
            let answer = try headwater(["gc", "--keep", "2", "--keep-days", "0", "--store", place.store])
            guard answer.status == 0 else { throw Storm.Failure("gc: status \(answer.status): \(answer.output)") }
            try expectSound("after a collection")
        }
        if try expectWhole() { try expectSound("after the next run") }
        try change()
    }

    private func expectSound(_ when: String) throws {
        let answer = try headwater(["verify", "--all", "--store", place.store])
        guard answer.status == 0 else { throw Storm.Failure("verify \(when): status \(answer.status): \(answer.output)") }
    }

    private func expectWhole() throws -> Bool {
        let fresh = place.folder + "/fresh"
        for name in ["long", "short"] {
            let mended = try artifacts(name, place.store)
            let published = try Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/out/\(name).md"))
            let undisturbed = try artifacts(name, fresh)
            guard mended == undisturbed else { throw Storm.Failure("\(name): \(mended), undisturbed \(undisturbed)") }
            guard try Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/out/\(name).md")) == published else {
                throw Storm.Failure("\(name): another file was published than by an undisturbed run")
            }
            let plan = try headwater(["plan", "--check", "\(place.folder)/\(name).yaml", "--store", place.store])
            guard plan.status == 0 else { throw Storm.Failure("\(name): something is left to do: \(plan.output)") }
        }
        try FileManager.default.removeItem(atPath: fresh)
        for (folder, known) in [
            ("store/tmp", []), ("store/hints", ["long", "short"]), ("out", ["long.md", "short.md"]),
        ] as [(String, Set<String>)] {
            // There is no folder of hints before the first.
            let left = (try? FileManager.default.contentsOfDirectory(atPath: place.folder + "/" + folder)) ?? []
            guard known.isSuperset(of: left) else { throw Storm.Failure("\(folder) holds \(left)") }
        }
        return true
    }

    /// The digests that a run came to, by stage.
    private func artifacts(_ name: String, _ store: String) throws -> [String] {
        let answer = try headwater(["run", "--json", "\(place.folder)/\(name).yaml", "--store", store])
        guard answer.status == 0, let json = try? JSON(parsing: Array(answer.output.utf8)), let stages = json["stages"]?.array
        else {
            throw Storm.Failure("run of \(name): status \(answer.status): \(answer.output)")
        }
        return stages.map { "\($0["name"]?.string ?? ""): \($0["artifact"]?.string ?? "none")" }
    }

    private func headwater(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: StormRuns.command)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        let said = place.folder + "/said"
        _ = FileManager.default.fileExists(atPath: said) || FileManager.default.createFile(atPath: said, contents: nil)
        let errors = FileHandle(forWritingAtPath: said)
        _ = try? errors?.seekToEnd()
        process.standardError = errors ?? FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
