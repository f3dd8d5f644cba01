/// The valid name that somebody most likely meant.
public enum NearestName {
    /// The nearest of the valid names, if one is near enough to be worth a question: a third of its letters may be
    /// wrong, at most three. Among equally near ones the first. Letter case does not count.
    public static func of(_ name: String, among valid: [String]) -> String? {
        guard let letters = folded(name) else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in valid.prefix(mostCandidates) {
            guard let other = folded(candidate) else { continue }
            let cutoff = min(3, max(letters.count, other.count) / 3, (best?.distance ?? .max) - 1)
            guard cutoff >= 0, let distance = distance(letters, other, notAbove: cutoff) else { continue }
            best = (candidate, distance)
            if distance == 0 { break }
        }
        return best?.name
    }

    // A file may hold a hundred thousand names of any length, and a suggestion is not worth seconds.
    private static let mostCandidates = 500
    private static let mostLetters = 64

    private static func folded(_ name: String) -> [Unicode.Scalar]? {
        guard name.utf8.count <= mostLetters * 4 else { return nil }
        let letters = Array(name.lowercased().unicodeScalars)
        return letters.count <= mostLetters ? letters : nil
    }

    /// Damerau and Levenshtein's distance in its restricted form (optimal string alignment): insertions, deletions,
    /// replacements and swaps of neighbours, none of them touching a letter twice.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], notAbove cutoff: Int) -> Int? {
        guard abs(a.count - b.count) <= cutoff else { return nil }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            if row.allSatisfy({ $0 > cutoff }) { return nil }
            (beforeLast, last) = (last, row)
        }
        return last[b.count] <= cutoff ? last[b.count] : nil
    }
}
