import HeadwaterModel
import HeadwaterPluginKit

/// What `decide` has for one partition: its names, the statements that one of its claims tells, and the links of its claims.
struct LinkSlice {
    /// A statement with who is for it and who against.
    struct Statement {
        /// The claim that tells it.
        var claim: RecordID
        var support: Int
        var opposition: Int
        var copies: Int
        /// Who vouches, by full name.
        var sources: [String]
        var `for`: [Voice]
        var against: [Voice]
    }

    /// One source of a statement: one claim of all that are its.
    struct Voice {
        var claim: RecordID
        var locator: String
        /// Empty where the document does not say.
        var published: String
        var source: String
        var place: Place
        /// Why it is against; nil where it is for.
        var reason: Reason?
    }

    struct Reason {
        var rule: ClaimComparison.Rule
        var score: Int
        var contradicted: LinkVerdict.Compared
        var contradicting: LinkVerdict.Compared
        var contradictedText: String
        var contradictingText: String
    }

    /// Two claims that have to do with each other.
    struct Link {
        /// The one in this partition.
        var claim: RecordID
        var other: RecordID
        var otherText: [UInt8]
        var otherPlace: Place
        var locator: String
        var comparison: ClaimComparison
        var own: LinkVerdict.Compared
        var others: LinkVerdict.Compared
    }

    var names: NameDecision
    var statements: [Statement] = []
    var links: [Link] = []

    init(names: NameDecision) { self.names = names }

    mutating func sort() {
        statements.sort { $0.claim < $1.claim }
        links.sort { ($0.claim, $0.other) < ($1.claim, $1.other) }
    }
}

// MARK: As bytes

extension LinkSlice {
    private static let format: StaticString = "link.slice"

    var bytes: [UInt8] {
        if names.named.isEmpty && statements.isEmpty && links.isEmpty { return [] }
        var writer = PackedWriter(format: Self.format, version: 1)
        names.write(to: &writer)
        writer.count(statements.count)
        for statement in statements {
            writer.id(statement.claim)
            for number in [statement.support, statement.opposition, statement.copies, statement.sources.count] {
                writer.count(number)
            }
            for source in statement.sources { writer.text(source) }
            for voices in [statement.for, statement.against] {
                writer.count(voices.count)
                for voice in voices { writer.voice(voice) }
            }
        }
        writer.count(links.count)
        for link in links {
            writer.id(link.claim)
            writer.id(link.other)
            writer.text(String(decoding: link.otherText, as: UTF8.self))
            writer.place(link.otherPlace)
            writer.text(link.locator)
            let comparison = link.comparison
            for number in [
                Int(comparison.relation.rawValue), Int(comparison.rule.rawValue), comparison.score, comparison.sharedNames,
            ] { writer.count(number) }
            writer.compared(link.own)
            writer.compared(link.others)
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        self.init(names: NameDecision())
        if bytes.isEmpty { return }
        var reader = try PackedReader(bytes, format: Self.format, version: 1)
        names = try NameDecision(from: &reader)
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) {
            let claim = try reader.id()
            let (support, opposition, copies) = (try reader.count(), try reader.count(), try reader.count())
            let sources = try (0..<reader.elements(ofAtLeast: 1)).map { _ in try reader.text() }
            statements.append(
                Statement(
                    claim: claim, support: support, opposition: opposition, copies: copies, sources: sources,
                    for: try reader.voices(), against: try reader.voices()))
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 2 * RecordID.byteCount)) {
            let (claim, other) = (try reader.id(), try reader.id())
            let (text, place, locator) = (Array(try reader.text().utf8), try reader.place(), try reader.text())
            guard let relation = ClaimComparison.Relation(rawValue: UInt8(truncatingIfNeeded: try reader.count())) else {
                throw StageError("link.slice bytes are damaged: no such relation")
            }
            let (rule, score, sharedNames) = (try reader.rule(), try reader.count(), try reader.count())
            let (own, others) = (try reader.compared(), try reader.compared())
            links.append(
                Link(
                    claim: claim, other: other, otherText: text, otherPlace: place, locator: locator,
                    comparison: ClaimComparison(
                        relation: relation, rule: rule, score: score, compared: (own.range, others.range),
                        sharedNames: sharedNames),
                    own: own, others: others))
        }
        try reader.end()
    }
}

extension PackedWriter {
    fileprivate mutating func voice(_ voice: LinkSlice.Voice) {
        id(voice.claim)
        for value in [voice.locator, voice.published, voice.source] { text(value) }
        place(voice.place)
        flag(voice.reason != nil)
        guard let reason = voice.reason else { return }
        count(Int(reason.rule.rawValue))
        count(reason.score)
        compared(reason.contradicted)
        compared(reason.contradicting)
        text(reason.contradictedText)
        text(reason.contradictingText)
    }

    fileprivate mutating func compared(_ compared: LinkVerdict.Compared) {
        count(compared.range.lowerBound)
        count(compared.range.count)
        place(compared.place)
    }
}

extension PackedReader {
    fileprivate mutating func voices() throws -> [LinkSlice.Voice] {
        try (0..<elements(ofAtLeast: RecordID.byteCount)).map { _ in
            let (claim, locator, published, source) = (try id(), try text(), try text(), try text())
            var voice = LinkSlice.Voice(claim: claim, locator: locator, published: published, source: source, place: try place())
            if try flag() {
                voice.reason = LinkSlice.Reason(
                    rule: try rule(), score: try count(), contradicted: try compared(), contradicting: try compared(),
                    contradictedText: try text(), contradictingText: try text())
            }
            return voice
        }
    }

    fileprivate mutating func rule() throws -> ClaimComparison.Rule {
        guard let rule = ClaimComparison.Rule(rawValue: UInt8(truncatingIfNeeded: try count())) else {
            throw StageError("link.slice bytes are damaged: no such rule")
        }
        return rule
    }

    fileprivate mutating func compared() throws -> LinkVerdict.Compared {
        let (start, length) = (try count(), try count())
        return LinkVerdict.Compared(range: start..<start + length, place: try place())
    }
}
