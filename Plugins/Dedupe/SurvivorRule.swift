/// Which document of a cluster stays in the place of the others.
enum SurvivorRule: String, CaseIterable {
    /// Published first; documents without a date come last. Then the longest.
    case earliest
    /// The longest text. Then the one published first.
    case longest
    /// The smallest id, whatever it says.
    case first

    /// Whether `a` stays rather than `b`. The smaller id settles what the rule leaves open, so a new copy changes
    /// nothing unless it comes before the survivor by the rule itself or ties with it.
    func prefers(_ a: DuplicateCandidates.Document, to b: DuplicateCandidates.Document) -> Bool {
        let published = (a.published ?? Int.max, b.published ?? Int.max)
        switch self {
        case .earliest: return (published.0, -a.length, a.id) < (published.1, -b.length, b.id)
        case .longest: return (-a.length, published.0, a.id) < (-b.length, published.1, b.id)
        case .first: return a.id < b.id
        }
    }
}
