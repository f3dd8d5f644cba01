import HeadwaterModel
import HeadwaterPluginKit

/// The quantities that an earlier stage found in documents, by where they stand in the sources. They add what digits
/// alone do not tell: that "three" is 3, and "4.5 million" 4500000. What is counted is left to the words around.
struct AnnotatedFigures {
    private struct Place {
        var source: Digest
        var offset: Int
        var figure: Figure
    }

    private let byDocument: [RecordID: [Place]]

    init(_ annotations: [InputRecord]) {
        var found: [RecordID: [Place]] = [:]
        for annotation in annotations where annotation.kind == "quantity" {
            guard let value = annotation.fields["value"],
                let citation = annotation.record.segments.lazy.compactMap(\.citation).first,
                annotation.record.sources.indices.contains(citation.source)
            else { continue }
            let figure = Figure(
                value: Terms.hash(value.string ?? value.description, as: .number), nouns: [])
            for parent in annotation.record.parents {
                found[parent, default: []].append(
                    Place(source: annotation.record.sources[citation.source], offset: citation.range.start, figure: figure))
            }
        }
        byDocument = found
    }

    /// The figures that lie within a part of a document's text.
    func figures(of document: RecordID, in part: @autoclosure () -> TracedText) -> [Figure] {
        guard let places = byDocument[document] else { return [] }
        let citations = part().citations
        return places.filter { place in
            citations.contains { citation in
                citation.source == place.source && place.offset >= citation.range.start
                    && place.offset - citation.range.start < citation.range.length
            }
        }.map(\.figure)
    }
}
