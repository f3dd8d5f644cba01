import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel

/// Which runs `log` lists.
struct LogFilter: ParsableArguments {
    /// How a run ended, as its manifest says it.
    enum State: String, ExpressibleByArgument, CaseIterable { case done, failed, interrupted }

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only runs that started then or later: 2026-11-21, or 2026-11-21T08:30:00Z; in UTC.", valueName: "time"))
    var since: String?

    @Option(name: .long, help: ArgumentHelp("Only runs that started then or before; a day counts to its end.", valueName: "time"))
    var until: String?

    @Option(name: .long, help: ArgumentHelp("Only runs that ended so: done, failed or interrupted.", valueName: "state"))
    var state: State?

    @Option(name: .long, help: ArgumentHelp("Only the run with this tag.", valueName: "name"))
    var tag: String?

    @Option(
        name: .long, help: ArgumentHelp("Only runs with a note that has this text, or an artifact with one.", valueName: "text"))
    var note: String?

    func validate() throws {
        for (name, text, isEnd) in [("--since", since, false), ("--until", until, true)] {
            guard let text, LogFilter.time(text, isEnd: isEnd) == nil else { continue }
            throw ValidationError("\(name): '\(text)' is no time; expected one such as 2026-11-21 or 2026-11-21T08:30:00Z")
        }
    }

    /// Milliseconds since 1970; nil for what is no date and no time.
    ///
    /// - Parameter isEnd: whether the last millisecond is meant of what the text names.
    private static func time(_ text: String, isEnd: Bool) -> Int? {
        let isDay = text.utf8.count == 10
        guard let date = try? Date(isDay ? text + "T00:00:00Z" : text, strategy: .iso8601) else { return nil }
        let start = Int(date.timeIntervalSince1970 * 1000)
        return isEnd ? start + (isDay ? 86_400_000 : 1000) - 1 : start
    }

    /// - Parameters:
    ///   - tags: of the run.
    ///   - notes: on it and on its artifacts.
    func matches(_ run: RunManifest, tags: [String], notes: [UserNote]) -> Bool {
        if let since = since.flatMap({ LogFilter.time($0, isEnd: false) }), run.started < since { return false }
        if let until = until.flatMap({ LogFilter.time($0, isEnd: true) }), run.started > until { return false }
        if let state, run.state.rawValue != state.rawValue { return false }
        if let tag, !tags.contains(tag) { return false }
        if let note, !notes.contains(where: { $0.text.lowercased().contains(note.lowercased()) }) { return false }
        return true
    }
}
