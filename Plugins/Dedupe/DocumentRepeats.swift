import HeadwaterModel
import HeadwaterPluginKit

/// The passages that one document says more than once, each where it comes again.
struct DocumentRepeats {
    let passages: [Decision.Passage]

    /// Shingles of the shortest run that a passage is joined from.
    private static let leastRun = 3

    init(_ document: InputRecord, _ settings: Settings) throws {
        var texts = NumberedTexts(shingle: settings.shingle)
        texts.add(try document.text().bytes)
        let text = texts.texts[0]
        // Without a shingle that comes again there is nothing to find.
        guard text.distinct < text.shingles.count else {
            passages = []
            return
        }
        var runs = SharedRuns(numberCount: texts.numberCount)
        let found = SharedRuns.passages(
            runs.runs(of: text, in: text, least: DocumentRepeats.leastRun, isOneText: true), words: settings.passageWords,
            similarity: settings.passageSimilarity)
        passages = found.filter { $0.b.upperBound <= $0.a.lowerBound }.map { passage in
            Decision.Passage(
                record: document.id, with: document.id,
                ranges: MatchingRanges(a: text.bytes(of: passage.a), b: text.bytes(of: passage.b)), words: passage.a.count,
                similarity: passage.similarity, isHolder: false)
        }
    }
}
