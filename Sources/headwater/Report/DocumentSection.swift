import HeadwaterLineage
import HeadwaterModel

/// One document in a report: its fields, and its blocks in two columns.
struct DocumentSection {
    /// Bytes of a block that was left out that are shown; so many that whole paragraphs are.
    private static let longest = 4_000

    private let record: Record
    private let number: Int
    private let account: RecordAccount
    private let locators: SourceLocators

    init(_ record: Record, number: Int, _ notes: [StoredNote], _ locators: SourceLocators) {
        self.record = record
        self.number = number
        self.locators = locators
        account = RecordAccount(of: record, notes: notes)
    }

    func markup(_ sources: inout SourceCache) throws -> String {
        let name = record.fields["title"]?.string ?? record.fields["locator"]?.string ?? record.id.short
        var out = "<section>\n<h2 dir=\"auto\"><small>#\(number + 1)</small> \(HTMLText.of(name))</h2>\n"
        out += fields()
        out += "<table class=\"blocks\">\n<tr><th>kept</th><th>left out</th></tr>\n"
        for row in account.rows {
            switch row {
            case .kept(let text, let from):
                let words = HTMLText.of(String(decoding: record.text[text], as: UTF8.self))
                out += "<tr><td dir=\"auto\">\(words)\(from.map { place($0.range) } ?? "")</td><td></td></tr>\n"
            case .leftOut(let note):
                let words = try note.cites.map { try excerpt($0.source, $0.range, &sources) }.filter { !$0.isEmpty }
                let details = note.details.isEmpty ? "" : " <small>\(HTMLText.of(JSON.object(note.details).description))</small>"
                out +=
                    "<tr><td></td><td dir=\"auto\"><b class=\"reason\">\(HTMLText.of(note.reason))</b>\(details) "
                    + "\(words.joined(separator: " "))\(note.cites.first.map { place($0.range) } ?? "")</td></tr>\n"
            }
        }
        out += "</table>\n"
        out += try remarks(&sources)
        return out + "</section>\n"
    }

    private func fields() -> String {
        var out = "<dl>\n"
        for (name, value) in record.fields.sorted(by: { $0.key < $1.key }) {
            out += "<dt>\(HTMLText.of(name))</dt><dd dir=\"auto\">\(HTMLText.of(value.string ?? value.description))</dd>\n"
        }
        return out + "</dl>\n"
    }

    private func remarks(_ sources: inout SourceCache) throws -> String {
        if account.remarks.isEmpty { return "" }
        var out = "<ul>\n"
        for note in account.remarks {
            let words = try note.cites.map { try excerpt($0.source, $0.range, &sources) }.joined(separator: " ")
            let details = note.details.isEmpty ? "" : " <small>\(HTMLText.of(JSON.object(note.details).description))</small>"
            out += "<li>\(HTMLText.of(note.kind)): <b class=\"reason\">\(HTMLText.of(note.reason))</b>\(details) \(words)</li>\n"
        }
        return out + "</ul>\n"
    }

    private func place(_ range: ByteRange) -> String { " <small>byte \(range.start)</small>" }

    private func excerpt(_ source: Digest, _ range: ByteRange, _ sources: inout SourceCache) throws -> String {
        let bytes = try sources.bytes(of: source)
        guard let range = range.checked(within: bytes.count) else { return "" }
        let start = bytes[range.prefix(DocumentSection.longest)]
        let charset = locators.charset(of: source).starting(at: range.lowerBound, in: bytes)
        let text = charset.decode(Array(start), isStart: range.lowerBound == 0).text
        let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return HTMLText.of(line) + (start.count < range.count ? "…" : "")
    }
}
