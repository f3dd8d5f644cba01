import ArgumentParser
import HeadwaterLineage
import HeadwaterModel

struct Records: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the records of an artifact, or what was left out of it.",
        discussion: """
            EXAMPLES:
              headwater records summarize                the latest artifact of a stage
              headwater records extract --kind quotation only records of one kind
              headwater records clean --json             one JSON object a line
              headwater records dedupe --dropped         what was left out, and why
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A stage, an artifact, or one record of it.")
    var reference: String

    @Option(name: .long, help: ArgumentHelp("Only records of this kind.", valueName: "kind"))
    var kind: String?

    @Option(name: .long, help: ArgumentHelp("At most this many.", valueName: "count"))
    var limit: Int?

    @Flag(name: .long, help: "Print what was left out, records and blocks of text, with the reasons.")
    var dropped = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more") }
    }

    func run() throws {
        let store = try options.open()
        let resolved = try options.resolve(reference, in: store)
        if case .record(let place, _) = resolved {
            options.json
                ? Console.bytes(place.record.canonical + [UInt8(ascii: "\n")])
                : RecordText.show(place.record, number: place.number)
            return
        }
        guard let place = resolved.artifact else {
            throw CommandFault("\(reference) is no artifact and no record; name a stage, such as clean")
        }
        let reader = DatasetReader(store: store)
        if dropped { return try DroppedText(place: place, reader: reader, asJSON: options.json).show(limit: limit) }
        var shown = 0
        var kinds: Set<String> = []
        do {
            try reader.forEachRecord(of: place.dataset) { number, record in
                guard kind == nil || record.kind == kind else {
                    kinds.insert(record.kind)
                    return
                }
                if let limit, shown >= limit { throw EnoughShown() }
                shown += 1
                options.json ? Console.bytes(record.canonical + [UInt8(ascii: "\n")]) : RecordText.show(record, number: number)
            }
        } catch is EnoughShown {}
        if let kind, shown == 0, !kinds.isEmpty {
            throw CommandFault(
                "\(reference) has no record of the kind \(kind); it has \(kinds.sorted().joined(separator: ", "))")
        }
    }

    private struct EnoughShown: Error {}
}
