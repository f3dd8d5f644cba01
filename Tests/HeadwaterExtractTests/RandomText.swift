/// Text put together at random from what finders look for. The same seed gives the same text (SplitMix64, Steele et al. 2014).
struct RandomText {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private mutating func below(_ count: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(count)) }

    mutating func text(parts: Int) -> String { (0..<parts).map { _ in Self.parts[below(Self.parts.count)] }.joined() }

    /// The text with some characters taken away, doubled or moved.
    mutating func mutated(_ text: String) -> String {
        var characters = Array(text.unicodeScalars)
        for _ in 0..<1 + below(12) where !characters.isEmpty {
            let place = below(characters.count)
            switch below(3) {
            case 0: characters.remove(at: place)
            case 1: characters.insert(characters[place], at: place)
            default: characters.swapAt(place, below(characters.count))
            }
        }
        var out = String.UnicodeScalarView()
        out.append(contentsOf: characters)
        return String(out)
    }

    private static let parts = [
        " ", " ", " ", "\n\n", "\n", ". ", ", ", "? ", "“", "”", "\"", "‘", "’", "'", "„", "«", "»", "``", "''", "―", "-", "(",
        ")", ":", "…", "said ", " said",
        "she said", "told the ", "according to ", "denied ", "accused ", "expects ", "called it ", "Ada ", "Vera Holm", "Dr ",
        "Prime Minister ", "Tarn Harbour Authority",
        " (THA)", "US ", "U.S.", "Oslo", "of ", "the ", "and ", "he ", "they ", "who ", "14 ", "3 June", "March ", "May ", "2019",
        "1980s", "9-12 ", "4:15 p.m.", "next ",
        "last ", "week", "every ", "ago", "three ", "two and a half ", "million", "dozens of ", "more than ", "between ", "$",
        "€", "%", " percent", "-year-old", "0",
        "99999999999999999999", "1,234.5", "12.13.2020", "2020-13-45", "31/31/99", "people", "metres", "👩‍🚒", "漢字", "é", "\u{FFFD}",
        "\u{301}", "Ünal", "x",
    ]
}
