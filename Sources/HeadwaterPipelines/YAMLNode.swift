import HeadwaterModel

/// One node of a YAML document, with the bytes of the file that it was read from.
///
/// An alias is the very node that it stands for: the arrays are shared, not copied.
struct YAMLNode: Sendable {
    var content: Content
    /// The bytes to point at: of a scalar or a bracketed collection all of it, of an indented one its first byte.
    var range: Range<Int>

    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
        /// Something whose fault is already recorded: whoever meets it says no more.
        case faulty
    }
}

/// One key of a mapping with its value.
struct YAMLEntry: Sendable {
    var key: String
    var keyRange: Range<Int>
    var value: YAMLNode
}

/// A scalar: its value by the core schema, and its text as it is written.
struct YAMLScalar: Sendable {
    var value: JSON
    /// The text with quotes and escapes resolved, for a plain `0x1F` still "0x1F".
    var text: String
    var style: Style
    /// The substitution that the scalar begins with, once substitutions are made.
    var leading: LeadingSubstitution?

    enum Style: Sendable {
        case plain, quoted
        /// After `|` or `>`.
        case block
    }

    struct LeadingSubstitution: Sendable {
        var parameter: String
        /// Whether the command line gave the parameter's value.
        var isOverridden: Bool
        /// Where the parameter's value is written.
        var written: Int
        /// Whether the scalar is nothing but the substitution.
        var isWhole: Bool
    }
}

extension YAMLNode {
    var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }

    var isNull: Bool { scalar?.value == .null }

    var isFaulty: Bool { if case .faulty = content { true } else { false } }

    /// The value of a key of a mapping; nil also where it is null.
    func value(of key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content, let found = entries.first(where: { $0.key == key })?.value, !found.isNull
        else { return nil }
        return found
    }

    /// A mapping with a text in the place of the value of one of its keys.
    func replacing(_ key: String, with text: String) -> YAMLNode {
        guard case .mapping(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else { return self }
        entries[index].value.content = .scalar(YAMLScalar(value: .string(text), text: text, style: .plain))
        return YAMLNode(content: .mapping(entries), range: range)
    }

    /// A mapping without one of its keys.
    func without(_ key: String) -> YAMLNode {
        guard case .mapping(let entries) = content else { return self }
        return YAMLNode(content: .mapping(entries.filter { $0.key != key }), range: range)
    }

    /// What stands here, in the words that messages use.
    var summary: String {
        switch content {
        case .scalar(let scalar):
            let value = Wording.value(scalar.value)
            guard let leading = scalar.leading, leading.isWhole else { return value }
            return value
                + (leading.isOverridden ? ", given by --set \(leading.parameter)" : ", the value of ${\(leading.parameter)}")
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .faulty: return "invalid"
        }
    }
}
