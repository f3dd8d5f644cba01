import HeadwaterTesting

/// Makes new input of good input: parts of it are left out, repeated, moved, nested, cut, mixed with others', and replaced by
/// numbers, words and bytes that are at the edge of what is allowed.
struct Mutation {
    private(set) var seeds: [[UInt8]]
    private let grains: [Grain]
    private let words: [[UInt8]]
    var random: SplitMix

    /// Longer input is made rarely: the time goes into many cases.
    private static let usual = 64 << 10
    private static let longest = 1 << 20
    private static let mostSeeds = 2000

    init(_ subject: Subject, seed: UInt64) {
        let found = subject.seeds() + (subject.pack == nil ? Subject.cases(subject.name) : [])
        seeds = found.isEmpty ? [[]] : found
        grains = subject.grains
        words = subject.words.map { Array($0.utf8) } + Mutation.hostile
        random = SplitMix(seed: seed)
    }

    /// Takes up input that led somewhere new.
    mutating func add(_ bytes: [UInt8]) {
        guard bytes.count <= Mutation.usual else { return }
        if seeds.count < Mutation.mostSeeds { seeds.append(bytes) } else { seeds[below(seeds.count)] = bytes }
    }

    mutating func next() -> [UInt8] {
        var bytes = seeds[below(seeds.count)]
        repeat { change(&bytes) } while below(3) > 0
        let limit = below(200) == 0 ? Mutation.longest : Mutation.usual
        if bytes.count > limit { bytes.removeLast(bytes.count - limit) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let grain = grains[below(grains.count)]
        let part = part(of: bytes, grain)
        switch below(15) {
        case 0: bytes.removeSubrange(part)
        case 1: bytes.insert(contentsOf: bytes[part], at: edge(of: bytes, grain))
        case 2: repeatPart(&bytes, part)
        case 3:
            let moved = bytes[part]
            bytes.removeSubrange(part)
            bytes.insert(contentsOf: moved, at: edge(of: bytes, grain))
        case 4, 5: bytes.insert(contentsOf: words[below(words.count)], at: edge(of: bytes, grain))
        case 6: bytes.replaceSubrange(part, with: words[below(words.count)])
        case 7, 8:
            let other = seeds[below(seeds.count)]
            let taken = self.part(of: other, grain)
            if below(2) == 0 {
                bytes.insert(contentsOf: other[taken], at: edge(of: bytes, grain))
            } else {
                bytes.replaceSubrange(part, with: other[taken])
            }
        case 9:
            for _ in 0...below(4) where !bytes.isEmpty { bytes[below(bytes.count)] = UInt8.random(in: 0...255, using: &random) }
        case 10:
            if !bytes.isEmpty { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
        case 11: replaceDigits(&bytes)
        case 12: writeInteger(&bytes)
        case 13: nest(&bytes, part)
        default:
            let cut = below(bytes.count + 1)
            if below(4) == 0 { bytes.removeFirst(cut) } else { bytes.removeLast(bytes.count - cut) }
        }
    }

    private mutating func below(_ count: Int) -> Int { count <= 1 ? 0 : Int.random(in: 0..<count, using: &random) }

    /// A run of whole grains.
    private mutating func part(of bytes: [UInt8], _ grain: Grain) -> Range<Int> {
        guard !bytes.isEmpty else { return 0..<0 }
        let start = edge(of: bytes, grain)
        var end = start
        for _ in 0...below(below(8) + 1) { end = Mutation.end(of: bytes, grain, from: end) }
        if grain == .bytes { end = min(bytes.count, start + below(below(4) == 0 ? 2000 : 8)) }
        return start..<max(start, end)
    }

    /// Where a grain begins.
    private mutating func edge(of bytes: [UInt8], _ grain: Grain) -> Int {
        let index = below(bytes.count + 1)
        switch grain {
        case .bytes: return index
        case .blocks: return min(index / 512 * 512, bytes.count)
        case .lines: return bytes[..<index].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        case .tags:
            let before = bytes[..<index].lastIndex { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
            return before.map { bytes[$0] == UInt8(ascii: "<") ? $0 : $0 + 1 } ?? 0
        }
    }

    private static func end(of bytes: [UInt8], _ grain: Grain, from start: Int) -> Int {
        guard start < bytes.count else { return bytes.count }
        switch grain {
        case .bytes: return start + 1
        case .blocks: return min(start + 512, bytes.count)
        case .lines: return bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        case .tags:
            if bytes[start] == UInt8(ascii: "<") {
                return bytes[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? bytes.count
            }
            return bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        }
    }

    private mutating func repeatPart(_ bytes: inout [UInt8], _ part: Range<Int>) {
        guard !part.isEmpty else { return }
        let most = (below(100) == 0 ? Mutation.longest : 8192) / part.count
        let copy = bytes[part]
        var repeated: [UInt8] = []
        for _ in 0..<min(most, 1 << below(15)) { repeated += copy }
        bytes.insert(contentsOf: repeated, at: part.lowerBound)
    }

    /// Puts many opening tags before a part, and perhaps as many closing ones behind it.
    private mutating func nest(_ bytes: inout [UInt8], _ part: Range<Int>) {
        let names = ["div", "b", "p", "table><tr><td", "ul><li", "a href=x", "script", "svg", "span", "blockquote", "h1", "x"]
        let name = names[below(names.count)]
        let count = 1 << below(12)
        let open = Array(String(repeating: "<\(name)>", count: count).utf8)
        let close = Array(String(repeating: "</\(name.prefix { $0.isLetter })>", count: below(2) * count).utf8)
        bytes.insert(contentsOf: close, at: part.upperBound)
        bytes.insert(contentsOf: open, at: part.lowerBound)
    }

    /// Numbers in words, at the edges of what fits.
    private mutating func replaceDigits(_ bytes: inout [UInt8]) {
        let index = below(bytes.count + 1)
        guard let start = bytes[index...].firstIndex(where: { 0x30...0x39 ~= $0 }) else { return }
        let end = bytes[start...].firstIndex { !(0x30...0x39 ~= $0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: Array(Mutation.numbers[below(Mutation.numbers.count)].utf8))
    }

    /// Numbers in bytes.
    private mutating func writeInteger(_ bytes: inout [UInt8]) {
        let values: [UInt64] = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, .max]
        let width = [1, 2, 4, 8][below(4)]
        guard bytes.count >= width else { return }
        let value = values[below(values.count)] &+ (below(4) == 0 ? UInt64(below(600)) : 0)
        let start = below(bytes.count - width + 1)
        let isBig = below(2) == 0
        for place in 0..<width {
            bytes[start + (isBig ? width - 1 - place : place)] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(place)))
        }
    }

    private static let numbers = [
        "0", "1", "-1", "00", "7", "8", "63", "64", "127", "128", "255", "256", "511", "512", "513", "1024", "65535", "65536",
        "2147483647", "2147483648", "4294967295", "4294967296", "9007199254740992", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999999", "1e9", "0x10",
        "77777777777", "ffffffffffffffff", "7fffffffffffffff", "fffffffffffffff",
    ]

    /// Bytes that no format expects: malformed UTF-8, marks, controls, line ends, characters with large mappings.
    private static let hostile: [[UInt8]] =
        [
            [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F], [0x80],
            [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x0D], [0x0D, 0x0A], [0x0A], [0x0A, 0x0A], [0x0C], [0x0B], [0x1B],
            [0x85], [0xC2, 0x85],
        ]
        + ["\u{FFFD}", "\u{2028}", "\u{A0}", "\u{AD}", "\u{200B}", "\u{202E}", "\u{1F468}\u{200D}\u{1F469}", "\u{130}", "ﬁ", "ẞ"]
        .map { Array($0.utf8) }
}
