import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct DiskUsage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "du",
        abstract: "Say where the bytes of the store are.",
        discussion: """
            Bytes are those on the disk, compressed. What no run needs goes with the next 'headwater gc'. Sources that were left in
            place ('snapshot: reference') are named apart, with the bytes of the files outside of the store.

            EXAMPLES:
              headwater du
              headwater du --json
            """)

    @OptionGroup var options: StoreOptions

    func run() throws {
        let usage = try Usage(of: History(store: try options.open()))
        if options.json {
            for line in usage.lines {
                Console.line(
                    JSON.object(["what": .string(line.what), "blobs": .integer(line.blobs), "bytes": .integer(line.bytes)])
                        .description)
            }
            if let left = usage.leftInPlace {
                Console.line(
                    JSON.object([
                        "what": .string(left.what), "blobs": .integer(left.blobs), "bytes": .integer(left.bytes), "outside": true,
                    ]).description)
            }
            return
        }
        for line in usage.lines { show(ByteCount.text(line.bytes), counted(line.blobs, "blob"), line.what) }
        let total = usage.lines.reduce(0) { $0 + $1.bytes }
        show(ByteCount.text(total), counted(usage.lines.reduce(0) { $0 + $1.blobs }, "blob"), "in all")
        if let left = usage.leftInPlace { show(ByteCount.text(left.bytes), counted(left.blobs, "blob"), left.what) }
    }

    private func show(_ bytes: String, _ blobs: String, _ what: String) {
        func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
        Console.line("\(right(bytes, 9))  \(right(blobs, 14))  \(VisibleText.of(what))")
    }
}
