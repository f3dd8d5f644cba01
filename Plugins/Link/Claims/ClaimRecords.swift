import HeadwaterModel
import HeadwaterPluginKit

/// What claims of one partition come to beside those of others, as records that cite both sides to the byte.
struct ClaimRecords {
    private let claims: [RecordID: InputRecord]
    private let documents: [RecordID: InputRecord]

    init(_ partition: Partition) {
        claims = Dictionary(
            partition["annotations"].filter { $0.kind == "claim" }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        documents = Dictionary(partition["documents"].map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func claim(_ id: RecordID) throws -> InputRecord {
        guard let claim = claims[id] else { throw StageError("the claim \(id.short) is not in its partition") }
        return claim
    }

    /// A statement: the claim that tells it, with the sources for it and those against it.
    func record(of statement: LinkSlice.Statement) throws -> RecordDraft {
        let claim = try claim(statement.claim)
        var draft = RecordDraft(kind: "statement", text: try claim.text(), parents: [claim.id])
        if let document = claim.record.parents.first.flatMap({ documents[$0] }) {
            for field in ["locator", "title", "site", "published"] {
                if let value = document.fields[field] { draft.set(field, value, citing: document.cite(of: field)) }
            }
        }
        for field in ["source", "stance"] {
            if let value = claim.fields[field] { draft.set(field, value, citing: claim.cite(of: field)) }
        }
        draft.set("support", .integer(statement.support))
        draft.set("opposition", .integer(statement.opposition))
        draft.set("copies", .integer(statement.copies))
        if statement.opposition > 0 { draft.set("disputed", true) }
        if !statement.sources.isEmpty { draft.set("vouchers", .array(statement.sources.map { .string($0) })) }
        draft.set("for", .array(statement.for.map { .string($0.locator) }), citing: statement.for.map(\.place.cite))
        guard !statement.against.isEmpty else { return draft }
        draft.set("against", .array(statement.against.map { .string($0.locator) }), citing: statement.against.map(\.place.cite))
        let reasons = statement.against.compactMap(\.reason)
        draft.set(
            "why", .array(reasons.map { .string(Self.words(of: $0)) }), citing: reasons.map(\.contradicting.place.cite))
        return draft
    }

    /// `numbers: 12 people, but 14 people`
    private static func words(of reason: LinkSlice.Reason) -> String {
        "\(reason.rule.name): \(reason.contradictedText), but \(reason.contradictingText)"
    }

    /// A link: the claim, the other one, and what of both was compared by which rule.
    func record(of link: LinkSlice.Link) throws -> RecordDraft {
        let claim = try claim(link.claim)
        let text = try claim.text()
        guard link.own.range.upperBound <= text.count, link.others.range.upperBound <= link.otherText.count else {
            throw StageError("the link of claim \(claim.id.short) compares bytes that it does not have")
        }
        var draft = RecordDraft(kind: "link", text: text, parents: [claim.id, link.other].sorted())
        draft.set("relation", .string(link.comparison.relation.name))
        draft.set("rule", .string(link.comparison.rule.name))
        draft.set("score", .integer(link.comparison.score))
        draft.set("other", .string(String(decoding: link.otherText, as: UTF8.self)), citing: [link.otherPlace.cite])
        draft.set("otherLocator", .string(link.locator))
        if let document = claim.record.parents.first.flatMap({ documents[$0] }), let locator = document.fields["locator"] {
            draft.set("locator", locator)
        }
        draft.set(
            "compared",
            [
                .string(String(decoding: text.bytes[link.own.range], as: UTF8.self)),
                .string(String(decoding: link.otherText[link.others.range], as: UTF8.self)),
            ], citing: [link.own.place.cite, link.others.place.cite])
        return draft
    }
}
