import HeadwaterTesting
import Testing

@testable import HeadwaterModel

@Suite("Segments, packed")
struct SegmentsTests {
    private static let modes: [Segment.Mode] = [
        .verbatim, .synthetic, .supported, .rewritten(Rewriting([.entity])), .rewritten(Rewriting([.charset(.windows1251)])),
        .rewritten(Rewriting([.entity, .cut(start: 1, length: 2)])),
    ]

    /// Mostly what a text has, now and then numbers at the ends of their range.
    private static func segment(_ random: inout SplitMix, after end: inout Int) -> Segment {
        func number() -> Int {
            switch UInt64.random(in: 0..<40, using: &random) {
            case 0: [Int.max, Int.min, -1, 0, 1 << 62].randomElement(using: &random) ?? 0
            case 1: Int.random(in: .min ... .max, using: &random)
            default: Int.random(in: 0..<3000, using: &random)
            }
        }
        if UInt64.random(in: 0..<10, using: &random) == 0 { return .synthetic(length: Int.random(in: 1..<4, using: &random)) }
        var segment = Segment(
            length: number(), source: UInt64.random(in: 0..<8, using: &random) == 0 ? number() : 0, offset: 0, sourceLength: 0,
            mode: modes.randomElement(using: &random) ?? .verbatim)
        segment.offset = end &+ number()
        segment.sourceLength = Bool.random(using: &random) ? segment.length : number()
        if UInt64.random(in: 0..<30, using: &random) == 0 { segment.source = Segment.noSource }
        end = segment.offset &+ segment.sourceLength
        return segment
    }

    @Test("are what was appended, one by one, by place and from any byte of the text, whatever numbers they hold")
    func roundTrip() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        for count in Array(0..<6) + [63, 64, 65, 127, 128, 129, 400] {
            var end = 0
            let list = (0..<count).map { _ in SegmentsTests.segment(&random, after: &end) }
            let packed = Segments(list)
            #expect(Array(packed) == list, "seed \(seed)")
            #expect(packed.indices.map { packed[$0] } == list, "seed \(seed)")
            #expect(packed.count == list.count && packed.first == list.first && packed.last == list.last, "seed \(seed)")
            #expect(packed.textLength == list.reduce(0) { $0 &+ $1.length }, "seed \(seed)")
        }
    }

    @Test("reading from a byte of the text begins with the segment that holds it")
    func reading() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        let list = (0..<300).map { index in
            Segment(
                length: Int.random(in: 1..<5, using: &random), source: index % 3 - 1, offset: index, sourceLength: 1,
                mode: .verbatim)
        }
        let packed = Segments(list)
        var start = 0
        for (index, segment) in list.enumerated() {
            for offset in start..<start + segment.length {
                var reading = packed.reading(from: offset)
                #expect(reading.start == start, "seed \(seed)")
                #expect(reading.next() == segment, "seed \(seed)")
                #expect(reading.next() == (index + 1 < list.count ? list[index + 1] : nil), "seed \(seed)")
            }
            start += segment.length
        }
        var beyond = packed.reading(from: start)
        #expect(beyond.next() == nil && beyond.next() == nil)
    }

    @Test("are equal when each is equal, however they came together; a longer last one is another")
    func equality() {
        let whole = Segment(length: 6, source: 0, offset: 10, sourceLength: 6, mode: .verbatim)
        let half = Segment(length: 3, source: 0, offset: 10, sourceLength: 3, mode: .verbatim)
        var joined = Segments([.synthetic(length: 2), half])
        let before = joined
        joined.lengthenLast(by: 3, sourceLength: 3)
        #expect(
            joined == [.synthetic(length: 2), whole] && joined.hashValue == Segments([.synthetic(length: 2), whole]).hashValue)
        #expect(joined != before && before == [.synthetic(length: 2), half])
        #expect(joined.textLength == 8)
    }

    @Test("of a text with very many modes are read back, and take time in proportion to their number")
    func manyModes() {
        let list = (0..<50_000).map { index in
            Segment(
                length: 2, source: 0, offset: index, sourceLength: 9,
                mode: .rewritten(Rewriting([.entity, .cut(start: index, length: 2)])))
        }
        #expect(Segments(list).elementsEqual(list))
    }
}
