import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Publishes records as Markdown: one paragraph for each, with a numbered citation of the source bytes it came from.
struct MarkdownFormat {
    let store: Store
    let stages: [RunManifest.Stage]

    func write(_ dataset: Dataset, title: String, to file: inout PublishedFile) throws {
        var citations = Citations()
        file.write("# \(MarkdownFormat.heading(title))\n\n")
        var group: String?
        try DatasetReader(store: store).forEachRecord(of: dataset) { number, record in
            if let name = record.fields["group"]?.string, name != group {
                if group != nil || name != "all" { file.write("## \(MarkdownFormat.escaped(name))\n\n") }
                group = name
            }
            file.write("- ")
            writeText(record, number: number, to: &file)
            let marks = citations.add(record).map { "[\($0)]" }.joined()
            file.write(marks.isEmpty ? "" : " " + marks)
            file.write(MarkdownFormat.remark(record) + "\n\n")
        }
        try write(citations, to: &file)
    }

    /// The record's text on one line; a line break inside it is written as a space, characters that Markdown reads
    /// as marks are escaped.
    private func writeText(_ record: Record, number: Int, to file: inout PublishedFile) {
        var run = 0
        for (index, byte) in record.text.enumerated() {
            let replacement: String
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): replacement = " "
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "<"),
                UInt8(ascii: "\\"):
                file.write(record, number: number, run..<index)
                file.write("\\")
                run = index
                continue
            default: continue
            }
            file.write(record, number: number, run..<index)
            file.write(replacement)
            run = index + 1
        }
        file.write(record, number: number, run..<record.text.count)
    }

    private func write(_ citations: Citations, to file: inout PublishedFile) throws {
        guard !citations.list.isEmpty else { return }
        let locators = try SourceLocators(of: Set(citations.list.map(\.source)), in: stages, store: store)
        var sources = SourceCache(store: store)
        file.write("## Sources\n\n")
        for (index, citation) in citations.list.enumerated() {
            let bytes = try sources.bytes(of: citation.source)
            let line = bytes[..<min(max(citation.range.start, 0), bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
            let end = citation.range.end ?? citation.range.start
            let locator = locators[citation.source] ?? citation.source.description
            let about = [
                citation.title.map { "“\(MarkdownFormat.escaped($0))”" }, citation.site.map(MarkdownFormat.escaped),
                citation.published,
            ]
            .compactMap { $0 }.joined(separator: ", ")
            file.write("\(index + 1). `\(locator)`, line \(line), bytes \(citation.range.start)–\(end)")
            file.write(about.isEmpty ? "\n" : ": \(about)\n")
        }
    }

    /// What the record says about itself that a reader of a brief wants to know.
    private static func remark(_ record: Record) -> String {
        var remarks: [String] = []
        if let support = record.fields["support"]?.integer, support > 1 { remarks.append("\(support) sources") }
        if record.fields["disputed"]?.bool == true { remarks.append("disputed") }
        return remarks.isEmpty ? "" : " *(\(remarks.joined(separator: ", ")))*"
    }

    private static func heading(_ name: String) -> String {
        escaped(name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " "))
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            if "*_`[]<\\".contains(character) { out.append("\\") }
            out.append(character.isNewline ? " " : character)
        }
        return out
    }

    /// The byte ranges that are cited, each numbered once, in the order in which they first occur.
    private struct Citations {
        struct Entry {
            var source: Digest
            var range: ByteRange
            var title: String?
            var site: String?
            var published: String?
        }

        private(set) var list: [Entry] = []

        /// The hull of the record's source bytes in each of its sources, as numbers.
        mutating func add(_ record: Record) -> [Int] {
            var hulls: [(source: Digest, range: ByteRange)] = []
            for citation in record.segments.compactMap(\.citation) + record.evidence
            where record.sources.indices.contains(citation.source) {
                let source = record.sources[citation.source]
                if let known = hulls.firstIndex(where: { $0.source == source }), let end = citation.range.end,
                    let knownEnd = hulls[known].range.end
                {
                    let start = min(hulls[known].range.start, citation.range.start)
                    hulls[known].range = ByteRange(start: start, length: max(end, knownEnd) - start)
                } else {
                    hulls.append((source, citation.range))
                }
            }
            return hulls.map { hull in
                if let known = list.firstIndex(where: { $0.source == hull.source && $0.range == hull.range }) { return known + 1 }
                list.append(
                    Entry(
                        source: hull.source, range: hull.range, title: record.fields["title"]?.string,
                        site: record.fields["site"]?.string, published: record.fields["published"]?.string))
                return list.count
            }
        }
    }
}
