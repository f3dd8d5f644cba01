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
            if let name = record.fields["group"]?.string, !(group?.utf8.elementsEqual(name.utf8) ?? false) {
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
    /// as marks are escaped, and those that would steer a terminal or turn the text are spelled out.
    private func writeText(_ record: Record, number: Int, to file: inout PublishedFile) {
        var run = 0
        var index = 0
        for scalar in record.string.unicodeScalars {
            let end = index + UTF8.width(scalar)
            defer { index = end }
            if MarkdownFormat.marks.contains(scalar) {
                file.write(record, number: number, run..<index)
                file.write("\\")
                run = index
            } else if let other = MarkdownFormat.replacement(for: scalar) {
                file.write(record, number: number, run..<index)
                file.write(other)
                run = end
            }
        }
        file.write(record, number: number, run..<record.text.count)
    }

    /// What Markdown would read as more than text.
    private static let marks: Set<Unicode.Scalar> = ["*", "_", "`", "[", "]", "<", "\\"]

    /// What is written instead of a character that is not shown as it is.
    private static func replacement(for scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: " "
        default: VisibleText.steers(scalar) ? VisibleText.escape(scalar) : nil
        }
    }

    private func write(_ citations: Citations, to file: inout PublishedFile) throws {
        guard !citations.list.isEmpty else { return }
        let locators = try SourceLocators(of: Set(citations.list.map(\.source)), in: stages, store: store)
        let lines = try lines(of: citations.list, locators)
        file.write("## Sources\n\n")
        for (index, citation) in citations.list.enumerated() {
            let end = citation.range.end ?? citation.range.start
            let locator = MarkdownFormat.code(locators[citation.source] ?? citation.source.description)
            let about = [
                citation.title.map { "“\(MarkdownFormat.escaped($0))”" }, citation.site.map(MarkdownFormat.escaped),
                citation.published.map(MarkdownFormat.escaped),
            ]
            .compactMap { $0 }.joined(separator: ", ")
            file.write("\(index + 1). \(locator), line \(lines[index]), bytes \(citation.range.start)–\(end)")
            file.write(about.isEmpty ? "\n" : ": \(about)\n")
        }
    }

    /// The line on which each citation begins. Each source is read once, and its lines are counted once.
    private func lines(of citations: [Citations.Entry], _ locators: SourceLocators) throws -> [Int] {
        var lines = [Int](repeating: 1, count: citations.count)
        var open: (source: Digest, places: SourcePlaces)?
        let order = citations.indices.sorted {
            (citations[$0].source, citations[$0].range) < (citations[$1].source, citations[$1].range)
        }
        for index in order {
            let citation = citations[index]
            if open?.source != citation.source {
                let bytes = try store.blob(citation.source)
                open = (citation.source, SourcePlaces(bytes, charset: locators.charset(of: citation.source)))
            }
            let count = open?.places.bytes.count ?? 0
            lines[index] = open?.places.place(of: min(max(citation.range.start, 0), count)).line ?? 1
        }
        return lines
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
        for scalar in text.unicodeScalars {
            if marks.contains(scalar) { out.append("\\") }
            out += replacement(for: scalar) ?? String(scalar)
        }
        return out
    }

    /// As a code span. A text with backticks stands between more of them than it has in a row (CommonMark 0.31, 6.1).
    private static func code(_ text: String) -> String {
        let shown = VisibleText.of(text)
        let longest = shown.split(whereSeparator: { $0 != "`" }).map(\.count).max() ?? 0
        if longest == 0 { return "`\(shown)`" }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence) \(shown) \(fence)"
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
        private var numbers: [Place: Int] = [:]

        private struct Place: Hashable {
            var source: Digest
            var range: ByteRange
        }

        /// The hull of the record's source bytes in each of its sources, as numbers.
        mutating func add(_ record: Record) -> [Int] {
            var hulls: [Place] = []
            var known: [Digest: Int] = [:]
            for citation in record.segments.compactMap(\.citation) + record.evidence
            where record.sources.indices.contains(citation.source) {
                let source = record.sources[citation.source]
                if let index = known[source], let end = citation.range.end, let knownEnd = hulls[index].range.end {
                    let start = min(hulls[index].range.start, citation.range.start)
                    hulls[index].range = ByteRange(start: start, length: max(end, knownEnd) - start)
                } else {
                    known[source] = hulls.count
                    hulls.append(Place(source: source, range: citation.range))
                }
            }
            return hulls.map { hull in
                if let known = numbers[hull] { return known }
                list.append(
                    Entry(
                        source: hull.source, range: hull.range, title: record.fields["title"]?.string,
                        site: record.fields["site"]?.string, published: record.fields["published"]?.string))
                numbers[hull] = list.count
                return list.count
            }
        }
    }
}
