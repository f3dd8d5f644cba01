import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

@Suite("Trees that weigh lines")
struct LineJudgeTests {
    @Test("a tree goes to its first branch at most at the threshold, and the scores of trees add up")
    func ensemble() {
        let trees = TreeEnsemble(
            """
            10
            0<=5 =1 1<=-2 =20 =300
            =-4
            """)
        #expect(trees.score([5, 0]) == 10 + 1 - 4)
        #expect(trees.score([6, -2]) == 10 + 20 - 4)
        #expect(trees.score([6, -1]) == 10 + 300 - 4)
    }

    @Test("left branches may be trees themselves")
    func leftBranch() {
        let trees = TreeEnsemble("0\n0<=9 1<=0 =1 =2 =3")
        #expect([[0, 0], [0, 1], [10, 0]].map { trees.score($0[...]) } == [1, 2, 3])
    }

    @Test("the trained trees ask for signals that there are")
    func table() {
        let trees = TreeEnsemble(LineTrees.table)
        let row = [Int32](repeating: 0, count: LineSignals.width)
        #expect(trees.score(row[...]) != 0)
        #expect(trees.columns.allSatisfy { 0..<LineSignals.width ~= $0 })
    }

    @Test("every line has a row, whatever the lines are", arguments: ["", "a", "\n\n", "One.\nTwo.\nThree."])
    func rows(page: String) {
        let lines = LineReader.blocks(of: Array(page.utf8))
        var signals = LineSignals(lines, title: [])
        let rows = lines.indices.map { Array(signals.row($0)) }
        #expect(rows.allSatisfy { $0.count == LineSignals.width })
        #expect(rows == lines.indices.reversed().map { Array(signals.row($0)) }.reversed(), "in any order")
    }

    @Test("teasers with a line of text each, behind an article, are no part of it")
    func teasers() throws {
        let article = (0..<8).map {
            "The ferry left the harbour at \($0) in the morning, and the people on the pier watched it until it was out of sight."
        }
        let teasers = (1...6).flatMap {
            ["Bridge \($0) opens", "News", "The council of the valley has opened bridge number \($0)."]
        }
        let page = (["Home", "News", "Sport", ""] + article + ["", "More news"] + teasers).joined(separator: "\n")
        let record = try #require(try PageFixtures.clean(Array(page.utf8), as: "page.txt").records.first)
        #expect(String(decoding: record.text, as: UTF8.self) == article.joined(separator: "\n\n"))
    }
}
