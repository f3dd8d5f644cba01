import Foundation
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

@Suite struct PublisherTests {
    @Test("what would steer a terminal or turn text is spelled out, and marks of Markdown are escaped")
    func steering() throws {
        let shelf = try Shelf([
            (
                "a`b``\u{1B}[2J.html", "Red \u{1B}[31mtext\u{202E} and *stars*\u{9B}1m, a \\ and a `tick`.\nNext\u{2028}line",
                ["title": "T\u{1B}\u{202E}`x`"]
            )
        ])
        let text = try shelf.text()
        #expect(
            text.contains("- Red \\u{1b}\\[31mtext\\u{202e} and \\*stars\\*\\u{9b}1m, a \\\\ and a \\`tick\\`. Next line"),
            "\(text)")
        #expect(text.contains("1. ``` a`b``\\u{1b}[2J.html ```, line 1, bytes 0–"), "\(text)")
        #expect(text.contains("“T\\u{1b}\\u{202e}\\`x\\`”"), "\(text)")
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test("groups whose names differ in their bytes are two groups, though Swift takes them for equal text")
    func groups() throws {
        let shelf = try Shelf([
            ("a", "one", ["group": "caf\u{E9}"]), ("b", "two", ["group": "cafe\u{301}"]),
            ("c", "three", ["group": "cafe\u{301}"]),
        ])
        #expect(try shelf.text().split(separator: "\n").filter { $0.hasPrefix("## ") }.count == 3)
    }

    @Test("a file that cannot be written leaves no file, but what it would have been and its map are kept")
    func keptFirst() throws {
        let pages = [(locator: "a", text: "one", fields: [String: JSON]())]
        let published = try Shelf(pages).publish(to: "out.md")
        let shelf = try Shelf(pages)
        try FileManager.default.createDirectory(atPath: shelf.folder("out.md/x"), withIntermediateDirectories: true)
        #expect(throws: TaskFault.self) { try shelf.publish(to: "out.md") }
        #expect(shelf.store.contains(published.file) && shelf.store.contains(published.map))
    }

    @Test("many citations of one large source are numbered and placed in short time", .timeLimit(.minutes(1)))
    func manyCitations() throws {
        let count = 3_000
        let page = (0..<count).map { "Sentence \($0) of a page.\n" }.joined()
        let shelf = try Shelf([("page.txt", page + String(repeating: "x", count: 4 << 20), [:])])
        let source = try shelf.store.put(Array((page + String(repeating: "x", count: 4 << 20)).utf8))
        var lines: [UInt8] = []
        var offset = 0
        for index in 0..<count {
            let text = Array("Sentence \(index) of a page.".utf8)
            let segment = Segment(length: text.count, source: 0, offset: offset, sourceLength: text.count, mode: .verbatim)
            lines += Record(kind: "summary", text: text, segments: [segment], sources: [source]).canonical + [0x0A]
            offset += text.count + 1
        }
        let shard = Shard(
            ShardContent(digest: try shelf.store.put(lines), byteCount: lines.count, recordCount: count),
            range: KeyRange(first: "a", last: "z"))
        shelf.show(try shelf.store.put(Dataset(shards: [shard]).json.canonical))
        let text = try shelf.text()
        #expect(text.contains("\n3000. `page.txt`, line 3000, bytes "))
    }
}
