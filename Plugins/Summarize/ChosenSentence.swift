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
    /// The locators of the documents of other sources that give another figure, sorted.
    var disputedBy: [String]
    /// The part of the summary that it stands in; empty where there are no parts.
    var section: String
    /// The date of the event that it tells, in a timeline.
    var date: DocumentOutline.Dated?
    /// As `Merit.perMille` gives them.
    var merits: [Int]
}

// MARK: As bytes

extension ChosenSentence {
    func write(to writer: inout PackedWriter) {
        writer.id(document)
        for number in [start, length, rank, score, support] { writer.count(number) }
        for locators in [supportedBy, disputedBy] { writer.list(locators) { $0.text($1) } }
        writer.text(section)
        writer.flag(date != nil)
        if let date { date.write(to: &writer) }
        writer.list(merits) { $0.count($1) }
    }

    init(_ reader: inout PackedReader) throws {
        document = try reader.id()
        (start, length, rank) = (try reader.count(), try reader.count(), try reader.count())
        (score, support) = (try reader.count(), try reader.count())
        supportedBy = try reader.list(ofAtLeast: 1) { try $0.text() }
        disputedBy = try reader.list(ofAtLeast: 1) { try $0.text() }
        section = try reader.text()
        date = try reader.flag() ? try DocumentOutline.Dated(&reader) : nil
        merits = try reader.list(ofAtLeast: 1) { try $0.count() }
    }
}
