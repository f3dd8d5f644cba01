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
        PackedWriter.list(groups, format: format, version: version) { writer, group in
            writer.text(group.name)
            writer.list(group.terms) { $0.word($1) }
            writer.list(group.sentences) { $1.write(to: &$0) }
        }
    }

    static func decode(_ bytes: [UInt8]) throws -> [ChosenGroup] {
        try PackedReader.list(of: bytes, format: format, version: version, ofAtLeast: 3) { reader in
            ChosenGroup(
                name: try reader.text(), terms: try reader.list(ofAtLeast: 4) { try $0.word() },
                sentences: try reader.list(ofAtLeast: RecordID.byteCount) { try ChosenSentence(&$0) })
        }
    }
}
