/// A set of small numbers, in a word for the first 64 of them: nearly all patterns have fewer places, so that a step
/// from one state to the next allocates nothing.
struct PlaceSet: Hashable {
    private var first: UInt64 = 0
    /// A word for each further 64; without zeros at the end, so that equal sets are equal values.
    private var others: [UInt64] = []

    init() {}

    init(_ members: some Sequence<Int>) {
        for member in members { insert(member) }
    }

    var isEmpty: Bool { first == 0 && others.isEmpty }

    mutating func insert(_ member: Int) {
        let bit: UInt64 = 1 << UInt64(member & 63)
        guard member >= 64 else { return first |= bit }
        let index = member / 64 - 1
        while others.count <= index { others.append(0) }
        others[index] |= bit
    }

    func contains(_ member: Int) -> Bool {
        let word = member < 64 ? first : others.indices.contains(member / 64 - 1) ? others[member / 64 - 1] : 0
        return word >> UInt64(member & 63) & 1 == 1
    }

    /// In rising order.
    func forEach(_ body: (Int) -> Void) {
        PlaceSet.forEach(in: first, from: 0, body)
        for index in others.indices { PlaceSet.forEach(in: others[index], from: 64 * (index + 1), body) }
    }

    private static func forEach(in word: UInt64, from base: Int, _ body: (Int) -> Void) {
        var rest = word
        while rest != 0 {
            body(base + rest.trailingZeroBitCount)
            rest &= rest - 1
        }
    }

    /// Whether the two have a member in common.
    func meets(_ other: PlaceSet) -> Bool {
        first & other.first != 0 || zip(others, other.others).contains { $0 & $1 != 0 }
    }

    /// Whether each member is one of the other's.
    func isSubset(of other: PlaceSet) -> Bool {
        first & ~other.first == 0
            && others.indices.allSatisfy { others[$0] & ~(other.others.indices.contains($0) ? other.others[$0] : 0) == 0 }
    }
}
