import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// What every format owes: a reader of the format gets the very texts, and each byte that is said to be a record's is.
@Suite struct FormatTests {
    /// Texts that each format has to escape somewhere.
    private static let hostile = [
        "plain", "a,b", "say \"so\"", "\"", "line\nbreak", "return\r\nhere", " spaces ", "=1+1", "tab\there", "\\",
        "\u{1}\u{1B}[2J",
        "<b>&amp;</b>", "]]>", "–→😀", "{\"id\":1}", "é e\u{301}", "# heading", "12. list", "*stars* `ticks`", "a\n\nb\n\n\nc",
        ",", "\n",
    ]

    private func shelf(_ texts: [String] = hostile) throws -> Shelf {
        try Shelf(texts.enumerated().map { ("\($0.offset).txt", $0.element, ["number": .integer($0.offset), "text": "field"]) })
    }

    /// The bytes that the map gives to each record, after each was compared with the record's text.
    private func proven(_ publication: RunManifest.Publication, _ texts: [String], in store: Store) throws -> [Int: [UInt8]] {
        var out: [Int: [UInt8]] = [:]
        try PublishedContent(publication, store: store).forEachPart { part in
            let bytes = try store.blob(part.bytes)
            var start = 0
            for run in part.runs {
                defer { start += run.length }
                guard let record = run.record else { continue }
                let shown = Array(bytes[start..<start + run.length])
                #expect(Array(texts[record].utf8)[run.offset..<run.offset + run.length].elementsEqual(shown))
                out[record, default: []] += shown
            }
            #expect(start == bytes.count, "runs cover all bytes")
        }
        return out
    }

    @Test("JSON lines are the canonical records, and every byte of text that needs no escape is mapped")
    func lines() throws {
        let texts = FormatTests.hostile
        let shelf = try shelf()
        let publication = try shelf.publish(to: "out.jsonl", "format: jsonl")
        let values = try JSONLines.decode(Array(try shelf.read("out.jsonl").utf8))
        #expect(values.compactMap { $0["text"]?.string.map { Array($0.utf8) } } == texts.map { Array($0.utf8) })
        let reader = DatasetReader(store: shelf.store)
        var expected: [UInt8] = []
        try reader.forEachRecord(of: try reader.dataset(shelf.artifact)) { expected += $1.canonical + [0x0A] }
        #expect(Array(try shelf.read("out.jsonl").utf8) == expected)
        let shown = try proven(publication, texts, in: shelf.store)
        for (index, text) in texts.enumerated() {
            #expect(shown[index] ?? [] == text.utf8.filter { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        }
    }

    @Test("a JSON document holds the same records, and with fields only what is named")
    func document() throws {
        let shelf = try shelf()
        let publication = try shelf.publish(to: "out.json", "format: json, fields: [text, number, sources, fields.text, none]")
        let json = try JSON(parsing: Array(try shelf.read("out.json").utf8))
        let records = try #require(json["records"]?.array)
        #expect(records.compactMap { $0["text"]?.string } == FormatTests.hostile)
        #expect(records.map { $0["number"]?.integer } == Array(0..<records.count))
        #expect(records.allSatisfy { $0["fields.text"]?.string == "field" && $0["none"] == nil && $0["id"] == nil })
        #expect(records[0]["sources"] == ["source:0.txt:0-5"])
        _ = try proven(publication, FormatTests.hostile, in: shelf.store)
        let empty = try Shelf([])
        _ = try empty.publish(to: "out.json", "format: json")
        #expect(try JSON(parsing: Array(try empty.read("out.json").utf8)) == ["records": []])
    }

    @Test("a reader of CSV gets the texts back, and every byte of them is mapped")
    func csv() throws {
        let texts = FormatTests.hostile
        let shelf = try shelf()
        let publication = try shelf.publish(to: "out.csv", "format: csv")
        let rows = CSVReader.rows(Array(try shelf.read("out.csv").utf8))
        #expect(rows[0] == ["id", "kind", "text", "number", "fields.text", "sources"])
        #expect(rows.dropFirst().map { Array($0[2].utf8) } == texts.map { Array($0.utf8) })
        #expect(rows.dropFirst().map { $0[5] }.first == "source:0.txt:0-5")
        let shown = try proven(publication, texts, in: shelf.store)
        for (index, text) in texts.enumerated() { #expect(shown[index] == Array(text.utf8)) }
    }

    @Test("a page in HTML shows each text, and nothing of a text is markup")
    func html() throws {
        let shelf = try shelf()
        let publication = try shelf.publish(to: "out.html", "format: html")
        let page = try shelf.read("out.html")
        let body = try #require(page.split(separator: "<main>").last)
        let paragraphs = body.split(separator: "\n").filter { $0.hasPrefix("<p dir=\"auto\">") }
        #expect(paragraphs.count == FormatTests.hostile.count)
        #expect(body.contains("<p dir=\"auto\">&lt;b&gt;&amp;amp;&lt;/b&gt; <a href=\"#source-12\">[12]</a>"))
        #expect(body.contains("\\u{1}\\u{1b}[2J") && !body.contains("<b>"))
        let cited = "<q dir=\"auto\"><mark>&lt;b&gt;&amp;amp;&lt;/b&gt;</mark></q>"
        #expect(body.contains("<li id=\"source-12\"><code>11.txt</code>, line 1, bytes 0–12\(cited)</li>"))
        _ = try proven(publication, FormatTests.hostile, in: shelf.store)
    }

    @Test("marks at the beginning of a text make no list and no heading in Markdown")
    func markdown() throws {
        let shelf = try shelf(["# heading", "12. list", "- item", "12.5 m", "1234567890. no list", "> said"])
        let page = try shelf.text()
        for line in [
            "- \\# heading ", "- 12\\. list ", "- \\- item ", "- 12\\.5 m ", "- 1234567890\\. no list ", "- \\> said ",
        ] { #expect(page.contains("\n" + line), "\(line)") }
    }

    @Test("plain texts are the records byte for byte, each in a file of its own")
    func plainTexts() throws {
        let shelf = try shelf()
        let publication = try shelf.publish(to: "texts", "format: text")
        let shown = try proven(publication, FormatTests.hostile, in: shelf.store)
        for (index, text) in FormatTests.hostile.enumerated() { #expect(shown[index] == Array(text.utf8)) }
        // These records have no locator, so that their names are their ids.
        let names = try FileManager.default.contentsOfDirectory(atPath: shelf.folder("texts"))
        #expect(names.allSatisfy { $0.hasPrefix("summary~") && $0.hasSuffix(".txt") })
        #expect(Set(try names.map { try shelf.read("texts/" + $0) }) == Set(FormatTests.hostile))
        #expect(publication.isFolder)
    }

    @Test("a large file is kept in parts, and they are the file", arguments: ["jsonl", "csv", "markdown", "html"])
    func parts(format: String) throws {
        let texts = (0..<1700).map { "Sentence \($0) " + String(repeating: "of a page ", count: 80) }
        let shelf = try shelf(texts)
        let publication = try shelf.publish(to: "out", "format: \(format)")
        let content = try PublishedContent(publication, store: shelf.store)
        #expect(content.map.parts.count > 1)
        #expect(content.map.parts.allSatisfy { $0.length <= 2 << 20 })
        var bytes: [UInt8] = []
        try content.forEachPart { bytes += try shelf.store.blob($0.bytes) }
        #expect(Digest(of: bytes) == publication.file)
        #expect(try Array(shelf.read("out").utf8) == bytes)
        let shown = try proven(publication, texts, in: shelf.store)
        #expect(shown.count == texts.count)
        let last = try content.records(in: bytes.count - (format == "csv" || format == "jsonl" ? 900 : 1)..<bytes.count)
        if format == "csv" || format == "jsonl" { #expect(last.last?.record == 1699) } else { #expect(last.isEmpty) }
    }
}

/// Reads CSV as RFC 4180 says.
private enum CSVReader {
    static func rows(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\"") where !isQuoted: isQuoted = true
            case UInt8(ascii: "\""):
                if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                    cell.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            case UInt8(ascii: ",") where !isQuoted:
                row.append(String(decoding: cell, as: UTF8.self))
                cell = []
            case UInt8(ascii: "\n") where !isQuoted:
                rows.append(row + [String(decoding: cell, as: UTF8.self)])
                (row, cell) = ([], [])
            default: cell.append(byte)
            }
        }
        return rows
    }
}
