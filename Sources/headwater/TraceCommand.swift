import ArgumentParser
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Show where a record, some bytes of it, or a line of a published file came from.",
        discussion: """
            EXAMPLES:
              headwater trace 'summarize#1'           the first record of a stage
              headwater trace 'summarize#1:0-20'      twenty bytes of its text
              headwater trace 9f2c41                  a record by the start of its id
              headwater trace out/brief.md:5          a line of a published file
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A record, a byte range of it, or a line of a published file.")
    var reference: String

    func run() throws {
        let store = try options.open()
        let resolver = Resolver(store: store)
        let tracer = Tracer(store: store)
        var traces: [Trace] = []
        switch try options.resolve(reference, in: store) {
        case .record(let place, let bytes): traces.append(try tracer.trace(place, bytes: bytes))
        case .published(let place, let bytes, _):
            for part in TraceCommand.merged(place.map.records(in: bytes)) {
                guard let found = try resolver.reader.record(part.record, of: place.artifact.dataset) else { continue }
                let record = Resolver.RecordPlace(
                    artifact: place.artifact, record: found.record, number: part.record, shard: found.shard)
                traces.append(try tracer.trace(record, bytes: part.text))
            }
            if traces.isEmpty {
                throw CommandFault("\(reference): these bytes were written by the format itself and show no record")
            }
        case .artifact(let place):
            guard place.dataset.recordCount <= 1 else {
                throw CommandFault(
                    "\(reference) has \(place.dataset.recordCount) records; name one of them, such as '\(reference)#1'")
            }
            if let found = try resolver.reader.record(0, of: place.dataset) {
                let record = Resolver.RecordPlace(artifact: place, record: found.record, number: 0, shard: found.shard)
                traces.append(try tracer.trace(record, bytes: nil))
            }
        case .run, .source, .blob:
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
