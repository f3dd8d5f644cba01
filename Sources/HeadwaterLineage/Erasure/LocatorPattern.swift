public import HeadwaterModel

/// What somebody names of sources: one by locator or digest, or all whose locators match a pattern.
public struct LocatorPattern: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    private let meaning: Meaning

    private enum Meaning: Hashable {
        /// The first hex digits of the bytes' digest.
        case digest(String)
        /// This locator, and, where the text has a `*`, all that match it.
        case locator([UInt8], isPattern: Bool)
    }

    /// - Parameter text: `source:` and a locator, a pattern or `sha256:` and digits; what comes first may be left out. `*`
    ///   stands for anything within one part of a locator, `**` also for several parts. A pattern without a slash is compared with
    ///   the last part.
    /// - Throws: `ReferenceError`.
    public init(_ text: String) throws(ReferenceError) {
        description = text
        let prefix = "source:"
        let name = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        guard !name.isEmpty else { throw ReferenceError("\(text): expected a source's locator, a pattern or a digest") }
        if name.hasPrefix(Digest.prefix) {
            let digits = name.dropFirst(Digest.prefix.count)
            guard Reference.isHex(digits), Reference.fewestDigits...2 * Digest.byteCount ~= digits.utf8.count else {
                throw ReferenceError(
                    "\(text): expected \(Reference.fewestDigits) to \(2 * Digest.byteCount) digits of a digest, 0 to 9 and a to f"
                )
            }
            meaning = .digest(String(digits))
        } else {
            meaning = .locator(Array(name.utf8), isPattern: name.utf8.contains(LocatorPattern.star))
        }
    }

    /// Whether it names bytes, and not a place.
    public var isDigest: Bool { if case .digest = meaning { true } else { false } }

    /// Whether the source with this digest is meant.
    public func matches(_ digest: Digest) -> Bool {
        if case .digest(let digits) = meaning { digest.hex.hasPrefix(digits) } else { false }
    }

    /// Whether what lies at this locator is meant.
    public func matches(locator: String) -> Bool {
        guard case .locator(let pattern, let isPattern) = meaning else { return false }
        let text = Array(locator.utf8)
        if text == pattern { return true }
        guard isPattern else { return false }
        if pattern.contains(LocatorPattern.slash) { return LocatorPattern.matches(pattern, text[...]) }
        let last = text.lastIndex(of: LocatorPattern.slash).map { text[($0 + 1)...] } ?? text[...]
        return LocatorPattern.matches(pattern, last)
    }

    private static let star = UInt8(ascii: "*")
    private static let slash = UInt8(ascii: "/")

    private enum Token {
        case byte(UInt8)
        /// `*`
        case withinPart
        /// `**`
        case anything
        /// `**/` where a part begins: any number of whole parts.
        case parts
    }

    private static func tokens(_ pattern: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < pattern.count {
            let isDouble = pattern[index] == star && index + 1 < pattern.count && pattern[index + 1] == star
            let beginsPart = index == 0 || pattern[index - 1] == slash
            if isDouble, beginsPart, index + 2 < pattern.count, pattern[index + 2] == slash {
                tokens.append(.parts)
                index += 3
            } else if isDouble {
                tokens.append(.anything)
                index += 2
            } else {
                tokens.append(pattern[index] == star ? .withinPart : .byte(pattern[index]))
                index += 1
            }
        }
        return tokens
    }

    /// Follows all ways through the pattern at once (Thompson, "Regular Expression Search Algorithm", Communications of the
    /// ACM 11, 1968), so that it takes time in proportion to the product of the two lengths at most.
    private static func matches(_ pattern: [UInt8], _ text: ArraySlice<UInt8>) -> Bool {
        let tokens = tokens(pattern)
        /// Whether one of the ways stands before the token with this number.
        var before = [Bool](repeating: false, count: tokens.count + 1)
        /// Whether one stands within a part of the whole parts that the token with this number stands for.
        var inside = [Bool](repeating: false, count: tokens.count)
        before[0] = true
        func skip(_ states: inout [Bool]) {
            for (index, token) in tokens.enumerated() where states[index] {
                if case .byte = token { continue }
                states[index + 1] = true
            }
        }
        skip(&before)
        for byte in text {
            var next = [Bool](repeating: false, count: tokens.count + 1)
            for (index, token) in tokens.enumerated() {
                let isThere = before[index]
                switch token {
                case .byte(let wanted): if isThere, wanted == byte { next[index + 1] = true }
                case .withinPart: if isThere, byte != slash { next[index] = true }
                case .anything: if isThere { next[index] = true }
                case .parts:
                    let isInside = isThere || inside[index]
                    if isInside, byte == slash { next[index] = true }
                    inside[index] = isInside && byte != slash
                }
            }
            skip(&next)
            before = next
        }
        return before[tokens.count]
    }
}
