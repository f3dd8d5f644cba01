import HeadwaterModel
import HeadwaterPluginKit

/// What a claim speaks of, so that it can be compared with others: its names, figures, dates and hedges, each with where it
/// stands in the sentence.
struct ClaimContents {
    private let text: AnnotatedText
    private let times: [DateFinder.Expression]
    private let quantities: [QuantityFinder.Quantity]
    private let mentions: [Mention]

    /// - Parameters: each of these in any order.
    init(
        text: AnnotatedText, times: [DateFinder.Expression], quantities: [QuantityFinder.Quantity], mentions: [Mention]
    ) {
        self.text = text
        self.times = times.filter { $0.type == .date && $0.value != nil }.sorted { $0.tokens.lowerBound < $1.tokens.lowerBound }
        self.quantities = quantities.sorted { $0.tokens.lowerBound < $1.tokens.lowerBound }
        self.mentions = mentions.sorted { $0.tokens.lowerBound < $1.tokens.lowerBound }
    }

    /// Adds the lists that are not empty.
    func add(to finding: inout Finding, of sentence: Range<Int>) {
        var names: [(value: JSON, range: Range<Int>)] = []
        for mention in Self.part(of: mentions, in: sentence, \.tokens) {
            let name = JSON.string(text.name(mention.fullName))
            // Named twice is named.
            if !names.contains(where: { $0.value == name }) { names.append((name, text.byteRange(mention.tokens))) }
        }
        let figures = Self.part(of: quantities, in: sentence, \.tokens)
        let lists: [(String, [(value: JSON, range: Range<Int>)])] = [
            ("names", names),
            ("figures", figures.map { (.object(Dictionary($0.fields, uniquingKeysWith: { $1 })), text.byteRange($0.tokens)) }),
            (
                "dates",
                Self.part(of: times, in: sentence, \.tokens).compactMap { time in
                    time.value.map { (.string($0), text.byteRange(time.tokens)) }
                }
            ),
            (
                "hedges",
                HedgeFinder(text: text).hedges(in: sentence, figures: figures.map(\.tokens)).map { hedge in
                    (.string(hedge.map { text.lowercased($0) }.joined(separator: " ")), text.byteRange(hedge))
                }
            ),
        ]
        for (name, elements) in lists where !elements.isEmpty { finding.lists.append((name, elements)) }
    }

    /// The elements that begin in a run of tokens, found by binary search.
    private static func part<Element>(
        of elements: [Element], in range: Range<Int>, _ tokens: (Element) -> Range<Int>
    ) -> ArraySlice<Element> {
        func first(notBefore token: Int) -> Int {
            var (low, high) = (0, elements.count)
            while low < high {
                let middle = (low + high) / 2
                if tokens(elements[middle]).lowerBound < token { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let start = first(notBefore: range.lowerBound)
        return elements[start..<max(start, first(notBefore: range.upperBound))]
    }
}

extension QuantityFinder.Quantity {
    /// As the data model names them.
    var fields: [(String, JSON)] {
        var out: [(String, JSON)] = []
        if let value = value?.json ?? fraction.map(JSON.string) { out.append(("value", value)) }
        if let unit = unit.flatMap(Units.unit) {
            let scaled = [("baseValue", value), ("baseMin", minimum), ("baseMax", maximum)].compactMap { name, amount in
                amount?.times(unit.factor).map { (name, $0.json) }
            }
            out += scaled
            if !scaled.isEmpty { out.append(("baseUnit", .string(unit.base))) }
        }
        if let minimum { out.append(("min", minimum.json)) }
        if let maximum { out.append(("max", maximum.json)) }
        out.append(("approximate", .bool(isApproximate || value == nil && maximum == nil && fraction == nil)))
        if let unit { out.append(("unit", .string(unit))) }
        return out
    }
}
