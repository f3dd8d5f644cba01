import HeadwaterModel
import Testing

@testable import HeadwaterStore

@Suite struct KeyFilterTests {
    @Test(
        "every key that was inserted may be there, and of others at most one in twenty", arguments: [0, 1, 7, 8, 9, 1000, 20_000])
    func filters(count: Int) {
        func key(_ number: Int) -> Digest { Digest(of: Array("\(number)".utf8)) }
        var filter = KeyFilter(count: count)
        for number in 0..<count { key(number).withBytes { filter.insert($0) } }
        #expect((0..<count).allSatisfy { number in key(number).withBytes { filter.mayHave($0) } })
        let others = 20_000
        let passed = (count..<count + others).count { number in key(number).withBytes { filter.mayHave($0) } }
        #expect(passed <= others / 20)
    }
}
