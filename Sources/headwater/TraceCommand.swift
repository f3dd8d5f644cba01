import ArgumentParser
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Show where a record, a field, an artifact, a source or a line of a published file came from.",
        discussion: """
            EXAMPLES:
              headwater trace 'summarize#1'           the first record of a stage
              headwater trace 'summarize#1:0-20'      twenty bytes of its text
              headwater trace 'clean#1@title'         what states a field
              headwater trace 9f2c41 --field title    the same of a record by the start of its id
              headwater trace out/brief.md:5          a line of a published file
              headwater trace sha256:77d0b1           a published file, wherever it lies now
              headwater trace clean                   how much of an artifact came from each source
              headwater trace source:paper/page.html  where a source lay, and which runs read it
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A record, a byte range or a field of it, an artifact, a source, or a line of a published file.")
    var reference: String

    @Option(name: .long, help: ArgumentHelp("Trace the value of this field of the record.", valueName: "name"))
    var field: String?

    @Flag(name: .long, help: "List every source of an artifact and every run that read a source, and not only the first.")
    var all = false

    func run() throws {
        let store = try options.open()
        let reader = DatasetReader(store: store)
        let tracer = Tracer(store: store)
        var traces: [Trace] = []
        func trace(_ place: Resolver.RecordPlace, _ bytes: Range<Int>?) throws {
            let trace = try tracer.trace(place, bytes: bytes)
            if let bytes, bytes != trace.bytes {
                Console.plain(
                    Style.standardError.bold("note: ")
                        + "bytes \(bytes.lowerBound)-\(bytes.upperBound) begin or end inside a character; this is of bytes "
                        + "\(trace.bytes.lowerBound)-\(trace.bytes.upperBound)")
            }
            traces.append(trace)
        }
        let (resolved, named) = try options.resolveWithField(reference, in: store)
        let lineage = LineageText(limit: all ? nil : LineageText.listed, asJSON: options.json)
        if let name = field ?? named {
            guard case .record(let place, nil) = resolved else {
                throw CommandFault("\(reference): only a record has fields; name one, such as 'clean#1'")
            }
            return lineage.show(try tracer.trace(field: name, of: place))
        }
        switch resolved {
        case .record(let place, let bytes): try trace(place, bytes)
        case .published(let place, _, _):
            if let tree = place.artifact.content.tree {
                for part in place.shown {
                    guard let record = try tree.record(part.record, in: store) else { continue }
                    guard !record.segments.isEmpty else {
                        let stage = place.artifact.stage
                        let inputs = stage.inputs.map(\.stage).joined(separator: ", ")
                        let one = try History(store: store).origin(ofFile: tree.files[part.record].path, in: stage)
                        let from = inputs.isEmpty ? "" : one.map { " from \($0) of \(inputs)" } ?? " from all of \(inputs)"
                        throw CommandFault(
                            "\(reference): \(stage.name) made this file\(from), and told nothing of where its bytes came from")
                    }
                    try trace(.init(artifact: place.artifact, record: record, number: part.record, shard: 0), part.text)
                }
            }
            var records = RecordCursor(place.artifact.dataset, reader)
            for part in TraceCommand.merged(place.artifact.content.tree == nil ? place.shown : []) {
                guard let found = try records.record(part.record), part.text.upperBound <= found.record.text.count else {
                    throw DocumentError(
                        "the map of \(place.publication.path) shows bytes \(part.text.lowerBound)-\(part.text.upperBound) of record "
                            + "\(part.record + 1) of \(place.publication.stage), which there are not")
                }
                let record = Resolver.RecordPlace(
                    artifact: place.artifact, record: found.record, number: part.record, shard: found.shard)
                try trace(record, part.text)
            }
            if traces.isEmpty {
                throw CommandFault("\(reference): these bytes were written by the format itself and show no record")
            }
        case .artifact(let place): return lineage.show(try ArtifactTrace(of: place, store: store), place)
        case .source(let place, let bytes):
            if bytes != nil { throw CommandFault("\(reference): a source comes from nowhere else; show prints its bytes") }
            return lineage.show(try SourceTrace(of: place, history: History(store: store)))
        case .run, .blob:
            throw CommandFault("\(reference) is no record; name one, such as 'summarize#1', or a line of a published file")
        }
        for trace in traces { options.json ? Console.line(TraceText.json(trace).description) : TraceText.show(trace) }
    }

    /// Parts of one record that lie side by side but for an escape between them are one part.
    private static func merged(_ parts: [(record: Int, text: Range<Int>)]) -> [(record: Int, text: Range<Int>)] {
        var out: [(record: Int, text: Range<Int>)] = []
        for part in parts {
            if let last = out.last, last.record == part.record {
                out[out.count - 1].text =
                    min(last.text.lowerBound, part.text.lowerBound)..<max(last.text.upperBound, part.text.upperBound)
            } else {
                out.append(part)
            }
        }
        return out
    }
}
