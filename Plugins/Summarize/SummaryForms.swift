/// Arranges what was chosen as the form of the summary wants it.
struct SummaryForms {
    private let candidates: Candidates
    private let request: SummaryRequest
    private let selection: SentenceSelection

    init(_ outlines: [DocumentOutline], _ request: SummaryRequest) {
        candidates = Candidates(outlines, request)
        self.request = request
        selection = SentenceSelection(candidates, request)
    }

    /// The sentences of the summary in reading order.
    func sentences() -> [ChosenSentence] {
        switch request.form {
        case .brief:
            let picked = withDispute(selection.chosen())
            return inOrder(picked).map { sentence($0, among: picked) }
        case .report: return report()
        case .timeline: return timeline()
        case .positions: return positions()
        }
    }

    /// What was chosen, with both sides of the worthiest dispute in the place of the last ones, where it told of none: a
    /// reader must not take for settled what is not.
    private func withDispute(_ picked: [Int]) -> [Int] {
        guard picked.count > 3, !picked.contains(where: isDisputed) else { return picked }
        let sides = Array(selection.chosen(where: isDisputed).prefix(2))
        guard sides.count == 2, candidates.contradicting(sides[0]).contains(sides[1]) else { return picked }
        var kept = picked
        while kept.count > 2, !fits(kept + sides) { kept.removeLast() }
        return fits(kept + sides) ? kept + sides : picked
    }

    private func isDisputed(_ index: Int) -> Bool { !candidates.contradicting(index).isEmpty }

    private func fits(_ picked: [Int]) -> Bool {
        var use = SummaryLimit.Use()
        for index in picked {
            guard request.limit.fits(candidates.all[index].sentence, after: use) else { return false }
            use.take(candidates.all[index].sentence)
        }
        return true
    }

    // MARK: Headline and background

    private func report() -> [ChosenSentence] {
        let picked = withDispute(selection.chosen())
        let background = Background(candidates)
        let isOld = picked.map { background.isOld($0) }
        let headline = zip(picked, isOld).first { !$1 }?.0 ?? picked.first
        func section(_ name: String, _ members: [Int]) -> [ChosenSentence] {
            inOrder(members).map { sentence($0, among: picked, section: name) }
        }
        return section("headline", headline.map { [$0] } ?? [])
            + section("news", zip(picked, isOld).filter { !$1 && $0 != headline }.map(\.0))
            + section("background", zip(picked, isOld).filter { $1 && $0 != headline }.map(\.0))
    }

    // MARK: Dated events

    private func timeline() -> [ChosenSentence] {
        var sites: [String: Set<String>] = [:]
        for (index, candidate) in candidates.all.enumerated() {
            for date in candidate.sentence.dates { sites[date.value, default: []].insert(candidates.site(of: index)) }
        }
        /// The date of its event: that which most sources give, of these the earliest.
        func date(of index: Int) -> DocumentOutline.Dated? {
            candidates.all[index].sentence.dates.min {
                (-(sites[$0.value]?.count ?? 0), $0.value) < (-(sites[$1.value]?.count ?? 0), $1.value)
            }
        }
        let picked = selection.chosen(
            where: { !candidates.all[$0].sentence.dates.isEmpty },
            bonus: { index in 1 + 0.5 * Double(min(date(of: index).flatMap { sites[$0.value]?.count } ?? 1, 5) - 1) })
        let dated = picked.map { sentence($0, among: picked, date: date(of: $0)) }
        return dated.sorted { ($0.date?.value ?? "", $0.rank) < ($1.date?.value ?? "", $1.rank) }
    }

    // MARK: Positions of the sources

    private func positions() -> [ChosenSentence] {
        let isDisputed = candidates.all.indices.map(isDisputed)
        let isAgreed = candidates.all.indices.map { !isDisputed[$0] && candidates.independentSupport(of: $0) > 1 }
        let agreed = selection.chosen(where: { isAgreed[$0] })
        let disputed = selection.chosen(where: { isDisputed[$0] })
        let single = selection.chosen(where: { !isAgreed[$0] && !isDisputed[$0] })
        // Both sides of a dispute stay beside each other, as they were chosen.
        return inOrder(agreed).map { sentence($0, among: agreed, section: "agreed") }
            + disputed.map { sentence($0, among: disputed, section: "disputed") }
            + inOrder(single).map { sentence($0, among: single, section: "one source") }
    }

    // MARK: One sentence

    private func inOrder(_ picked: [Int]) -> [Int] {
        switch request.order {
        case .rank: picked
        case .time: picked.sorted()
        case .source:
            picked.sorted { a, b in
                let (x, y) = (candidates.documents[candidates.all[a].document], candidates.documents[candidates.all[b].document])
                return (x.site, x.locator, a) < (y.site, y.locator, b)
            }
        }
    }

    /// - Parameter picked: what it was chosen with, the best first.
    private func sentence(
        _ index: Int, among picked: [Int], section: String = "", date: DocumentOutline.Dated? = nil
    ) -> ChosenSentence {
        let (candidate, largest) = (candidates.all[index], candidates.worth.max() ?? 0)
        return ChosenSentence(
            document: candidates.documents[candidate.document].id, start: candidate.sentence.start,
            length: candidate.sentence.length, rank: (picked.firstIndex(of: index) ?? 0) + 1,
            score: largest > 0 ? Int(candidates.worth[index] / largest * 1000) : 0,
            support: candidates.independentSupport(of: index),
            supportedBy: Set(candidates.supporters(of: index).map { candidates.documents[$0].locator }).sorted(),
            disputedBy: Set(candidates.contradicting(index).map { candidates.locator(of: $0) }).sorted(), section: section,
            date: date, merits: candidates.merits[index].perMille)
    }
}
