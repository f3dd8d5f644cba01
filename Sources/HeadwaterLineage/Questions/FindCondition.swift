public import HeadwaterModel

/// One condition on what is looked for: `kind=quotation`, `fields.speaker~Minister`, `records>100`.
public struct FindCondition: Hashable, Sendable {
    public enum Comparison: String, Sendable, CaseIterable {
        case notEqual = "!="
        case atLeast = ">="
        case atMost = "<="
        case equal = "="
        /// The words stand in the text one after the other, whatever their case.
        case contains = "~"
        case greater = ">"
        case less = "<"
    }

    /// Members of members are named with dots between: `fields.speaker`, `parameters.language`.
    public var name: String
    public var comparison: Comparison
    public var value: String

    /// - Throws: `ReferenceError` where the text is no condition.
    public init(_ text: String) throws(ReferenceError) {
        let bytes = Array(text.utf8)
        for index in bytes.indices {
            for comparison in Comparison.allCases where bytes[index...].starts(with: comparison.rawValue.utf8) {
                let name = String(decoding: bytes[..<index], as: UTF8.self)
                guard !name.isEmpty else { throw ReferenceError("'\(text)': expected a name before \(comparison.rawValue)") }
                self.name = name
                self.comparison = comparison
                value = String(decoding: bytes[(index + comparison.rawValue.utf8.count)...], as: UTF8.self)
                return
            }
        }
        let all = Comparison.allCases.map(\.rawValue).joined(separator: " ")
        throw ReferenceError("'\(text)' is no condition; expected a name, one of \(all), and a value, as in kind=quotation")
    }

    /// Whether the condition is true of what was found, or of one element where it names a list. What a thing does not have is
    /// unequal to everything.
    public func holds(of found: JSON) -> Bool { holds(of: found, rest: name.utf8.split(separator: UInt8(ascii: "."))[...]) }

    private func holds(of found: JSON?, rest: ArraySlice<Substring.UTF8View>) -> Bool {
        if let elements = found?.array, comparison != .notEqual {
            return elements.contains { holds(of: $0, rest: rest) }
        }
        if let member = rest.first {
            // A name may have dots of its own.
            let whole = rest.map { String(Substring($0)) }.joined(separator: ".")
            if let value = found?[whole] { return holds(of: value, rest: []) }
            return holds(of: found?[String(Substring(member))], rest: rest.dropFirst())
        }
        return compares(found)
    }

    private func compares(_ found: JSON?) -> Bool {
        switch comparison {
        case .equal: return found.map(isEqual) ?? false
        case .notEqual:
            if let elements = found?.array { return !elements.contains(where: isEqual) }
            return !(found.map(isEqual) ?? false)
        case .contains:
            guard let text = found?.string else { return false }
            let words = FieldWords.of(text)
            let wanted = FieldWords.of(value)
            guard !wanted.isEmpty, words.count >= wanted.count else { return wanted.isEmpty }
            return (0...words.count - wanted.count).contains { words[$0..<$0 + wanted.count].elementsEqual(wanted) }
        case .greater, .less, .atLeast, .atMost:
            guard let found, let order = order(of: found) else { return false }
            switch comparison {
            case .greater: return order > 0
            case .less: return order < 0
            case .atLeast: return order >= 0
            default: return order <= 0
            }
        }
    }

    /// Numbers and truth values are written as JSON has them; whatever is no string is compared by how it is spelled.
    private func isEqual(_ found: JSON) -> Bool { (found.string ?? found.description).hasSameBytes(as: value) }

    /// Below, at or above zero as what was found is less than the value, equal or greater: numbers as numbers, strings by
    /// their bytes, which is right for dates as well.
    private func order(of found: JSON) -> Int? {
        if let number = found.integer {
            guard let wanted = Int(value) else { return nil }
            return number < wanted ? -1 : number == wanted ? 0 : 1
        }
        guard let text = found.string else { return nil }
        if text.hasSameBytes(as: value) { return 0 }
        return text.utf8.lexicographicallyPrecedes(value.utf8) ? -1 : 1
    }
}
