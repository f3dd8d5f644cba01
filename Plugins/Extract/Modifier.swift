/// What stands before a number and bounds it.
enum Modifier {
    case atLeast, atMost, about, nearly

    /// The longest modifier whose last word stands right before token `end`.
    static func match(_ text: AnnotatedText, endingAt end: Int) -> (start: Int, modifier: Modifier)? {
        for (words, modifier) in all {
            let start = end - words.count
            guard start >= 0, words.indices.allSatisfy({ text.equals(start + $0, words[$0]) }),
                text.sentence(of: start).contains(end)
            else { continue }
            return (start, modifier)
        }
        return nil
    }

    /// The longest first.
    private static let all: [([String], Modifier)] = [
        (["no", "fewer", "than"], .atLeast), (["no", "less", "than"], .atLeast), (["not", "less", "than"], .atLeast),
        (["no", "more", "than"], .atMost),
        (["not", "more", "than"], .atMost), (["as", "many", "as"], .atMost), (["as", "much", "as"], .atMost),
        (["as", "few", "as"], .atLeast),
        (["more", "than"], .atLeast), (["at", "least"], .atLeast), (["upwards", "of"], .atLeast),
        (["greater", "than"], .atLeast),
        (["fewer", "than"], .atMost), (["less", "than"], .atMost), (["at", "most"], .atMost), (["up", "to"], .atMost),
        (["close", "to"], .nearly),
        (["an", "estimated"], .about), (["well", "over"], .atLeast), (["just", "over"], .atLeast), (["just", "under"], .atMost),
        (["over"], .atLeast), (["above"], .atLeast), (["exceeding"], .atLeast), (["under"], .atMost), (["below"], .atMost),
        (["about"], .about), (["around"], .about),
        (["roughly"], .about), (["approximately"], .about), (["some"], .about), (["circa"], .about), (["nearly"], .nearly),
        (["almost"], .nearly), (["∼"], .about), (["~"], .about), (["≈"], .about), (["<"], .atMost), (["≤"], .atMost),
        (["⩽"], .atMost), ([">"], .atLeast), (["≥"], .atLeast), (["⩾"], .atLeast), (["upward", "of"], .atLeast),
        (["a", "maximum", "of"], .atMost), (["a", "minimum", "of"], .atLeast), (["in", "excess", "of"], .atLeast),
        (["nearer"], .about), (["on", "average"], .about), (["an", "average", "of"], .about), (["the", "order", "of"], .about),
    ]
}
