import ArgumentParser
import HeadwaterLineage
import HeadwaterModel

/// Which runs `log` lists.
struct LogFilter: ParsableArguments {
    /// How a run ended, as its manifest says it.
    enum State: String, ExpressibleByArgument, CaseIterable { case done, failed, interrupted }

    @OptionGroup var times: RangeOptions

    @Option(name: .long, help: ArgumentHelp("Only runs that ended so: done, failed or interrupted.", valueName: "state"))
    var state: State?

    @Option(name: .long, help: ArgumentHelp("Only the run with this tag.", valueName: "name"))
    var tag: String?

    @Option(
        name: .long, help: ArgumentHelp("Only runs with a note that has this text, or an artifact with one.", valueName: "text"))
    var note: String?

    /// - Parameters:
    ///   - tags: of the run.
    ///   - notes: on it and on its artifacts.
    ///   - range: when it started.
    func matches(_ run: RunManifest, tags: [String], notes: [UserNote], in range: RunRange) -> Bool {
        if let since = range.since, run.started < since { return false }
        if let until = range.until, run.started >= until { return false }
        if let state, run.state.rawValue != state.rawValue { return false }
        if let tag, !tags.contains(tag) { return false }
        if let note, !notes.contains(where: { $0.text.lowercased().contains(note.lowercased()) }) { return false }
        return true
    }
}
