import HeadwaterPluginKit

/// Finds figures of one document that cannot both be right: the same noun with the same verb behind it, and other numbers.
struct QuantityConflict {
    let text: AnnotatedText

    /// For each quantity the earlier one that it contradicts, by their places in `quantities`.
    func conflicts(_ quantities: [QuantityFinder.Quantity]) -> [Int?] {
        var first: [Key: Int] = [:]
        return quantities.indices.map { number in
            let quantity = quantities[number]
            guard quantity.minimum == nil, quantity.maximum == nil, !quantity.isApproximate, let value = quantity.value,
                let key = key(quantity)
            else { return nil }
            guard let earlier = first[key] else {
                first[key] = number
                return nil
            }
            return quantities[earlier].value == value ? nil : earlier
        }
    }

    private struct Key: Hashable {
        var unit: String
        var verb: UInt64
    }

    /// The noun and the participle or verb right behind it: `35 people were killed`, `35 people died`.
    private func key(_ quantity: QuantityFinder.Quantity) -> Key? {
        guard let unit = quantity.unit, unit != "percent" else { return nil }
        let sentence = text.sentence(of: quantity.tokens.lowerBound)
        var cursor = quantity.tokens.upperBound
        while cursor < sentence.upperBound, text.has(cursor, .auxiliary) { cursor += 1 }
        guard cursor < sentence.upperBound, text.isWord(cursor), text.tokens[cursor].count > 3,
            text.classes[cursor].isDisjoint(with: [.function, .speech, .timeUnit])
        else { return nil }
        let end = text.tokens[cursor].end
        let isPast = text.bytes[end - 1] == UInt8(ascii: "d") && text.bytes[end - 2] == UInt8(ascii: "e")
        return isPast || text.has(cursor, [.past]) ? Key(unit: unit, verb: text.hashes[cursor]) : nil
    }
}
