import HeadwaterModel
import HeadwaterPluginKit

/// One sentence of the summary, by where it lies: what `combine` tells `apply`.
struct ChosenSentence: Equatable {
    var document: RecordID
    /// Bytes of the document's text.
    var start: Int
    var length: Int
    /// 1 for the sentence that was chosen first.
    var rank: Int
    /// Per mille of the best sentence's worth.
    var score: Int
    /// How many independent sources say it, its own among them.
    var support: Int
    /// The locators of the documents that say it, sorted.
    var supportedBy: [String]
    /// Whether another source gives another figure.
    var isDisputed: Bool
}

// MARK: As bytes

extension ChosenSentence {
    private static let format: StaticString = "summarize.choice"
    private static let version: UInt8 = 1

    static func encode(_ sentences: [ChosenSentence]) -> [UInt8] {
        var writer = PackedWriter(format: format, version: version)
        writer.count(sentences.count)
        for sentence in sentences {
            writer.id(sentence.document)
            for number in [sentence.start, sentence.length, sentence.rank, sentence.score, sentence.support] {
                writer.count(number)
            }
            writer.count(sentence.supportedBy.count)
            for locator in sentence.supportedBy { writer.text(locator) }
            writer.flag(sentence.isDisputed)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> [ChosenSentence] {
        var reader = try PackedReader(bytes, format: format, version: version)
        var out: [ChosenSentence] = []
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) { out.append(try ChosenSentence(&reader)) }
        try reader.end()
        return out
    }

    private init(_ reader: inout PackedReader) throws {
        document = try reader.id()
        (start, length, rank) = (try reader.count(), try reader.count(), try reader.count())
        (score, support) = (try reader.count(), try reader.count())
        let count = try reader.elements(ofAtLeast: 1)
        supportedBy = try (0..<count).map { _ in try reader.text() }
        isDisputed = try reader.flag()
    }
}
