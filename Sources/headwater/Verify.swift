import ArgumentParser
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove artifacts: read every source again and check every byte, digest and published file.",
        discussion: """
            Lists all faults, and exits with status 1 if there are any.

            EXAMPLES:
              headwater verify --all
              headwater verify summarize
              headwater verify run:4f2a9c --json
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A stage, artifact, record or run.")
    var reference: String?

    @Flag(name: .long, help: "Every run that the store remembers.")
    var all = false

    func validate() throws {
        if (reference == nil) != all { throw ValidationError("expected either something to verify or --all") }
    }

    func run() throws {
        let store = try options.open()
        var verifier = Verifier(store: store)
        if let reference {
            switch try options.resolve(reference, in: store) {
            case .run(let run): verifier.verify(run: run)
            case .artifact(let place): verifier.verify(artifact: place.digest, place: "\(place.run.pipeline)/\(place.stage.name)")
            case .record(let place, _): try verifier.prove(place.record)
            case .published(let place, _, _): verifier.verify(run: place.run)
            case .source(let place, _): _ = try store.blob(place.digest)
            case .blob(let digest): _ = try store.blob(digest)
            }
        } else {
            verifier.verifyAll()
        }
        options.json ? Console.line(Verify.json(verifier.report).description) : show(verifier.report)
        if !verifier.report.faults.isEmpty { throw ExitStatus.failed }
    }

    private func show(_ report: Verifier.Report) {
        for fault in report.faults { Console.line("\(Style.standardOutput.bold("fault")) \(fault.place): \(fault.problem)") }
        Console.line(
            "\(counted(report.records, "record")) in \(counted(report.shards, "shard")), \(counted(report.sources, "source")), "
                + "\(counted(report.publishedFiles, "published file"))")
        for (mode, bytes) in report.bytesByMode.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            let share = Double(bytes) * 100 / Double(max(1, report.bytes))
            Console.line("  \(Verify.fixed(share)) %  \(bytes) bytes \(mode)")
        }
        Console.line(report.faults.isEmpty ? "every byte proven, no faults" : "\(counted(report.faults.count, "fault"))")
    }

    /// Two decimals, six characters wide.
    private static func fixed(_ share: Double) -> String {
        let hundredths = Int((share * 100).rounded())
        let text = "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }

    /// `{"records","shards","sources","publishedFiles","bytes","bytesByMode":{…},"faults":[{"place","problem","damage"}]}`
    static func json(_ report: Verifier.Report) -> JSON {
        [
            "records": .integer(report.records), "shards": .integer(report.shards), "sources": .integer(report.sources),
            "publishedFiles": .integer(report.publishedFiles), "bytes": .integer(report.bytes),
            "bytesByMode": .object(report.bytesByMode.mapValues { .integer($0) }),
            "faults": .array(
                report.faults.map { ["place": .string($0.place), "problem": .string($0.problem), "damage": .bool($0.isDamage)] }),
        ]
    }
}
