import Foundation
import HeadwaterLineage
import HeadwaterModel

/// What `trace` says of a field, an artifact and a source.
struct LineageText {
    /// Sources or runs that are listed; nil for all. JSON has all.
    let limit: Int?
    let asJSON: Bool

    /// Of more, people are told how many there are.
    static let listed = 20

    // MARK: A field

    func show(_ trace: FieldTrace) {
        if asJSON {
            let line: JSON = [
                "record": .string(trace.record.id.description), "kind": .string(trace.record.kind), "field": .string(trace.name),
                "value": trace.value, "sources": .array(trace.sources.map(TraceText.json)), "steps": TraceText.json(trace.steps),
            ]
            return Console.line(line.description)
        }
        let style = Style.standardOutput
        Console.line(VisibleText.of("\(style.bold(trace.name)) of \(trace.record.kind) \(trace.record.id.short)"))
        Console.line(VisibleText.of("  \(trace.value.string.map { "“\($0)”" } ?? trace.value.description)"))
        Console.line()
        for source in trace.sources { TraceText.show(source) }
        if trace.sources.isEmpty {
            Console.line("its stage cites no bytes for it: the value is the stage's word, or follows from the rest of the record")
            Console.line()
        }
        TraceText.show(trace.steps)
    }

    // MARK: An artifact

    func show(_ trace: ArtifactTrace, _ place: Resolver.ArtifactPlace) {
        if asJSON { return Console.line(json(trace, place).description) }
        let style = Style.standardOutput
        Console.line("\(style.bold(VisibleText.of("\(place.run.pipeline)/\(place.stage.name)")))  \(place.digest)")
        Console.line(
            VisibleText.of("made by run:\(place.run.id), plugin \(place.stage.plugin) \(place.stage.version)")
                + VisibleText.of(place.stage.parameters.isEmpty ? "" : " \(JSON.object(place.stage.parameters))"))
        Console.line(
            "\(counted(trace.records, place.content.tree == nil ? "record" : "file")), \(trace.bytes) bytes of text"
                + " from \(counted(trace.shares.count, "source")), \(trace.unsourced) bytes without a source")
        Console.line()
        for share in trace.shares.prefix(limit ?? .max) {
            Console.line(
                VisibleText.of(
                    "  \(share.locator ?? share.digest.short): \(share.bytes) bytes, \(share.verbatim) verbatim, in "
                        + counted(share.records, "record")))
        }
        more(trace.shares.count, "sources")
    }

    private func json(_ trace: ArtifactTrace, _ place: Resolver.ArtifactPlace) -> JSON {
        [
            "artifact": .string(place.digest.description), "run": .string(place.run.id.description),
            "stage": .string(place.stage.name), "plugin": .string(place.stage.plugin), "version": .string(place.stage.version),
            "parameters": .object(place.stage.parameters), "records": .integer(trace.records), "bytes": .integer(trace.bytes),
            "unsourced": .integer(trace.unsourced),
            "sources": .array(
                trace.shares.map { share in
                    var members: [String: JSON] = [
                        "digest": .string(share.digest.description), "records": .integer(share.records),
                        "bytes": .integer(share.bytes), "verbatim": .integer(share.verbatim),
                    ]
                    members["locator"] = share.locator.map { .string($0) }
                    return .object(members)
                }),
        ]
    }

    // MARK: A source

    func show(_ trace: SourceTrace) {
        if asJSON { return Console.line(json(trace).description) }
        let style = Style.standardOutput
        Console.line(style.bold(VisibleText.of(trace.place.locator)))
        Console.line("  \(trace.place.digest)")
        Console.line(
            "  \(trace.byteCount.map { "\($0) bytes" } ?? "its bytes are not there any more"), read as \(trace.place.charset)")
        if let container = trace.container {
            Console.line(VisibleText.of("  part \(container.number) of \(container.file), \(container.way)"))
            Console.line("  \(container.digest)")
        }
        Console.line("read by")
        for reading in trace.readings.prefix(limit ?? .max) {
            let name = reading.locator.utf8.elementsEqual(trace.place.locator.utf8) ? "" : ", as \(reading.locator)"
            Console.line(
                VisibleText.of(
                    "  run:\(reading.run.id)  \(Log.time(reading.run.started))  \(reading.run.pipeline)/\(reading.stage.name), plugin "
                        + "\(reading.stage.plugin) \(reading.stage.version)\(name)"))
        }
        more(trace.readings.count, "runs")
    }

    private func json(_ trace: SourceTrace) -> JSON {
        var members: [String: JSON] = [
            "source": .string(trace.place.digest.description), "locator": .string(trace.place.locator),
            "charset": .string("\(trace.place.charset)"),
            "readBy": .array(
                trace.readings.map { reading in
                    [
                        "run": .string(reading.run.id.description), "pipeline": .string(reading.run.pipeline),
                        "started": .integer(reading.run.started), "stage": .string(reading.stage.name),
                        "plugin": .string(reading.stage.plugin), "version": .string(reading.stage.version),
                        "locator": .string(reading.locator),
                    ]
                }),
        ]
        members["bytes"] = trace.byteCount.map { .integer($0) }
        members["container"] = trace.container?.json
        return .object(members)
    }

    private func more(_ count: Int, _ noun: String) {
        guard let limit, count > limit else { return }
        Console.line("  … and \(count - limit) more \(noun); --all lists them")
    }
}
