import Glibc

/// What a site's `robots.txt` allows this program (RFC 9309).
package struct RobotsRules: Sendable, Equatable {
    /// By this name sites address us (RFC 9309, section 2.2.1).
    static let agent = "headwater"
    /// What is read of a file; RFC 9309, section 2.5 asks for at least as much.
    static let maximumSize = 500 << 10
    /// More than any site that means it; with fewer, each URL is looked up quickly.
    private static let mostRules = 10_000

    private var rules: [Rule] = []
    /// Milliseconds between two requests that the site asks for.
    private(set) var delay: Int?

    private struct Rule: Sendable, Equatable {
        var pattern: [UInt8]
        var isAllowed: Bool
    }

    /// All is allowed.
    init() {}

    package init(_ bytes: [UInt8]) {
        var bytes = bytes.prefix(RobotsRules.maximumSize)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var own = RobotsRules()
        var others = RobotsRules()
        var hasOwn = false
        // Which of the two the present group is for; several lines may name agents before its rules begin.
        var isForUs = false
        var isForAll = false
        var isNaming = false
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = line.prefix { $0 != UInt8(ascii: "#") }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = ASCII.trimmed(line[line.index(after: colon)...])
            switch String(decoding: ASCII.trimmed(line[..<colon]).map(ASCII.lowercased), as: UTF8.self) {
            case "user-agent":
                if !isNaming { (isForUs, isForAll) = (false, false) }
                isNaming = true
                let name = value.prefix { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
                if value.first == UInt8(ascii: "*") { isForAll = true }
                if name.map(ASCII.lowercased).elementsEqual(RobotsRules.agent.utf8) { (isForUs, hasOwn) = (true, true) }
            case "allow": (isNaming, _) = (false, add(value, isAllowed: true))
            case "disallow": (isNaming, _) = (false, add(value, isAllowed: false))
            case "crawl-delay":
                isNaming = false
                let delay = RobotsRules.milliseconds(value)
                if isForUs { own.delay = delay ?? own.delay }
                if isForAll { others.delay = delay ?? others.delay }
            default: continue
            }
            func add(_ path: ArraySlice<UInt8>, isAllowed: Bool) {
                // An empty one says nothing.
                guard !path.isEmpty else { return }
                let rule = Rule(pattern: RobotsRules.normalized(path), isAllowed: isAllowed)
                if isForUs, own.rules.count < RobotsRules.mostRules { own.rules.append(rule) }
                if isForAll, others.rules.count < RobotsRules.mostRules { others.rules.append(rule) }
            }
        }
        self = hasOwn ? own : others
    }

    /// Whether a path with its query may be asked for: the longest rule that matches decides, of equally long ones the
    /// one that allows (RFC 9309, section 2.2.2).
    package func allows(_ path: String) -> Bool {
        let path = RobotsRules.normalized(Array(path.utf8)[...])
        if path == Array("/robots.txt".utf8) { return true }
        var best: Rule?
        for rule in rules {
            if let best, (rule.pattern.count, rule.isAllowed ? 1 : 0) <= (best.pattern.count, best.isAllowed ? 1 : 0) { continue }
            if RobotsRules.matches(rule.pattern, path) { best = rule }
        }
        return best?.isAllowed ?? true
    }

    /// Whether the path begins as the pattern says: `*` stands for any bytes, `$` at the end for the path's end.
    private static func matches(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
        let isAnchored = pattern.last == UInt8(ascii: "$")
        let parts = (isAnchored ? pattern.dropLast() : pattern[...]).split(
            separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard let first = parts.first, path.starts(with: first) else { return false }
        var index = first.count
        if parts.count == 1 { return !isAnchored || index == path.count }
        // Each part where it comes first leaves the most for those behind; the last one of an anchored pattern lies at the end.
        for part in isAnchored ? parts[1..<(parts.count - 1)] : parts[1...] {
            guard let end = end(of: part, in: path, from: index) else { return false }
            index = end
        }
        guard isAnchored, let last = parts.last else { return true }
        return path.count - index >= last.count && path.suffix(last.count).elementsEqual(last)
    }

    /// Where the part ends that begins first. (All parts of a file together have at most `maximumSize` bytes, which bounds what
    /// a hostile one can cost.)
    private static func end(of part: ArraySlice<UInt8>, in path: [UInt8], from start: Int) -> Int? {
        guard let first = part.first else { return start }
        return path.withUnsafeBytes { path in
            part.withUnsafeBytes { part in
                guard let base = path.baseAddress, let wanted = part.baseAddress else { return nil }
                var index = start
                while path.count - index >= part.count,
                    let next = memchr(base + index, Int32(first), path.count - index - part.count + 1)
                {
                    index = UnsafeRawPointer(next) - base
                    if memcmp(base + index, wanted, part.count) == 0 { return index + part.count }
                    index += 1
                }
                return nil
            }
        }
    }

    /// Percent-encodings of what needs none are undone, others have capital digits, and what is not ASCII is encoded (RFC 9309,
    /// section 2.2.2; RFC 3986, section 2.3).
    private static func normalized(_ path: ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(path.count)
        var index = path.startIndex
        while index < path.endIndex {
            let byte = path[index]
            index += 1
            if byte == UInt8(ascii: "%"), path.endIndex - index >= 2, let high = hex(path[index]), let low = hex(path[index + 1])
            {
                index += 2
                let value = high << 4 | low
                let isUnreserved = ASCII.isAlphanumeric(value) || "-._~".utf8.contains(value)
                out += isUnreserved ? [value] : [byte, digits[Int(high)], digits[Int(low)]]
            } else if byte >= 0x80 {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                out.append(byte)
            }
        }
        return out
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }

    /// Seconds, with a fraction or not, as milliseconds.
    private static func milliseconds(_ value: ArraySlice<UInt8>) -> Int? {
        guard let seconds = Double(String(decoding: value, as: UTF8.self)), seconds >= 0, seconds <= 1_000_000 else { return nil }
        return Int(seconds * 1000)
    }
}
