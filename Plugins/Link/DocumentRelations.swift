/// What the documents of two claims, their dates and what they are about, say to how the claims relate.
struct DocumentRelations {
    /// How far apart two documents may be published to tell of one event.
    let days: Int

    /// How many names two documents must have in common among those they are most about.
    private enum SharedTopics {
        /// Where the sentences have a name in common too, and where they have none.
        static let (named, unnamed) = (1, 2)
        /// For a contradiction; and where not both say when they were published.
        static let (contradicting, contradictingUndated) = (2, 4)
        /// For figures of which the sentences do not say to what event they belong.
        static let counts = 3
    }

    /// How far a claim's own dates may lie from its document's for it to be news.
    private static let daysOfNews = 31

    /// The relation as it holds between these documents; nil where they need not be about one event.
    func settled(
        _ comparison: ClaimComparison, _ a: (document: LinkCandidates.Document, claim: LinkVerdict.Told),
        _ b: (document: LinkCandidates.Document, claim: LinkVerdict.Told)
    ) -> ClaimComparison? {
        var comparison = comparison
        // A copy is one whatever it is about.
        if comparison.relation == .copies { return comparison }
        let published = (a.document.origin.published, b.document.origin.published)
        var isDated = false
        if let x = published.0, let y = published.1 {
            isDated = true
            if (x - y).magnitude > days { return nil }
            // The dead are counted up as they are found: only a later figure that is smaller, or another one of the same day, is at odds.
            if comparison.rule == .counts, comparison.relation == .contradicts, x != y, (x < y) == comparison.isRising {
                comparison.relation = .updates
            }
        }
        guard isNews(a.claim, published.0), isNews(b.claim, published.1) else { return nil }
        var wanted = comparison.sharedNames > 0 ? SharedTopics.named : SharedTopics.unnamed
        if comparison.rule == .counts { wanted = SharedTopics.counts }
        if comparison.relation == .contradicts {
            // Else they may be of two events that are told in the same words, such as the weekly figures of a bank.
            let isOfOneDay = isDated || a.claim.days.contains { b.claim.days.contains($0) }
            guard isOfOneDay || comparison.rule == .denial else { return nil }
            wanted = max(wanted, isDated ? SharedTopics.contradicting : SharedTopics.contradictingUndated)
        }
        return Set(a.document.topics).intersection(b.document.topics).count >= wanted ? comparison : nil
    }

    /// Whether a claim tells of what happened about when its document was published, as far as its dates say.
    private func isNews(_ claim: LinkVerdict.Told, _ published: Int?) -> Bool {
        guard let published, !claim.days.isEmpty else { return true }
        return claim.days.contains { ($0 - published).magnitude <= Self.daysOfNews }
    }
}
