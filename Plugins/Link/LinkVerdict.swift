import HeadwaterModel
import HeadwaterPluginKit

/// What `examine` found in one group: the pairs of claims that have to do with each other, and why.
struct LinkVerdict {
    /// A claim as it is told of where another stands.
    struct Told {
        var id: RecordID
        var text: [UInt8]
        var place: Place
        /// Who vouches, by full name; `author` for the writer.
        var source: String
        /// Days since 1970-01-01 of the dates in it.
        var days: [Int]
    }

    /// One side of what a rule compared: the bytes of the claim's text, and of its source.
    struct Compared: Equatable {
        var range: Range<Int>
        var place: Place
    }

    struct Match {
        /// The claims, the smaller id first, by index.
        var a: Int
        var b: Int
        var comparison: ClaimComparison
        var compared: (a: Compared, b: Compared)
    }

    private(set) var claims: [Told] = []
    private(set) var matches: [Match] = []

    /// Compares each claim with each one of another document.
    init(_ records: [InputRecord]) throws {
        let records = records.filter { $0.kind == "claim" }.sorted { $0.id < $1.id }
        let readings = records.map { ClaimReading($0.record) }
        var texts: [Int: TracedText] = [:]
        var indices: [Int: Int] = [:]
        func told(_ number: Int, _ place: Place) -> Int {
            if let known = indices[number] { return known }
            let reading = readings[number]
            claims.append(
                Told(
                    id: reading.id, text: reading.text, place: place, source: reading.source,
                    days: reading.dates.compactMap(DocumentOrigin.day).filter { $0 > -DocumentOrigin.firstDay }))
            indices[number] = claims.count - 1
            return claims.count - 1
        }
        func compared(_ number: Int, _ range: Range<Int>) throws -> Compared? {
            let text = try texts[number] ?? records[number].text()
            texts[number] = text
            guard range.upperBound <= text.count, let place = text[range].hullPlace else { return nil }
            return Compared(range: range, place: place)
        }
        for (i, a) in readings.enumerated() {
            for (j, b) in readings.enumerated().dropFirst(i + 1) where a.document != b.document {
                guard let placeOfA = a.place, let placeOfB = b.place, let comparison = ClaimComparison(a, b),
                    let one = try compared(i, comparison.compared.a), let other = try compared(j, comparison.compared.b)
                else { continue }
                matches.append(
                    Match(a: told(i, placeOfA), b: told(j, placeOfB), comparison: comparison, compared: (one, other)))
            }
        }
    }
}

extension TracedText {
    /// The source bytes from the first to the last behind the text, in its first source.
    fileprivate var hullPlace: Place? {
        guard let first = citations.first else { return nil }
        var (start, end) = (first.range.start, first.range.end ?? first.range.start)
        for citation in citations where citation.source == first.source {
            (start, end) = (min(start, citation.range.start), max(end, citation.range.end ?? end))
        }
        return Place(source: first.source, range: ByteRange(start: start, length: end - start))
    }
}

// MARK: As bytes

extension LinkVerdict {
    private static let format: StaticString = "link.verdict"

    var bytes: [UInt8] {
        var writer = PackedWriter(format: Self.format, version: 1)
        writer.count(claims.count)
        for claim in claims {
            writer.id(claim.id)
            writer.count(claim.text.count)
            writer.raw(claim.text)
            writer.place(claim.place)
            writer.text(claim.source)
            writer.count(claim.days.count)
            for day in claim.days { writer.count(day + DocumentOrigin.firstDay) }
        }
        writer.count(matches.count)
        for match in matches {
            let comparison = match.comparison
            for number in [
                match.a, match.b, Int(comparison.relation.rawValue), Int(comparison.rule.rawValue), comparison.score,
                comparison.sharedNames, comparison.isRising ? 1 : 0,
            ] { writer.count(number) }
            for side in [match.compared.a, match.compared.b] {
                writer.count(side.range.lowerBound)
                writer.count(side.range.count)
                writer.place(side.place)
            }
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes, format: Self.format, version: 1)
        func damage(_ what: String) -> StageError { StageError("link.verdict bytes are damaged: \(what)") }
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) {
            let id = try reader.id()
            let text = Array(try reader.raw(try reader.elements(ofAtLeast: 1)))
            claims.append(
                Told(
                    id: id, text: text, place: try reader.place(), source: try reader.text(),
                    days: try (0..<reader.elements(ofAtLeast: 1)).map { _ in try reader.count() - DocumentOrigin.firstDay }))
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 6)) {
            let (a, b) = (try reader.count(), try reader.count())
            guard a < claims.count, b < claims.count,
                let relation = ClaimComparison.Relation(rawValue: UInt8(truncatingIfNeeded: try reader.count())),
                let rule = ClaimComparison.Rule(rawValue: UInt8(truncatingIfNeeded: try reader.count()))
            else { throw damage("a match of claims \(a) and \(b)") }
            let (score, sharedNames, isRising) = (try reader.count(), try reader.count(), try reader.flag())
            func side(of claim: Int) throws -> Compared {
                let range = ByteRange(start: try reader.count(), length: try reader.count())
                guard let range = range.checked(within: claims[claim].text.count) else {
                    throw damage("a range outside its claim")
                }
                return Compared(range: range, place: try reader.place())
            }
            let compared = (a: try side(of: a), b: try side(of: b))
            matches.append(
                Match(
                    a: a, b: b,
                    comparison: ClaimComparison(
                        relation: relation, rule: rule, score: score, compared: (compared.a.range, compared.b.range),
                        isRising: isRising, sharedNames: sharedNames),
                    compared: compared))
        }
        try reader.end()
    }
}
