import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Publishes records as a page for people: documents with their paragraphs, other records one below the other, each with
/// numbered citations of the source bytes it came from, and the list of these sources.
struct PageFormat<Syntax: PageSyntax>: RecordFormat {
    private let syntax: Syntax
    private let title: String
    private let sources: RecordCitations
    /// Whether each record is a page of its own, whose title is the record's.
    private let isFolder: Bool
    private var citations = NumberedCitations()
    private var group: String?
    /// The part of the group that was written last.
    private var section: String?

    init(_ syntax: Syntax, title: String, _ sources: RecordCitations, isFolder: Bool) {
        self.syntax = syntax
        self.title = title
        self.sources = sources
        self.isFolder = isFolder
    }

    func begin(_ writer: inout PublicationWriter) { if !isFolder { writer.write(syntax.begin(title: title)) } }

    mutating func write(_ record: Record, number: Int, to writer: inout PublicationWriter) {
        writeGroup(of: record, to: &writer)
        let remark = RecordRemark.text(of: record)
        let ending = syntax.marks(citations.add(record)) + (remark.isEmpty ? "" : syntax.remark(remark))
        if record.kind == "document" || isFolder {
            writeArticle(record, number: number, ending: ending, to: &writer)
        } else {
            writer.write(syntax.itemStart)
            writer.write(record, number: number, 0..<record.text.count, in: syntax)
            if record.text.isEmpty { writer.write(syntax.escaped(RecordRemark.name(of: record))) }
            writer.write(ending + syntax.itemEnd)
        }
    }

    private mutating func writeGroup(of record: Record, to writer: inout PublicationWriter) {
        if isFolder { return }
        if let name = record.fields["group"]?.string, !(group?.utf8.elementsEqual(name.utf8) ?? false) {
            if group != nil || name != "all" { writer.write(syntax.heading(name)) }
            group = name
            section = nil
        }
        if let name = record.fields["section"]?.string, !(section?.utf8.elementsEqual(name.utf8) ?? false) {
            writer.write(syntax.subheading(name))
            section = name
        }
    }

    private func writeArticle(_ record: Record, number: Int, ending: String, to writer: inout PublicationWriter) {
        let name = RecordRemark.name(of: record)
        writer.write(isFolder ? syntax.begin(title: name) : syntax.heading(name))
        let paragraphs = PageFormat.paragraphs(of: record.text)
        for (index, range) in paragraphs.enumerated() {
            writer.write(syntax.paragraphStart)
            writer.write(record, number: number, range, in: syntax)
            writer.write((index == paragraphs.count - 1 ? ending : "") + syntax.paragraphEnd)
        }
        if paragraphs.isEmpty, !ending.isEmpty {
            writer.write(syntax.paragraphStart + ending.dropFirst() + syntax.paragraphEnd)
        }
    }

    /// The parts of a text between empty lines.
    private static func paragraphs(of text: [UInt8]) -> [Range<Int>] {
        let feed = UInt8(ascii: "\n")
        var out: [Range<Int>] = []
        var start = 0
        for index in text.indices.dropLast() where index >= start && text[index] == feed && text[index + 1] == feed {
            if start < index { out.append(start..<index) }
            start = index + 2
        }
        if start < text.count { out.append(start..<text.count) }
        return out
    }

    func end(_ writer: inout PublicationWriter) throws { try citations.write(syntax, sources, to: &writer) }
}

/// What a record says about itself that a reader wants to know.
enum RecordRemark {
    /// What a reader would call the record.
    static func name(of record: Record) -> String {
        let given = record.fields["title"]?.string ?? record.fields["locator"]?.string ?? ""
        return given.isEmpty ? "\(record.kind) \(record.id.short)" : given
    }

    static func text(of record: Record) -> String {
        var remarks: [String] = []
        if let support = record.fields["support"]?.integer, support > 1 { remarks.append("\(support) sources") }
        if record.fields["disputed"]?.bool == true { remarks.append("disputed") }
        for (name, value) in record.fields.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        where !shownElsewhere.contains(name) {
            switch value {
            case .string(let text): if !text.isEmpty { remarks.append("\(name): \(text)") }
            case .integer(let number): remarks.append("\(name): \(number)")
            case .bool(let flag): if flag { remarks.append(name) }
            default: continue
            }
        }
        return remarks.joined(separator: ", ")
    }

    /// Fields that stand in headings and in the list of sources, and those by which records are put in order.
    private static let shownElsewhere: Set<String> = [
        "support", "disputed", "group", "section", "rank", "score", "title", "site", "published", "locator", "mediaType",
        "charset",
        "language",
    ]
}
