import ArgumentParser
import Foundation
import HeadwaterCompression
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Write what a run's sources were answered over the wire as a WARC file.",
        discussion: """
            A stage with 'archive: true' keeps each request with its answer as it went over the wire. The file holds those that the
            run's sources rest on, redirects included, in the order of their URLs: WARC/1.1, each record compressed by itself where
            the file's name ends in .gz.

            EXAMPLES:
              headwater archive run:4f2a9c --to crawl.warc.gz
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A run.")
    var reference: String

    @Option(name: .long, help: ArgumentHelp("The file to write; there must be none yet.", valueName: "file"))
    var to: String

    func run() throws {
        let store = try options.open()
        guard case .run(let run) = try options.resolve(reference, in: store) else {
            throw CommandFault("\(reference) is no run; name one such as run:4f2a9c, as 'headwater log' lists them")
        }
        let exchanges = try ArchivedExchanges(of: run, history: History(store: store)).exchanges
        let kept = exchanges.compactMap { exchange in exchange.records.map { (exchange.url, $0) } }
        guard !kept.isEmpty else {
            throw CommandFault(
                "run:\(run.id) has no archived answers; give its fetch stage 'archive: true' and run it with --refresh")
        }
        let missing = exchanges.count - kept.count
        if missing > 0 {
            Console.warning("\(counted(missing, "answer")) of the run came when none were archived, and are not in the file")
        }
        let count = try write(kept, from: store)
        if options.json {
            Console.line(
                JSON.object(["path": .string(to), "records": .integer(count), "missing": .integer(missing)]).description)
        } else {
            Console.plain("\(counted(count, "record")) written to \(VisibleText.of(to))")
        }
    }

    /// - Returns: how many records the file has.
    private func write(_ kept: [(url: String, records: Digest)], from store: Store) throws -> Int {
        let descriptor = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CommandFault("cannot write \(to): \(String(cString: strerror(errno)))") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let isCompressed = to.hasSuffix(".gz")
        var count = 0
        do {
            for (url, digest) in kept {
                guard let records = ArchivedExchanges.records(try store.blob(digest)) else {
                    throw CommandFault("what is kept of \(url) is no WARC record")
                }
                for record in records {
                    guard let bytes = isCompressed ? Gzip.member(record) : Array(record) else {
                        throw CommandFault("a record of \(url) cannot be compressed; write to a name that does not end in .gz")
                    }
                    try file.write(contentsOf: Data(bytes))
                    count += 1
                }
            }
            try file.synchronize()
            try file.close()
        } catch {
            // A part of an archive looks like a whole one.
            unlink(to)
            throw error is CommandFault || error is StoreError
                ? error : CommandFault("cannot write \(to): \(error.localizedDescription)")
        }
        return count
    }
}
