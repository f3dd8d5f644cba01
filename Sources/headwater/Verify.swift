import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove artifacts: read every source again and check every byte, digest, task key and published file.",
        discussion: """
            Proves content (every digest), closure (each task's key is spelled again from what it works on, and each artifact is what \
            its tasks came to) and segments (every byte against the sources), of what is named and of all that it was made of. \
            Lists all faults, and exits with status 1 if there are any.

            EXAMPLES:
              headwater verify --all
              headwater verify summarize
              headwater verify run:4f2a9c --json
              headwater verify --erased request-17.json
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A stage, artifact, record or run.")
    var reference: String?

    @Flag(name: .long, help: "Every run that the store remembers.")
    var all = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Prove that nothing in the store refers to what this receipt of an erasure says has gone.", valueName: "receipt"))
    var erased: String?

    func validate() throws {
        let count = (reference == nil ? 0 : 1) + (all ? 1 : 0) + (erased == nil ? 0 : 1)
        if count != 1 { throw ValidationError("expected something to verify, or --all, or --erased with a receipt") }
    }

    func run() throws {
        if let erased { return try prove(erased) }
        let store = try options.open()
        var verifier = Verifier(store: store)
        if let reference {
            switch try options.resolve(reference, in: store) {
            case .run(let run): verifier.verify(run: run)
            case .artifact(let place): verifier.verify(stage: place.stage.name, of: place.run)
            case .record(let place, _): verifier.verify(stage: place.artifact.stage.name, of: place.artifact.run)
            case .published(let place, _, _): verifier.verify(run: place.run)
            case .source(let place, _): verifier.verify(source: place.digest, place: "source:\(place.locator)")
            case .blob(let digest): verifier.verify(document: digest)
            }
        } else {
            verifier.verifyAll()
        }
        options.json ? Console.line(Verify.json(verifier.report).description) : show(verifier.report)
        if verifier.report.faultCount > 0 { throw ExitStatus.failed }
    }

    private func prove(_ receipt: String) throws {
        guard let data = FileManager.default.contents(atPath: receipt) else {
            throw CommandFault("\(receipt) cannot be read; expected the receipt of an erasure")
        }
        let read: ErasureReceipt
        do {
            read = try ErasureReceipt(json: JSON(parsing: Array(data)))
        } catch {
            throw CommandFault("\(receipt): \(error)")
        }
        var proof = try ErasureProof(of: read, at: try options.path())
        let host = ErasingConsole(
            store: URL(fileURLWithPath: try options.path()).standardizedFileURL.path, pipelines: [],
            pluginPath: try PluginPathOptions.parse([]), jobs: 1)
        for path in try host.publishedFiles(History(store: try options.open())) {
            if let bytes = FileManager.default.contents(atPath: path) { proof.check(published: path, Array(bytes)) }
        }
        if options.json {
            func list(_ findings: [ErasureProof.Finding]) -> JSON {
                .array(findings.map { ["path": .string($0.path), "fact": .string($0.fact)] })
            }
            Console.line(
                JSON.object([
                    "blobs": .integer(proof.blobs), "bindings": .integer(proof.bindings), "files": .integer(proof.files),
                    "findings": list(proof.findings), "remarks": list(proof.remarks),
                ]).description)
        } else {
            Verify.show(proof)
        }
        if !proof.findings.isEmpty { throw ExitStatus.failed }
    }

    static func show(_ proof: ErasureProof) {
        for finding in proof.findings.prefix(Verify.mostShown) {
            Console.line("\(Style.standardOutput.bold("found")) \(VisibleText.of("\(finding)"))")
        }
        if proof.findings.count > Verify.mostShown { Console.line("… and \(proof.findings.count - Verify.mostShown) more") }
        for remark in proof.remarks.prefix(Verify.mostShown) {
            Console.line("\(Style.standardOutput.bold("remark")) \(VisibleText.of("\(remark)")), which somebody else wrote")
        }
        let read =
            "\(counted(proof.blobs, "blob")), \(counted(proof.bindings, "binding")) and \(counted(proof.files, "other file")) looked at"
        Console.line(
            proof.findings.isEmpty
                ? "\(read): nothing refers to what was erased" : "\(read): \(counted(proof.findings.count, "finding"))")
    }

    /// Faults that a person is shown; with `--json` there are more.
    private static let mostShown = 100

    private func show(_ report: Verifier.Report) {
        if report.isEmpty { return Console.line("the store remembers no run, so there is nothing to prove") }
        for fault in report.faults.prefix(Verify.mostShown) {
            Console.line("\(Style.standardOutput.bold("fault")) \(VisibleText.of("\(fault.place): \(fault.problem)"))")
        }
        if report.faultCount > Verify.mostShown {
            Console.line("… and \(counted(report.faultCount - Verify.mostShown, "fault")) more")
        }
        let records = counted(report.records, "record") + (report.shards > 0 ? " in \(counted(report.shards, "shard"))" : "")
        let parts = [
            report.records + report.shards > 0 ? records : nil, Verify.part(report.sources, "source"),
            Verify.part(report.publishedFiles, "published file"), Verify.part(report.keys, "task key"),
        ].compactMap { $0 }
        let documents = Verify.part(report.documents, parts.isEmpty ? "document" : "other document")
        let proven = parts + [documents].compactMap { $0 }
        if !proven.isEmpty { Console.line(proven.joined(separator: ", ")) }
        for (mode, bytes) in report.bytesByMode.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            let share = Double(bytes) * 100 / Double(max(1, report.bytes))
            Console.line("  \(Verify.fixed(share)) %  \(bytes) bytes \(mode)")
        }
        let claim = report.records > 0 ? "every byte proven" : "every digest is right"
        Console.line(report.faultCount == 0 ? "\(claim), no faults" : counted(report.faultCount, "fault"))
    }

    private static func part(_ count: Int, _ noun: String) -> String? { count == 0 ? nil : counted(count, noun) }

    /// Two decimals, six characters wide.
    private static func fixed(_ share: Double) -> String {
        let hundredths = Int((share * 100).rounded())
        let text = "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }

    /// `{"records","shards","sources","publishedFiles","keys","documents","bytes","bytesByMode":{…},
    /// "faults":[{"place","problem","damage"}],"faultCount"}`
    static func json(_ report: Verifier.Report) -> JSON {
        [
            "records": .integer(report.records), "shards": .integer(report.shards), "sources": .integer(report.sources),
            "publishedFiles": .integer(report.publishedFiles), "keys": .integer(report.keys),
            "documents": .integer(report.documents),
            "bytes": .integer(report.bytes),
            "bytesByMode": .object(report.bytesByMode.mapValues { .integer($0) }),
            "faultCount": .integer(report.faultCount),
            "faults": .array(
                report.faults.map { ["place": .string($0.place), "problem": .string($0.problem), "damage": .bool($0.isDamage)] }),
        ]
    }
}
