import HeadwaterModel
import Testing

/// Two sentences of different pages, and what link makes of them.
struct ClaimPair: Sendable, CustomStringConvertible {
    var a: String
    var b: String
    /// The relation and the rule; empty for none.
    var expected: String
    var dates: (String?, String?) = ("2031-04-08", "2031-04-09")

    var description: String { "\(expected): \(a) / \(b)" }
}

@Suite struct ContradictionTests {
    static let pairs: [ClaimPair] = [
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren with 212 passengers on board, pilots said.",
            b: "With 187 passengers on board, the Alder Star ran aground off Cape Torren, the harbour office said.",
            expected: "contradicts numbers"),
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren with about 200 passengers on board, pilots said.",
            b: "With 212 passengers on board, the Alder Star ran aground off Cape Torren, the harbour office said.",
            expected: "corroborates figures"),
        ClaimPair(
            a: "Captain Ilse Marrow denied that the Alder Star had been sailing too fast in the fog.",
            b: "Peter Vonn, a fisherman, said the Alder Star had been sailing too fast in the fog.",
            expected: "contradicts denial"),
        ClaimPair(
            a: "Norlin Lines approved the plan to tow the Alder Star to Velmark.",
            b: "Norlin Lines rejected the plan to tow the ship Alder Star to Velmark on Wednesday, two directors said.",
            expected: "contradicts opposites"),
        ClaimPair(
            a: "The Northern Ferry Authority closed the strait off Cape Torren, pilots in Sandry said.",
            b: "The Northern Ferry Authority did not close the strait off Cape Torren, the office in Sandry said.",
            expected: "contradicts negation"),
        ClaimPair(
            a: "Fourteen people were injured when the Alder Star struck the rock, the harbour office said.",
            b: "Doctors said that 23 people were injured when the Alder Star struck the rock.", expected: "contradicts counts",
            dates: ("2031-04-08", "2031-04-08")),
        ClaimPair(
            a: "Fourteen people were injured when the Alder Star struck the rock, the harbour office said.",
            b: "Doctors said that 23 people were injured when the Alder Star struck the rock.", expected: "updates counts"),
    ]

    @Test("claims that cannot both be right are told from those that agree, each by its rule", arguments: pairs)
    func related(_ pair: ClaimPair) throws {
        let links = try Newsstand().links(pair.a, pair.b, pair.dates)
        #expect(links.map { "\($0.text("relation")) \($0.text("rule"))" } == [pair.expected])
    }

    static let traps: [ClaimPair] = [
        // Another place.
        ClaimPair(
            a: "Unemployment in Little Hadding fell to 4 percent of all workers, the Alder Star office said.",
            b: "Unemployment in Ostrey fell to 7 percent of all workers, the Alder Star office said.", expected: ""),
        // An earlier figure.
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren with 212 passengers on board, pilots said.",
            b:
                "The ferry Alder Star ran aground off Cape Torren with passengers on board, down from 340 passengers, pilots said.",
            expected: ""),
        // Something else is counted.
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren with 212 passengers on board, pilots said.",
            b: "The ferry Alder Star ran aground off Cape Torren, where 31 seals were on the rock, pilots said.", expected: ""),
        // One of several that the other may mean.
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren with 212 passengers on board, pilots said.",
            b:
                "The ferry Alder Star ran aground off Cape Torren with 212 passengers and 9 sick passengers on board, pilots said.",
            expected: ""),
        // What may be is not what is.
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren with 212 passengers on board, pilots said.",
            b: "The ferry Alder Star ran aground off Cape Torren and may have had 187 passengers on board, pilots said.",
            expected: ""),
        // A survey differs from the next.
        ClaimPair(
            a: "In a survey of travellers 40 percent called the Alder Star of Norlin Lines safe to travel on.",
            b: "In a survey of travellers 55 percent called the Alder Star of Norlin Lines safe to travel on.", expected: ""),
        // Another day.
        ClaimPair(
            a: "The ferry Alder Star ran aground off Cape Torren on 8 April 2031 with 212 passengers on board, pilots said.",
            b: "The ferry Alder Star ran aground off Cape Torren on 2 March 2031 with 187 passengers on board, pilots said.",
            expected: ""),
        // Weeks apart.
        ClaimPair(
            a: "The ferry Alder Star left Sandry for Cape Torren with 212 passengers on board, Norlin Lines said.",
            b: "The ferry Alder Star left Sandry for Cape Torren with 187 passengers on board, Norlin Lines said.", expected: "",
            dates: ("2031-04-08", "2031-05-20")),
        // Nobody knows when.
        ClaimPair(
            a: "The ferry Alder Star left Sandry for Cape Torren with 212 passengers on board, Norlin Lines said.",
            b: "The ferry Alder Star left Sandry for Cape Torren with 187 passengers on board, Norlin Lines said.", expected: "",
            dates: (nil, "2031-05-20")),
        // How much is not to what.
        ClaimPair(
            a: "Norlin Lines raised the fare from Sandry to Cape Torren by 12 euros, the Alder Star crew said.",
            b: "Norlin Lines raised the fare from Sandry to Cape Torren to 48 euros, the Alder Star crew said.", expected: ""),
        // To turn something down is not to deny that it exists.
        ClaimPair(
            a: "Norlin Lines rejected the offer of the Velmark shipyard for the Alder Star.",
            b: "The Velmark shipyard made Norlin Lines an offer for the Alder Star on Tuesday.", expected: ""),
    ]

    @Test("claims that only look as if they contradicted each other do not", arguments: traps)
    func unlike(_ pair: ClaimPair) throws {
        let links = try Newsstand().links(pair.a, pair.b, pair.dates)
        #expect(!links.contains { ["contradicts", "updates"].contains($0.text("relation")) }, "\(links.map(\.fields))")
    }
}
