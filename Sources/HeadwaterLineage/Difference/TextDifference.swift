import HeadwaterModel

/// Where two texts differ: runs of whole lines, and in each of them the bytes that are others.
///
/// Lines are matched by patience (Bram Cohen; described in "Patience Diff Advantages", 2008): the lines that occur once on both
/// sides are put in the longest common order, and what lies between two of them is compared in the same way. That takes
/// n log n, whatever the texts are, and shows what a reader takes for one change as one change.
public struct TextDifference: Sendable {
    /// In order. None if and only if the texts are equal.
    public let hunks: [Hunk]

    /// Lines that stand in the place of others.
    public struct Hunk: Hashable, Sendable {
        /// Numbers of the lines, from 0.
        public var linesBefore: Range<Int>
        public var linesAfter: Range<Int>
        /// The bytes of these lines that differ, widened to whole characters: what the lines share at their start and end is
        /// left out.
        public var before: Range<Int>
        public var after: Range<Int>
        /// The first byte that is another one on both sides, or that only one side has.
        public var firstByte: Int
    }

    public init(_ before: [UInt8], _ after: [UInt8]) {
        let (a, b) = (Lines(before), Lines(after))
        hunks = LineMatching(a, b).gaps.map { gap in
            let (x, y) = (a.bytes(of: gap.before), b.bytes(of: gap.after))
            let (start, shared) = TextDifference.shared(before, x, after, y)
            let first = x.lowerBound + start
            return Hunk(
                linesBefore: gap.before, linesAfter: gap.after,
                before: TextDifference.whole(first..<x.upperBound - shared, of: before),
                after: TextDifference.whole(y.lowerBound + start..<y.upperBound - shared, of: after), firstByte: first)
        }
    }

    /// How many bytes the two ranges share at their starts, and then at their ends.
    private static func shared(_ a: [UInt8], _ x: Range<Int>, _ b: [UInt8], _ y: Range<Int>) -> (start: Int, end: Int) {
        let most = min(x.count, y.count)
        var start = 0
        while start < most, a[x.lowerBound + start] == b[y.lowerBound + start] { start += 1 }
        var end = 0
        while end < most - start, a[x.upperBound - 1 - end] == b[y.upperBound - 1 - end] { end += 1 }
        return (start, end)
    }

    /// The smallest range around this one that begins and ends with characters, as far as the bytes are UTF-8.
    private static func whole(_ range: Range<Int>, of text: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        // No character has more than four bytes: where that many lead to none, the bytes are no text.
        for _ in 0..<3 where start > 0 && start < text.count && text[start] & 0xC0 == 0x80 { start -= 1 }
        for _ in 0..<3 where end < text.count && text[end] & 0xC0 == 0x80 { end += 1 }
        return start..<end
    }
}

/// A text's lines, each with its line feed.
private struct Lines {
    let text: [UInt8]
    /// Where each begins, and the end of the last.
    let starts: [Int]

    init(_ text: [UInt8]) {
        self.text = text
        var starts = [0]
        for index in text.indices where text[index] == UInt8(ascii: "\n") && index + 1 < text.count { starts.append(index + 1) }
        if !text.isEmpty { starts.append(text.count) }
        self.starts = starts
    }

    var count: Int { starts.count - 1 }

    subscript(_ line: Int) -> ArraySlice<UInt8> { text[starts[line]..<starts[line + 1]] }

    func bytes(of lines: Range<Int>) -> Range<Int> { starts[lines.lowerBound]..<starts[lines.upperBound] }
}

/// Which lines of two texts stand for each other.
private struct LineMatching {
    struct Gap {
        var before: Range<Int>
        var after: Range<Int>
    }

    /// What lies between the lines that are the same, in order.
    private(set) var gaps: [Gap] = []
    /// A number for each line; equal lines have equal ones.
    private let a: [Int]
    private let b: [Int]

    /// Deeper, what is left is one change. Each level needs a line that occurs more than once in the level above.
    private static let deepest = 32

    init(_ before: Lines, _ after: Lines) {
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        func number(_ line: ArraySlice<UInt8>) -> Int {
            if let known = numbers[line] { return known }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        a = (0..<before.count).map { number(before[$0]) }
        b = (0..<after.count).map { number(after[$0]) }
        match(Gap(before: 0..<a.count, after: 0..<b.count), depth: 0)
    }

    private mutating func match(_ whole: Gap, depth: Int) {
        var gap = whole
        while !gap.before.isEmpty, !gap.after.isEmpty, a[gap.before.lowerBound] == b[gap.after.lowerBound] {
            gap = Gap(before: gap.before.dropFirst(), after: gap.after.dropFirst())
        }
        while !gap.before.isEmpty, !gap.after.isEmpty, a[gap.before.upperBound - 1] == b[gap.after.upperBound - 1] {
            gap = Gap(before: gap.before.dropLast(), after: gap.after.dropLast())
        }
        if gap.before.isEmpty && gap.after.isEmpty { return }
        let anchors =
            gap.before.isEmpty || gap.after.isEmpty || depth == LineMatching.deepest ? [] : anchors(in: gap)
        guard !anchors.isEmpty else { return gaps.append(gap) }
        var (x, y) = (gap.before.lowerBound, gap.after.lowerBound)
        for anchor in anchors {
            match(Gap(before: x..<anchor.before, after: y..<anchor.after), depth: depth + 1)
            (x, y) = (anchor.before + 1, anchor.after + 1)
        }
        match(Gap(before: x..<gap.before.upperBound, after: y..<gap.after.upperBound), depth: depth + 1)
    }

    /// The longest run, in the order of both sides, of lines that occur once on each.
    private func anchors(in gap: Gap) -> [(before: Int, after: Int)] {
        var places: [Int: (before: Int, after: Int, isUnique: Bool)] = [:]
        for line in gap.before { places[a[line], default: (line, -1, true)].isUnique = places[a[line]] == nil }
        for line in gap.after {
            guard let place = places[b[line]] else { continue }
            places[b[line]] = (place.before, line, place.isUnique && place.after < 0)
        }
        let pairs = places.values.filter { $0.isUnique && $0.after >= 0 }.sorted { $0.before < $1.before }
        // Piles hold the pair with the smallest end of each length (Fredman 1975); each pair remembers the one before it.
        var piles: [Int] = []
        var previous = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var (low, high) = (0, piles.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[piles[middle]].after < pair.after { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = piles[low - 1] }
            if low == piles.count { piles.append(index) } else { piles[low] = index }
        }
        var out: [(before: Int, after: Int)] = []
        var next = piles.last ?? -1
        while next >= 0 {
            out.append((pairs[next].before, pairs[next].after))
            next = previous[next]
        }
        return out.reversed()
    }
}
