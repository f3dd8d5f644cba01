import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "List the runs that the store remembers, the latest first: all, those of a pipeline, or those that published a file.",
        discussion: """
            A file is found by its name, and by its bytes wherever it lies now.

            EXAMPLES:
              headwater log
              headwater log quickstart --limit 5 --json
              headwater log out/brief.md             the runs that published this file
              headwater log --since 2026-11-01 --state failed
              headwater log --note editors           runs that somebody wrote this about
              headwater log --task passages          what the plugin of a stage wrote to standard error
              headwater log --task sha256:90aaf218   the same of one task, by its key
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: ArgumentHelp("Only runs of this pipeline, or runs that published this file.", valueName: "pipeline or file"))
    var subject: String?

    @OptionGroup var filter: LogFilter

    @Option(name: .long, help: ArgumentHelp("At most this many runs.", valueName: "count"))
    var limit: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Show what the tasks of a stage, or the task with this key, wrote to standard error when they were carried out.",
            valueName: "stage or key"))
    var task: String?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more") }
    }

    func run() throws {
        let history = History(store: try options.open())
        if let task { return try TaskLogs(history: history, asJSON: options.json).show(task) }
        let remarks = try RunRemarks(history)
        let range = try filter.times.range()
        let pipelines = try history.names().filter { !$0.contains("/") && !$0.contains(":") }
        let pipeline = pipelines.first { name in subject.map { name.hasSameBytes(as: $0) } ?? false }
        let present = pipeline == nil ? subject.flatMap(Log.digest) : nil
        var files = subject.flatMap { pipeline == nil ? PublishedFileHistory(of: $0, digest: present, history: history) : nil }
        var listed = 0
        var isNamed = pipeline != nil || subject == nil
        let unreadable = try history.forEachRun { run in
            if let pipeline, !run.pipeline.hasSameBytes(as: pipeline) { return true }
            let found = try files?.files(of: run)
            if found?.isEmpty ?? false { return true }
            isNamed = true
            let (tags, notes) = (try remarks.tags(of: run), try remarks.allNotes(of: run))
            guard filter.matches(run, tags: tags, notes: notes, in: range) else { return true }
            try show(run, remarks, found, present)
            listed += 1
            return listed != limit
        }
        for run in unreadable { Console.warning(VisibleText.of("\(run)")) }
        if !unreadable.isEmpty || remarks.isDamaged { throw ExitStatus.damaged }
        if let subject, !isNamed {
            throw CommandFault(
                "\(subject): no pipeline is called so, and no run that is kept has published such a file\(Suggestion.text(for: subject, among: pipelines))"
            )
        }
        if listed == 0, !options.json {
            Console.line(try history.store.keys(.run).isEmpty ? "no runs yet" : "no run is meant by that")
        }
    }

    /// Of the bytes of a file; nil where there is none.
    private static func digest(_ path: String) -> Digest? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { return nil }
        return FileManager.default.contents(atPath: path).map { Digest(of: Array($0)) }
    }

    /// - Parameters:
    ///   - files: what the run published of the file that is asked for; nil where none is.
    ///   - present: the digest of the file's bytes now.
    private func show(_ run: RunManifest, _ remarks: RunRemarks, _ files: [PublishedFile]?, _ present: Digest?) throws {
        if options.json {
            guard let files else { return Console.line(try remarks.json(of: run).description) }
            for file in files {
                let line: JSON = [
                    "run": .string(run.id.description), "pipeline": .string(run.pipeline), "started": .integer(run.started),
                    "state": .string(run.state.rawValue), "publication": .string(file.publication.name),
                    "stage": .string(file.publication.stage), "path": .string(file.path),
                    "file": .string(file.digest.description), "isThis": .bool(file.digest == present),
                ]
                Console.line(line.description)
            }
            return
        }
        let executed = Log.sum(run.stages.map(\.executed))
        let hits = Log.sum(run.stages.map(\.hits))
        Console.line(
            "\(Style.standardOutput.bold("run:\(run.id)"))  \(Log.time(run.started))  \(VisibleText.of(run.pipeline))  \(run.state.rawValue), "
                + "\(counted(executed, "task")) carried out, \(counted(hits, "hit"))")
        for file in files ?? [] {
            let bytes = file.digest == present ? "these bytes" : "other bytes, \(file.digest.short)"
            Console.line(VisibleText.of("    published \(file.path) from \(file.publication.stage): \(bytes)"))
        }
        let tags = try remarks.tags(of: run)
        if !tags.isEmpty { Console.line(VisibleText.of("    tagged \(tags.joined(separator: ", "))")) }
        for note in try remarks.notes(on: run) { NoteText.show(note, indent: "    ") }
        for failure in run.failures { Console.line("    \(VisibleText.lines(of: "\(failure)"))") }
        for contradiction in run.contradictions { Console.line("    \(VisibleText.of("\(contradiction)"))") }
    }

    /// A made-up manifest may say any numbers; what is more than there are numbers for is the largest.
    private static func sum(_ counts: [Int]) -> Int {
        counts.reduce(0) { sum, count in
            let (next, overflow) = sum.addingReportingOverflow(count)
            return overflow ? .max : next
        }
    }

    /// Milliseconds since 1970 as ISO 8601, in UTC.
    static func time(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }
}
