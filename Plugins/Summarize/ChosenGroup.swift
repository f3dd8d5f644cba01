import HeadwaterModel
import HeadwaterPluginKit

/// One summary: what `combine` tells `apply`.
struct ChosenGroup: Equatable {
    /// What the group is called; empty where that is for `apply` to find from its terms.
    var name: String
    /// The terms that tell the group from others, the most telling first; none where it has a name.
    var terms: [UInt32] = []
    var sentences: [ChosenSentence]
}

// MARK: As bytes

extension ChosenGroup {
    private static let format: StaticString = "summarize.choice"
    private static let version: UInt8 = 2

    static func encode(_ groups: [ChosenGroup]) -> [UInt8] {
        var writer = PackedWriter(format: format, version: version)
        writer.count(groups.count)
        for group in groups {
            writer.text(group.name)
            writer.count(group.terms.count)
            for term in group.terms { writer.word(term) }
            writer.count(group.sentences.count)
            for sentence in group.sentences { sentence.write(to: &writer) }
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> [ChosenGroup] {
        var reader = try PackedReader(bytes, format: format, version: version)
        var out: [ChosenGroup] = []
        for _ in 0..<(try reader.elements(ofAtLeast: 3)) {
            let name = try reader.text()
            let terms = try (0..<(try reader.elements(ofAtLeast: 4))).map { _ in try reader.word() }
            var sentences: [ChosenSentence] = []
            for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) { sentences.append(try ChosenSentence(&reader)) }
            out.append(ChosenGroup(name: name, terms: terms, sentences: sentences))
        }
        try reader.end()
        return out
    }
}
