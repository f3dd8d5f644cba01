/// Which document of a cluster stays in the place of the others.
enum SurvivorRule: String, CaseIterable {
    /// Published first; documents without a date come last. Then the longest.
    case earliest
    /// The longest text. Then the one published first.
    case longest
    /// The smallest id, whatever it says.
    case first

    /// Whether `a` stays rather than `b`; nil where the rule leaves it open. Then the smaller id settles it, so a new copy
    /// changes nothing unless it comes before the survivor by the rule itself or ties with it.
    func prefers(_ a: Standing, to b: Standing) -> Bool? {
        if a.host != b.host { return a.host < b.host }
        let earlier = a.published == b.published ? nil : a.published < b.published
        let longer = a.length == b.length ? nil : a.length > b.length
        switch self {
        case .earliest: return earlier ?? longer
        case .longest: return longer ?? earlier
        case .first: return nil
        }
    }
}

/// What survivor rules go by.
struct Standing: Equatable {
    /// Seconds since 1970; `undated` where the document does not say.
    var published: Int
    /// Bytes of text.
    var length: UInt32
    /// The place of the document's host among the preferred ones; behind all of them for any other.
    var host: UInt16

    static let undated = Int.max

    init(published: Int?, length: Int, host: Int) {
        self.published = published ?? Standing.undated
        self.length = UInt32(clamping: length)
        self.host = UInt16(clamping: host)
    }
}
