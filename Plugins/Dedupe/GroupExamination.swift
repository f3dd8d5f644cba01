import HeadwaterModel
import HeadwaterPluginKit

/// Compares the texts of one group, each with each, and finds the passages that they share.
struct GroupExamination {
    private let settings: Settings
    private let documents: [InputRecord]
    private let addresses: [Set<PageAddress>]
    /// From the document that survivor rules prefer on.
    private let preferred: [Int]
    private var texts: NumberedTexts
    private var runs: SharedRuns

    /// A pair below this is similar enough for nobody, whatever of it is boilerplate. In per mille of either text.
    private static let leastShare = 400
    /// For each document so many preferred ones are looked at for the bytes that match: the survivor is nearly always one.
    private static let mostAligned = 3
    /// Shingles of the shortest run that a passage is joined from.
    private static let leastRun = 3

    init(_ group: [InputRecord], _ settings: Settings) throws {
        self.settings = settings
        documents = group.sorted { $0.id < $1.id }
        texts = NumberedTexts(shingle: settings.shingle)
        var lengths: [Int] = []
        for document in documents {
            let text = try document.text().bytes
            lengths.append(text.count)
            texts.add(text)
        }
        runs = SharedRuns(numberCount: texts.numberCount)
        let known = documents.map { DocumentAddresses($0.fields) }
        addresses = known.map { address in
            settings.readsAddresses
                ? Set([address.own, settings.levels.contains(.canonical) ? address.canonical : nil].compactMap { $0 }) : []
        }
        let standings = documents.indices.map { [documents] index in
            Standing(
                published: (documents[index].fields["published"]?.string).flatMap { PublicationTime($0)?.seconds },
                length: lengths[index], host: settings.hosts.place(of: known[index].host))
        }
        preferred = documents.indices.sorted { settings.survivor.prefers(standings[$0], to: standings[$1]) ?? ($0 < $1) }
    }

    mutating func verdict() -> Verdict {
        var verdict = Verdict(documents: [], matches: [], passages: [])
        var spans: Set<Int> = []
        // What each document has of each other, and which pairs are versions of one text.
        var covered = [[Int]](repeating: [Int](repeating: 0, count: documents.count), count: documents.count)
        var areVersions = [[Bool]](repeating: [Bool](repeating: false, count: documents.count), count: documents.count)
        for a in documents.indices.dropLast() {
            for b in (a + 1)..<documents.count {
                let (ofA, ofB) = (texts.coverage(of: a, by: b), texts.coverage(of: b, by: a))
                (covered[a][b], covered[b][a]) = (ofA.words, ofB.words)
                guard ofA.words > 0, let match = match(a, b, ofA, ofB) else { continue }
                areVersions[a][b] = comparison(match).similarity >= settings.similarity && settings.findsVersions
                areVersions[b][a] = areVersions[a][b]
                if !match.sideA.spans.isEmpty { spans.formUnion([a, b]) }
                verdict.matches.append(match)
            }
        }
        align(&verdict.matches)
        if settings.findsPassages { verdict.passages = passages(covered, areVersions) }
        verdict.documents = documents.indices.map { index in
            (documents[index].id, spans.contains(index) ? texts.texts[index].spans : [])
        }
        return verdict
    }

    private func comparison(_ match: Verdict.Match) -> Comparison {
        Comparison(match.sideA.side, match.sideB.side, jaccard: match.jaccard, smallestPart: settings.smallestPart)
    }

    /// Nil for two texts that are not similar by any measure.
    private mutating func match(_ a: Int, _ b: Int, _ ofA: NumberedTexts.Coverage, _ ofB: NumberedTexts.Coverage) -> Verdict
        .Match?
    {
        let all = texts.texts[a].distinct + texts.texts[b].distinct - ofB.shingles
        var match = Verdict.Match(
            a: a, b: b, sideA: .init(words: texts.texts[a].wordCount, covered: ofA.words, spans: []),
            sideB: .init(words: texts.texts[b].wordCount, covered: ofB.words, spans: []),
            jaccard: all == 0 ? 0 : ofB.shingles * 1000 / all, ranges: [])
        let found = comparison(match)
        let share = max(match.sideA.side.share, match.sideB.side.share)
        let isNamed = found.similarity >= settings.agreement && !addresses[a].isDisjoint(with: addresses[b])
        guard isNamed || settings.findsVersions && share >= min(GroupExamination.leastShare, settings.similarity) else {
            return nil
        }
        // What is alike as a whole is so whatever of it is boilerplate.
        if found.mutual < settings.similarity || found.jaccard < ClusterDecision.alikeAsAWhole {
            match.sideA.spans = spans(of: a, by: b)
            match.sideB.spans = spans(of: b, by: a)
        }
        return match
    }

    /// Words from each mark to the next that the other text has.
    private mutating func spans(of text: Int, by other: Int) -> [Int] {
        let covered = texts.coveredWords(of: text, by: other)
        var start = 0
        return texts.texts[text].spans.map { length in
            defer { start += length }
            return covered[start..<start + length].count { $0 }
        }
    }

    /// Finds the matching bytes of each document and the most preferred of those that it matches.
    private mutating func align(_ matches: inout [Verdict.Match]) {
        var place = [Int](repeating: 0, count: documents.count)
        for (index, document) in preferred.enumerated() { place[document] = index }
        var left = [Int](repeating: GroupExamination.mostAligned, count: documents.count)
        let order = matches.indices.sorted { x, y in
            let (a, b) = (matches[x], matches[y])
            return (min(place[a.a], place[a.b]), max(place[a.a], place[a.b])) < (
                min(place[b.a], place[b.b]), max(place[b.a], place[b.b])
            )
        }
        for index in order {
            let (a, b) = (matches[index].a, matches[index].b)
            let later = place[a] < place[b] ? b : a
            guard left[later] > 0 else { continue }
            left[later] -= 1
            let (textA, textB) = (texts.texts[a], texts.texts[b])
            let found = SharedRuns.passages(runs.runs(of: textA, in: textB, least: 1), words: 1, similarity: 1000)
            let longest = found.sorted { ($1.equal, $0.a.lowerBound) < ($0.equal, $1.a.lowerBound) }.prefix(MatchingRanges.most)
            matches[index].ranges = longest.sorted { $0.a.lowerBound < $1.a.lowerBound }.map { passage in
                MatchingRanges(a: textA.bytes(of: passage.a), b: textB.bytes(of: passage.b))
            }
        }
    }

    /// The passages of each document that one preferred to it has as well; each word is told of once, with the most preferred
    /// holder, so that boilerplate in many documents costs no more than that.
    private mutating func passages(_ covered: [[Int]], _ areVersions: [[Bool]]) -> [Verdict.Passage] {
        var out: [Verdict.Passage] = []
        for (index, document) in preferred.enumerated() {
            var isTold = [Bool](repeating: false, count: texts.texts[document].wordCount)
            var hasTold = false
            let least = settings.passageWords * settings.passageSimilarity / 1000
            for holder in preferred[..<index] where covered[document][holder] >= least && !areVersions[document][holder] {
                if hasTold {
                    let left = texts.coveredWords(of: document, by: holder).enumerated().count {
                        $0.element && !isTold[$0.offset]
                    }
                    guard left >= least else { continue }
                }
                let (text, other) = (texts.texts[document], texts.texts[holder])
                let found = SharedRuns.passages(
                    runs.runs(of: text, in: other, least: GroupExamination.leastRun), words: settings.passageWords,
                    similarity: settings.passageSimilarity)
                for passage in found where isTold[passage.a].count(where: { $0 }) * 2 < passage.a.count {
                    for word in passage.a { isTold[word] = true }
                    hasTold = true
                    out.append(
                        Verdict.Passage(
                            holder: holder, other: document,
                            ranges: MatchingRanges(a: other.bytes(of: passage.b), b: text.bytes(of: passage.a)),
                            words: passage.a.count, similarity: passage.similarity))
                }
            }
        }
        return out
    }
}
