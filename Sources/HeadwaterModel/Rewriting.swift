internal import Foundation

/// A chain of named normalisations, in the order in which they were applied: how some source bytes became text that
/// is not equal to them. Written `charset(windows-1251)+entity`; anyone can apply it again and compare.
public struct Rewriting: Hashable, Sendable {
    public let rules: [Rule]

    /// Chains are at most this long, so that no record makes proving it expensive. Real ones have four or five rules.
    public static let maximumCount = 64

    public init(_ rules: [Rule]) { self.rules = rules }

    /// One normalisation. Behaviour never changes under a name: a changed rule gets a new name.
    public enum Rule: Hashable, Sendable {
        /// Decoded from a character encoding.
        case charset(Charset)
        /// HTML character references resolved.
        case entity
        /// The escapes of a data format resolved.
        case escape(Escape)
        /// Each run of white space became one space.
        case space
        /// White space, tags and comments alone became a break.
        case lineBreak(Break)
        /// Lower case, character by character (Unicode's full mapping without context).
        case lowercase
        /// Unicode normalisation form C.
        case nfc
        /// Unicode normalisation form KC.
        case nfkc
        /// Typographic ligatures became the letters that they join.
        case ligature
        /// Text that was UTF-8 and read as windows-1252, read as UTF-8.
        case mojibake
        /// Something that leads to a person became a label that says what stood there.
        case mask(PersonalData)
        /// Only these bytes of what the rules before gave: an atomic piece was cut.
        case cut(start: Int, length: Int)
    }

    /// What a run of white space and markup becomes.
    public enum Break: String, Hashable, Sendable, CaseIterable {
        case space, line, paragraph

        public var text: [UInt8] {
            switch self {
            case .space: Array(" ".utf8)
            case .line: Array("\n".utf8)
            case .paragraph: Array("\n\n".utf8)
            }
        }
    }

    /// The text that these source bytes become; nil if a rule does not apply to them.
    public func apply(to bytes: [UInt8]) -> [UInt8]? {
        var text = bytes
        for rule in rules {
            guard let next = rule.apply(to: text) else { return nil }
            text = next
        }
        return text
    }

    /// The chain with one more rule. A cut of a cut is one cut; where its start is out of all range, as a made-up one
    /// may be, it becomes negative and applies to nothing.
    public func then(_ rule: Rule) -> Rewriting {
        if case .cut(let start, let length) = rule, case .cut(let first, _)? = rules.last {
            return Rewriting(rules.dropLast() + [.cut(start: first &+ start, length: length)])
        }
        return Rewriting(rules + [rule])
    }

    /// How many source bytes are behind the start `text` of a segment with this rewriting, where the segment can be
    /// split at all: nil for an atomic one.
    public func sourceLength(of text: ArraySlice<UInt8>) -> Int? {
        guard rules.count == 1, case .charset(let charset) = rules[0] else { return nil }
        return charset.sourceLength(of: text)
    }

    /// Whether two neighbouring segments of this rewriting are one longer segment of it.
    public var isJoinable: Bool {
        guard rules.count == 1, case .charset(let charset) = rules[0] else { return false }
        return charset.isJoinable
    }
}

extension Rewriting.Rule {
    func apply(to bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .charset(let charset): return charset.decode(bytes, isStart: false).text
        case .entity: return CharacterReferences.decode(bytes)
        case .escape(let escape): return escape.decode(bytes)
        case .space: return WhiteSpace.collapsed(bytes)
        case .lineBreak(let kind): return MarkupRun.spans(bytes) ? kind.text : nil
        case .lowercase:
            guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
            return string.unicodeScalars.flatMap { Array($0.properties.lowercaseMapping.utf8) }
        case .nfc:
            guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
            return Array(string.precomposedStringWithCanonicalMapping.utf8)
        case .nfkc:
            guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
            // By its definition (UAX #15): Foundation's own form KC leaves letters of Korean apart that it joins.
            return Array(string.decomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping.utf8)
        case .ligature: return Ligatures.expanded(bytes)
        case .mojibake: return Mojibake.repaired(bytes)
        case .mask(let kind): return kind.spans(bytes) ? kind.label : nil
        case .cut(let start, let length):
            guard let range = ByteRange(start: start, length: length).checked(within: bytes.count) else { return nil }
            return Array(bytes[range])
        }
    }
}

extension Rewriting.Rule: CustomStringConvertible {
    public var description: String {
        switch self {
        case .charset(let charset): "charset(\(charset))"
        case .entity: "entity"
        case .escape(let escape): "escape(\(escape.rawValue))"
        case .space: "space"
        case .lineBreak(let kind): "break(\(kind.rawValue))"
        case .lowercase: "case(lower)"
        case .nfc: "unicode(nfc)"
        case .nfkc: "unicode(nfkc)"
        case .ligature: "ligature"
        case .mojibake: "mojibake(windows-1252)"
        case .mask(let kind): "mask(\(kind.rawValue))"
        case .cut(let start, let length): "cut(\(start),\(length))"
        }
    }

    init?(_ text: Substring) {
        let name = text.prefix { $0 != "(" }
        let argument: Substring?
        if name.endIndex == text.endIndex {
            argument = nil
        } else {
            guard text.last == ")" else { return nil }
            argument = text[text.index(after: name.endIndex)...].dropLast()
        }
        switch (name, argument) {
        case ("entity", nil): self = .entity
        case ("space", nil): self = .space
        case ("case", "lower"): self = .lowercase
        case ("unicode", "nfc"): self = .nfc
        case ("unicode", "nfkc"): self = .nfkc
        case ("ligature", nil): self = .ligature
        case ("mojibake", "windows-1252"): self = .mojibake
        case ("mask", let argument?):
            guard let kind = PersonalData(rawValue: String(argument)) else { return nil }
            self = .mask(kind)
        case ("break", let argument?):
            guard let kind = Rewriting.Break(rawValue: String(argument)) else { return nil }
            self = .lineBreak(kind)
        case ("escape", let argument?):
            guard let escape = Escape(rawValue: String(argument)) else { return nil }
            self = .escape(escape)
        case ("charset", let argument?):
            guard let charset = Charset(rule: argument) else { return nil }
            self = .charset(charset)
        case ("cut", let argument?):
            let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            // One way to print a number: no sign, no leading zero.
            guard numbers.count == 2, let start = numbers[0], let length = numbers[1], start >= 0, length >= 0,
                argument == "\(start),\(length)"
            else { return nil }
            self = .cut(start: start, length: length)
        default: return nil
        }
    }
}

extension Rewriting: CustomStringConvertible {
    public var description: String { rules.map(\.description).joined(separator: "+") }

    /// Parses what `description` prints; nil for an unknown rule or too many.
    public init?(_ description: String) {
        var rules: [Rule] = []
        for part in description.split(separator: "+", omittingEmptySubsequences: false) {
            guard let rule = Rule(part) else { return nil }
            rules.append(rule)
        }
        guard rules.count <= Rewriting.maximumCount else { return nil }
        self.init(rules)
    }
}
