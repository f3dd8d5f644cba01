import HeadwaterModel
import HeadwaterPluginKit

/// What an earlier stage found in documents, by where it stands in the sources: quantities, which tell what digits alone do
/// not (that "three" is 3, and "4.5 million" 4500000), names of entities, and dates.
struct Annotations {
    enum Finding: Equatable {
        case figure(Figure)
        /// An entity's name, as its document gives it in full.
        case name(String)
        /// A day, month or year in ISO 8601, with the bytes of the expression.
        case date(String, ByteRange)
    }

    private struct Place {
        var source: Digest
        var offset: Int
        var finding: Finding
    }

    private let byDocument: [RecordID: [Place]]
    /// Whether there are any records at all, of whatever kind.
    let isEmpty: Bool

    init(_ annotations: [InputRecord]) {
        var found: [RecordID: [Place]] = [:]
        for annotation in annotations {
            guard let citation = annotation.record.segments.lazy.compactMap(\.citation).first,
                annotation.record.sources.indices.contains(citation.source),
                let finding = Annotations.finding(annotation, citation.range)
            else { continue }
            for parent in annotation.record.parents {
                found[parent, default: []].append(
                    Place(
                        source: annotation.record.sources[citation.source], offset: citation.range.start, finding: finding))
            }
        }
        byDocument = found
        isEmpty = annotations.isEmpty
    }

    /// What was found within a part of a document's text, with the source of each.
    func findings(of document: RecordID, in part: @autoclosure () -> TracedText) -> [(finding: Finding, source: Digest)] {
        guard let places = byDocument[document] else { return [] }
        let citations = part().citations
        return places.filter { place in
            citations.contains { citation in
                citation.source == place.source && place.offset >= citation.range.start
                    && place.offset - citation.range.start < citation.range.length
            }
        }.map { ($0.finding, $0.source) }
    }

    private static func finding(_ annotation: InputRecord, _ range: ByteRange) -> Finding? {
        switch annotation.kind {
        case "quantity":
            annotation.fields["value"].map { value in
                .figure(Figure(value: Terms.hash(value.string ?? value.description, as: .number), nouns: []))
            }
        case "entity": .name(annotation.fields["canonical"]?.string ?? annotation.record.string)
        case "date": annotation.fields["value"]?.string.flatMap { isCalendarDate($0) ? .date($0, range) : nil }
        default: nil
        }
    }

    /// `2025`, `2025-03` or `2025-03-14`, and nothing less certain.
    private static func isCalendarDate(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        guard [4, 7, 10].contains(bytes.count) else { return false }
        return bytes.indices.allSatisfy { index in
            index == 4 || index == 7 ? bytes[index] == UInt8(ascii: "-") : (0x30...0x39).contains(bytes[index])
        }
    }
}
