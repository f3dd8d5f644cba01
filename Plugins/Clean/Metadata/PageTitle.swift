/// What a page's titles have in common: the headline, told from the name of the site around it.
enum PageTitle {
    /// What is longer is no headline but a text in the wrong place, in bytes: about 500 letters of a Latin script, 250 of
    /// Cyrillic, 165 characters of Chinese. The longest headline of two hundred labelled news pages has 117.
    static let longest = 500

    private static let separators = [" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · ", " ‹ ", " « "].map { Array($0.utf8) }

    /// The parts of a title between bars and dashes.
    static func parts(of title: [UInt8]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var index = 0
        while index < title.count {
            if let separator = separators.first(where: { title[index...].starts(with: $0) }) {
                parts.append(start..<index)
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(start..<title.count)
        return parts.filter { !$0.isEmpty }
    }

    /// The part that is the headline: the longest.
    static func headline(of title: [UInt8]) -> Range<Int> {
        parts(of: title).max { ($0.count, -$0.lowerBound) < ($1.count, -$1.lowerBound) } ?? 0..<title.count
    }

    /// The part that names the site: the last one, or the first where the headline is last.
    static func site(of title: [UInt8]) -> Range<Int>? {
        let parts = parts(of: title)
        let headline = headline(of: title)
        guard parts.count > 1, let last = parts.last, let first = parts.first else { return nil }
        let site = last == headline ? first : last
        return site.count <= 60 ? site : nil
    }

    /// Whether two titles are one headline, differently cut: most words of the shorter are in the longer.
    static func agree(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        let words = { (text: [UInt8]) in Set(text.split(separator: 0x20).map { WordHash.lowercased($0) }) }
        let (first, second) = (words(a), words(b))
        let shorter = min(first.count, second.count)
        return shorter > 0 && first.intersection(second).count * 10 >= shorter * 6
    }
}
