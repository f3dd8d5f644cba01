import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how the store and its pipelines stand.",
        discussion: """
            EXAMPLES:
              headwater status
              headwater status --json
            """)

    @OptionGroup var options: StoreOptions

    func run() throws {
        let store = try options.open()
        let history = History(store: store)
        let occupancy = try store.occupancy()
        let runs = try store.keys(.run).count
        let pipelines = try history.names().filter { !$0.contains("/") && !$0.contains(":") }
        let latest = try pipelines.compactMap { try history.latest($0) }
        let tags = try history.tags().map(\.name)
        if options.json {
            Console.line(json(occupancy, runs, latest, tags).description)
        } else {
            show(store.path, occupancy, runs, latest, tags)
        }
    }

    private func show(_ path: String, _ occupancy: Occupancy, _ runs: Int, _ latest: [RunManifest], _ tags: [String]) {
        let style = Style.standardOutput
        let width = latest.map(\.pipeline.count).reduce(8, max)
        func line(_ name: String, _ text: String) {
            let padded = VisibleText.of(name).padding(toLength: width, withPad: " ", startingAt: 0)
            Console.line("\(style.bold(padded))  \(VisibleText.of(text))")
        }
        let bytes = ByteCount.text(occupancy.packBytes + occupancy.blobFileBytes)
        line("store", path)
        line("holds", "\(bytes) in \(counted(occupancy.packs, "pack")) and \(counted(occupancy.blobFiles, "blob file"))")
        line("runs", "\(runs)")
        for run in latest {
            line(run.pipeline, "\(run.state.rawValue), run:\(run.id) of \(Log.time(run.started))")
            for failure in run.failures { Console.line("          \(VisibleText.lines(of: "\(failure)"))") }
        }
        if !tags.isEmpty { line("tags", tags.joined(separator: ", ")) }
        if !occupancy.writers.isEmpty { line("writing", occupancy.writers.map(\.description).joined(separator: ", ")) }
    }

    /// `{"store":{"packs","packBytes","blobFiles","blobFileBytes"},"runs","latest":[{"pipeline","run","state","started"}],"tags":[…],"writing":[…]}`
    private func json(_ occupancy: Occupancy, _ runs: Int, _ latest: [RunManifest], _ tags: [String]) -> JSON {
        [
            "store": [
                "packs": .integer(occupancy.packs), "packBytes": .integer(occupancy.packBytes),
                "blobFiles": .integer(occupancy.blobFiles), "blobFileBytes": .integer(occupancy.blobFileBytes),
            ], "runs": .integer(runs),
            "latest": .array(
                latest.map { run in
                    [
                        "pipeline": .string(run.pipeline), "run": .string(run.id.description),
                        "state": .string(run.state.rawValue), "started": .integer(run.started),
                    ]
                }), "tags": .array(tags.map { .string($0) }),
            "writing": .array(occupancy.writers.map { .string($0.description) }),
        ]
    }
}
