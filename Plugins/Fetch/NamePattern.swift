import HeadwaterModel

/// The pattern of one name in a path: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before a character that means itself.
///
/// Counts in characters, not bytes: `?` is one letter in any script. A byte that is not valid UTF-8 counts as one
/// character that equals only itself.
struct NamePattern: Hashable {
    enum Token: Hashable {
        case character(UInt32)
        case any
        case anyRun
        case oneOf([ClosedRange<UInt32>], negated: Bool)
    }

    let tokens: [Token]
    /// Whether the pattern is a single `*`, as in most of them that are walked.
    private let isAnyName: Bool

    /// - Throws: `PatternFault` for a bracket that does not close or holds a range that runs backwards.
    init(_ pattern: ArraySlice<UInt8>) throws(PatternFault) {
        self.init(try NamePattern.parse(NamePattern.characters(pattern)))
    }

    /// Matches this name alone, whatever characters it holds.
    init(literal name: ArraySlice<UInt8>) { self.init(NamePattern.characters(name).map(Token.character)) }

    private init(_ tokens: [Token]) {
        self.tokens = tokens
        isAnyName = tokens == [.anyRun]
    }

    /// `*`
    static let anyName = NamePattern([.anyRun])

    /// Whether a name that starts with a dot may match: only if the pattern spells the dot out, or hidden files are wanted.
    func matches(_ name: ArraySlice<UInt8>, hidden: Bool) -> Bool {
        if !hidden, name.first == UInt8(ascii: "."), tokens.first != .character(0x2E) { return false }
        if isAnyName { return true }
        if name.allSatisfy({ $0 < 0x80 }) { return matches(name.count) { UInt32(name[name.startIndex + $0]) } }
        let characters = NamePattern.characters(name)
        return matches(characters.count) { characters[$0] }
    }

    /// Goes back to the last `*` only: an earlier one could not match more than it. So the time is at most the
    /// product of the two lengths.
    @inline(__always)
    private func matches(_ count: Int, _ character: (Int) -> UInt32) -> Bool {
        var token = 0
        var position = 0
        var retry: (token: Int, position: Int)?
        while position < count {
            if token < tokens.count, case .anyRun = tokens[token] {
                retry = (token, position)
                token += 1
            } else if token < tokens.count, tokens[token].accepts(character(position)) {
                token += 1
                position += 1
            } else if let last = retry {
                retry = (last.token, last.position + 1)
                (token, position) = (last.token + 1, last.position + 1)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyRun }
    }

    private static func parse(_ pattern: [UInt32]) throws(PatternFault) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < pattern.count {
            let character = pattern[index]
            index += 1
            switch Unicode.Scalar(character) {
            case "*": if tokens.last != .anyRun { tokens.append(.anyRun) }
            case "?": tokens.append(.any)
            case "[": tokens.append(try bracket(pattern, &index))
            case "\\":
                guard index < pattern.count else {
                    throw PatternFault("it ends in a \\ with nothing behind; write \\\\ for the character itself")
                }
                tokens.append(.character(pattern[index]))
                index += 1
            default: tokens.append(.character(character))
            }
        }
        return tokens
    }

    /// Reads what follows `[`. A `]` that comes first, and a `-` that comes first or last, mean themselves (POSIX).
    private static func bracket(_ pattern: [UInt32], _ index: inout Int) throws(PatternFault) -> Token {
        func at(_ offset: Int) -> Unicode.Scalar? { offset < pattern.count ? Unicode.Scalar(pattern[offset]) : nil }
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = at(index) == "!" || at(index) == "^"
        if isNegated { index += 1 }
        let first = index
        func next() throws(PatternFault) -> UInt32 {
            if at(index) == "\\" { index += 1 }
            guard index < pattern.count else { throw PatternFault("a [ has no ]; write \\[ for the character itself") }
            defer { index += 1 }
            return pattern[index]
        }
        while at(index) != "]" || index == first {
            let low = try next()
            if at(index) == "-", index + 1 < pattern.count, at(index + 1) != "]" {
                index += 1
                let high = try next()
                guard low <= high else {
                    throw PatternFault("a range in [ ] runs backwards; its lesser end comes first, as in [a-z]")
                }
                ranges.append(low...high)
            } else {
                ranges.append(low...low)
            }
        }
        index += 1
        return .oneOf(ranges, negated: isNegated)
    }

    /// Code points; a byte that is not valid UTF-8 as a number above them all.
    private static func characters(_ slice: ArraySlice<UInt8>) -> [UInt32] {
        let bytes = Array(slice)
        var out: [UInt32] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            switch UTF8Scan.step(bytes, index) {
            case .valid(let length):
                let lead: UInt32 = length == 1 ? 0x7F : 0xFF >> UInt32(length + 1)
                var code = UInt32(bytes[index]) & lead
                for byte in bytes[index + 1..<index + length] { code = code << 6 | UInt32(byte & 0x3F) }
                out.append(code)
                index += length
            case .malformed(let length):
                for byte in bytes[index..<index + length] { out.append(0x110000 + UInt32(byte)) }
                index += length
            }
        }
        return out
    }
}

extension NamePattern.Token {
    fileprivate func accepts(_ character: UInt32) -> Bool {
        switch self {
        case .character(let wanted): wanted == character
        case .any: true
        case .anyRun: false
        case .oneOf(let ranges, let negated): ranges.contains { $0.contains(character) } != negated
        }
    }
}

/// Why a pattern cannot be read.
struct PatternFault: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
