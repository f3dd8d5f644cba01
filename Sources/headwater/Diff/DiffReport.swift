import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// What differs, as a person reads it or as JSON: counts first, then a listing.
struct DiffReport {
    let store: Store
    let asJSON: Bool
    /// Differences of each kind that are listed of a stage; nil for all. JSON has all.
    let limit: Int?

    /// Of more, people are told how many there are.
    static let listed = 10

    // MARK: Runs

    func show(_ difference: RunDifference) throws {
        if asJSON { return try DiffJSON(store: store).show(difference) }
        let style = Style.standardOutput
        for run in [difference.before, difference.after] {
            Console.line(VisibleText.of("run:\(run.id)  \(Log.time(run.started))  \(run.pipeline)  \(run.state.rawValue)"))
        }
        if difference.isEqual {
            Console.line("no stage and no published file differs")
            if difference.hasOtherFile { Console.line("the pipeline file differs, in nothing that matters to a stage") }
            return
        }
        Console.line()
        let width = ConsoleReporter.width(ofNames: difference.stages.map(\.name))
        for stage in difference.stages {
            let name = style.bold(stage.name.padding(toLength: width, withPad: " ", startingAt: 0))
            Console.line("\(name) \(VisibleText.of(DiffReport.counts(stage)))")
            for cause in stage.causes { Console.line("\(String(repeating: " ", count: width))   \(VisibleText.of("\(cause)"))") }
        }
        for publication in difference.publications { showCounts(publication, width) }
        for stage in difference.stages {
            guard stage.isDifferent, hasListing(stage) else { continue }
            Console.line()
            Console.line(style.bold(VisibleText.of(stage.name)))
            try list(stage, difference.before, difference.after)
        }
        for publication in difference.publications { list(publication) }
    }

    func show(_ stage: StageDifference, _ before: Resolver.ArtifactPlace, _ after: Resolver.ArtifactPlace) throws {
        if asJSON { return try DiffJSON(store: store).show(stage) }
        for place in [before, after] {
            Console.line(
                VisibleText.of(
                    "\(place.run.pipeline)/\(place.stage.name) of run:\(place.run.id)  \(Log.time(place.run.started))  \(place.digest)"
                ))
        }
        Console.line(VisibleText.of(DiffReport.counts(stage)))
        for cause in stage.causes { Console.line("  \(VisibleText.of("\(cause)"))") }
        guard hasListing(stage) else { return }
        Console.line()
        try list(stage, before.run, after.run)
    }

    /// What differs of a stage, in one line.
    ///
    /// - Parameter inside: whether records are counted.
    static func counts(_ stage: StageDifference, inside: Bool = true) -> String {
        guard let before = stage.before else { return "is in the later run only" }
        guard let after = stage.after else { return "is in the earlier run only" }
        switch stage.content {
        case .equal: return stage.isDifferent ? "made the same" : "equal"
        case .different: return "made something else"
        case .incomparable:
            if before.artifact == nil { return "came to no end in the earlier run" }
            if after.artifact == nil { return "came to no end in the later run" }
            return "made files in the one run and records in the other"
        case .files(let difference):
            return "\(counted(difference.changes.count, "path")) differ\(difference.changes.count == 1 ? "s" : "")"
        case .records where !inside: return "made something else"
        case .records(let difference):
            if difference.isEqual { return "the same records in other shards" }
            let kinds = RecordChange.Kind.allCases.map { (difference.count($0), $0.rawValue) }
            let sides = [("left out", difference.drops), ("noted", difference.notes)].filter { !$0.1.isEmpty }
            return
                ([("records", kinds)]
                + sides.map { name, side in
                    (name, [(side.appeared.count, "more"), (side.vanished.count, "fewer"), (side.changed.count, "otherwise")])
                }).map { name, counts in
                    let facts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
                    return "\(name): \(facts.isEmpty ? "none differs" : facts.joined(separator: ", "))"
                }.joined(separator: "; ")
        }
    }

    /// Whether there is more to say of a stage than its counts.
    private func hasListing(_ stage: StageDifference) -> Bool {
        switch stage.content {
        case .records(let difference):
            !(difference.sources.isEmpty && difference.drops.isEmpty && difference.notes.isEmpty)
                || difference.changes.contains { limit == nil || $0.kind != .moved }
        case .files: true
        case .equal, .different, .incomparable: false
        }
    }

    // MARK: Listings

    private func list(_ stage: StageDifference, _ before: RunManifest, _ after: RunManifest) throws {
        switch stage.content {
        case .records(let difference): try list(difference, stage, before, after)
        case .files(let difference): try list(difference)
        case .equal, .different, .incomparable: return
        }
    }

    private func list(
        _ difference: DatasetDifference, _ stage: StageDifference, _ before: RunManifest, _ after: RunManifest
    ) throws {
        // What only came from elsewhere is nothing to read, unless somebody asks for all. Sources are told of by themselves.
        let changes = difference.changes.filter { difference.sources.isEmpty && (limit == nil || $0.kind != .moved) }
        let shown = prefix(changes)
        let drops = (before: prefix(difference.drops.vanished), after: prefix(difference.drops.appeared))
        let changed = prefix(difference.drops.changed)
        // Looked up once for all lines, among what the stage made and was given.
        var wanted = (before: Set<RecordID>(), after: Set<RecordID>())
        for change in shown {
            guard case .drop(let drop)? = change.fate?.cause, let survivor = drop.survivor else { continue }
            if change.after == nil { wanted.after.insert(survivor) } else { wanted.before.insert(survivor) }
        }
        func note(_ lines: some Sequence<JSON>, _ wanted: inout Set<RecordID>) {
            for drop in lines.map(StoredDrop.init) { wanted.formUnion([drop.record, drop.survivor].compactMap { $0 }) }
        }
        note(drops.before, &wanted.before)
        note(drops.after, &wanted.after)
        note(changed.map(\.before), &wanted.before)
        note(changed.map(\.after), &wanted.after)
        let names = (
            before: try RecordNames(of: wanted.before, in: before.stages, store: store),
            after: try RecordNames(of: wanted.after, in: after.stages, store: store)
        )
        for source in prefix(difference.sources) { show(source) }
        more(difference.sources.count, "sources")
        var records = RecordChangeReader(difference, store: store)
        for change in shown {
            show(
                change, try records.records(of: change), difference, stage.name, change.after == nil ? names.after : names.before)
        }
        more(changes.count, "records")
        for line in drops.after { show("left out", StoredDrop(json: line), names.after) }
        more(difference.drops.appeared.count, "left out")
        for line in drops.before { show("left out no more", StoredDrop(json: line), names.before) }
        more(difference.drops.vanished.count, "left out no more")
        for (old, new) in changed {
            let (a, b) = (StoredDrop(json: old), StoredDrop(json: new))
            if a.reason == b.reason, a.survivor.map({ names.before[$0] }) == b.survivor.map({ names.after[$0] }) {
                show("left out as before", b, names.after)
                for name in Set(a.details.keys).union(b.details.keys).sorted() where a.details[name] != b.details[name] {
                    Console.line("    " + DiffReport.change(name, a.details[name], b.details[name]))
                }
            } else {
                show("was left out", a, names.before)
                show("is left out", b, names.after)
            }
        }
        more(difference.drops.changed.count, "left out otherwise")
        for (label, lines) in [
            ("noted", difference.notes.appeared), ("noted no more", difference.notes.vanished),
            ("noted otherwise", difference.notes.changed.map(\.after)),
        ] {
            for (reason, count) in SideDifference.counts(lines) { Console.line(VisibleText.of("  \(label): \(count) \(reason)")) }
        }
    }

    private func prefix<Element>(_ all: [Element]) -> ArraySlice<Element> { all.prefix(limit ?? .max) }

    private func more(_ count: Int, _ noun: String) {
        guard let limit, count > limit else { return }
        Console.line("  … and \(count - limit) more \(noun); --all lists them")
    }

    private func show(_ source: DatasetDifference.SourceChange) {
        let name = VisibleText.of(source.locatorAfter ?? source.locatorBefore ?? "")
        let digests = [source.before, source.after].map { $0?.short ?? "nothing" }
        switch source.kind {
        case .added: Console.line("  source \(name) was added, \(digests[1])")
        case .removed: Console.line("  source \(name) was removed, \(digests[0])")
        case .changed: Console.line("  source \(name) changed: \(digests[0]) became \(digests[1])")
        case .renamed: Console.line("  source \(VisibleText.of(source.locatorBefore ?? "")) was renamed \(name), \(digests[1])")
        case .described: Console.line("  source \(name) is the same; what is known of it differs")
        }
    }

    private func show(
        _ change: RecordChange, _ records: (before: Record?, after: Record?), _ difference: DatasetDifference, _ stage: String,
        _ names: RecordNames
    ) {
        func number(_ side: RecordChange.Side?, _ isAfter: Bool) -> String {
            side.map { "\(stage)#\(difference.number($0.place, isAfter: isAfter) + 1)" } ?? ""
        }
        let (a, b) = (number(change.before, false), number(change.after, true))
        switch (records.before, records.after) {
        case (let old?, let new?):
            let place = a == b ? a : "\(a) became \(b)"
            Console.line(VisibleText.of("  ~ \(place), \(DiffReport.name(new))"))
            show(RecordDifference(old, new), indent: "    ")
        case (let old?, nil):
            Console.line(VisibleText.of("  - \(a), \(DiffReport.name(old))\(DiffReport.why(change.fate, isGone: true, names))"))
        case (nil, let new?):
            Console.line(VisibleText.of("  + \(b), \(DiffReport.name(new))\(DiffReport.why(change.fate, isGone: false, names))"))
        case (nil, nil): return
        }
    }

    private static func why(_ fate: RecordFate?, isGone: Bool, _ names: RecordNames) -> String {
        guard let fate else { return "" }
        switch fate.cause {
        case .source(let locator): return ": source \(locator) was \(isGone ? "removed" : "added")"
        case .drop(let drop):
            let survivor = drop.survivor.map { ", \(names[$0]) stands for it" } ?? ""
            return isGone
                ? ": \(fate.stage) left it out as \(drop.reason)\(survivor)"
                : ": \(fate.stage) does not leave it out as \(drop.reason) any more"
        }
    }

    /// Kind, first digits of the id, and the locator or the start of the text.
    static func name(_ record: Record) -> String {
        let head = "\(record.kind) \(record.id.short)"
        if let locator = record.fields["locator"]?.string { return "\(head) (\(locator))" }
        return record.text.isEmpty ? head : "\(head) \(Excerpt.quoted(record.text, 0..<record.text.count))"
    }

    private func show(_ what: String, _ drop: StoredDrop, _ names: RecordNames) {
        let name = drop.details["locator"]?.string ?? drop.record.map { names[$0] } ?? "a record"
        let survivor = drop.survivor.map { ", \(names[$0]) stands for it" } ?? ""
        Console.line(VisibleText.of("  \(what): \(name), \(drop.reason)\(survivor)"))
    }

    // MARK: Texts

    func show(_ difference: RecordDifference) {
        let isEqual = difference.before.id == difference.after.id
        if asJSON {
            let members = (difference.json.object ?? [:]).merging(["equal": .bool(isEqual)]) { own, _ in own }
            return Console.line(JSON.object(members).description)
        }
        if isEqual { return Console.line("they are equal") }
        Console.line(VisibleText.of("before  \(DiffReport.name(difference.before))"))
        Console.line(VisibleText.of("after   \(DiffReport.name(difference.after))"))
        show(difference, indent: "  ")
    }

    private func show(_ difference: RecordDifference, indent: String) {
        if difference.before.kind != difference.after.kind {
            Console.line(VisibleText.of("\(indent)kind: \(difference.before.kind) became \(difference.after.kind)"))
        }
        for field in difference.fields {
            Console.line(indent + DiffReport.change(field.name, field.before, field.after))
        }
        for hunk in prefix(difference.text.hunks) { show(hunk, difference.before.text, difference.after.text, indent) }
        more(difference.text.hunks.count, "places in the text")
        if !difference.origins.isEmpty {
            Console.line("\(indent)it has other \(difference.origins.joined(separator: ", "))")
        }
    }

    private static func change(_ name: String, _ before: JSON?, _ after: JSON?) -> String {
        func value(_ json: JSON?) -> String { json.map { $0.string.map { "“\($0)”" } ?? $0.description } ?? "nothing" }
        return VisibleText.of("\(name): \(value(before)) became \(value(after))")
    }

    private func show(_ hunk: TextDifference.Hunk, _ before: [UInt8], _ after: [UInt8], _ indent: String) {
        Console.line("\(indent)text differs from byte \(hunk.firstByte) on")
        Console.line(VisibleText.of("\(indent)- \(Excerpt.within(before, hunk.before))"))
        Console.line(VisibleText.of("\(indent)+ \(Excerpt.within(after, hunk.after))"))
    }

    /// Two texts that are no records.
    func show(_ difference: TextDifference, _ before: [UInt8], _ after: [UInt8]) {
        if asJSON {
            return Console.line(
                JSON.object([
                    "equal": .bool(difference.hunks.isEmpty), "hunks": .array(difference.hunks.map { $0.json(before, after) }),
                ]).description)
        }
        if difference.hunks.isEmpty { Console.line("they are equal") }
        list(difference, before, after, firstLine: 0)
    }

    // MARK: Files

    private func showCounts(_ publication: PublicationDifference, _ width: Int) {
        let name = "publish".padding(toLength: width, withPad: " ", startingAt: 0)
        let style = Style.standardOutput
        switch (publication.before, publication.after) {
        case (nil, let new?): Console.line(VisibleText.of("\(style.bold(name)) \(new.path) is in the later run only"))
        case (let old?, nil): Console.line(VisibleText.of("\(style.bold(name)) \(old.path) is in the earlier run only"))
        case (let old?, let new?):
            let place = old.path == new.path ? new.path : "\(old.path) became \(new.path)"
            Console.line("\(style.bold(name)) \(VisibleText.of("\(place): \(DiffReport.counts(publication.files))"))")
        case (nil, nil): return
        }
    }

    private static func counts(_ files: [PublicationDifference.File]) -> String {
        guard files.count == 1, let file = files.first, file.path.isEmpty else {
            return files.isEmpty ? "the same bytes" : "\(counted(files.count, "file")) differ\(files.count == 1 ? "s" : "")"
        }
        guard let lines = file.lines else { return "it differs, and is too large to be compared line by line" }
        let sum = lines.difference.hunks.reduce(into: (0, 0)) { sum, hunk in
            sum = (sum.0 + hunk.linesBefore.count, sum.1 + hunk.linesAfter.count)
        }
        return "\(sum.0) lines became \(sum.1)"
    }

    private func list(_ publication: PublicationDifference) {
        guard publication.before != nil, publication.after != nil else { return }
        for file in prefix(publication.files) {
            let path = publication.after?.path ?? ""
            let name = file.path.isEmpty ? path : "\(path)/\(file.path)"
            Console.line()
            Console.line(Style.standardOutput.bold(VisibleText.of(name)))
            switch (file.before, file.after) {
            case (nil, _): Console.line("  is in the later run only")
            case (_, nil): Console.line("  is in the earlier run only")
            default:
                guard let lines = file.lines else {
                    Console.line(
                        "  more than \(ByteCount.text(PublicationDifference.mostCompared)) differ; it is not compared line by line"
                    )
                    continue
                }
                list(lines.difference, lines.before, lines.after, firstLine: lines.firstLine)
            }
        }
        more(publication.files.count, "files")
    }

    private func list(_ difference: TextDifference, _ before: [UInt8], _ after: [UInt8], firstLine: Int) {
        for hunk in prefix(difference.hunks) {
            func lines(_ range: Range<Int>) -> String {
                let (first, last) = (firstLine + range.lowerBound + 1, firstLine + range.upperBound)
                return range.count == 0
                    ? "after line \(first - 1)" : range.count == 1 ? "line \(first)" : "lines \(first)–\(last)"
            }
            Console.line("  \(lines(hunk.linesBefore)) became \(lines(hunk.linesAfter)), from byte \(hunk.firstByte) on")
            for (sign, text, range) in [("-", before, hunk.linesBefore), ("+", after, hunk.linesAfter)] {
                for line in Excerpt.lines(range, of: text, limit: limit) { Console.line(VisibleText.of("  \(sign) \(line)")) }
            }
        }
        more(difference.hunks.count, "places")
    }

    private func list(_ difference: TreeDifference) throws {
        for change in prefix(difference.changes) {
            switch (change.before, change.after) {
            case (nil, _): Console.line(VisibleText.of("  + \(change.path)"))
            case (_, nil): Console.line(VisibleText.of("  - \(change.path)"))
            case (.file(let a)?, .file(let b)?) where a.digest != b.digest:
                Console.line(VisibleText.of("  ~ \(change.path): \(a.byteCount) bytes became \(b.byteCount)"))
                guard max(a.byteCount, b.byteCount) <= PublicationDifference.mostCompared else { continue }
                let (old, new) = (try store.blob(a.digest), try store.blob(b.digest))
                list(TextDifference(old, new), old, new, firstLine: 0)
            case (.file(let a)?, .file(let b)?):
                Console.line(
                    VisibleText.of(
                        "  ~ \(change.path): the same bytes, \(a.isExecutable == b.isExecutable ? "traced otherwise" : b.isExecutable ? "can be run now" : "cannot be run now")"
                    ))
            default: Console.line(VisibleText.of("  ~ \(change.path) is another kind of entry, or leads elsewhere"))
            }
        }
        more(difference.changes.count, "paths")
    }
}
