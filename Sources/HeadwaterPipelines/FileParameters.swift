import HeadwaterModel

/// The parameters that a pipeline file declares, with what the command line says instead.
struct FileParameters {
    struct Value {
        /// A scalar, a list of scalars, or faulty.
        var content: YAMLNode.Content
        var isOverridden = false
        /// Where it is written; of no meaning where the command line gave it.
        var written = 0
    }

    /// In the order of the file.
    private(set) var names: [String] = []
    private var values: [String: Value] = [:]
    /// False if the section is so wrong that nobody can say which names it meant to declare.
    private var isReadable = true

    /// - Parameters:
    ///   - node: the value of the key `parameters`, if there is one.
    ///   - overrides: `name=value` each, as they follow `--set`; of several for one parameter the last holds.
    ///   - values: as an earlier reading resolved them: one that is not what the file declares was given by `--set` then.
    init(_ node: YAMLNode?, overrides: [String], values: [String: JSON] = [:], _ faults: FaultLog) {
        declare(node, faults)
        for (name, value) in values {
            guard let declared = self.values[name], FileParameters.json(declared.content) != value else { continue }
            let scalar = YAMLScalar(value: value, text: value.string ?? value.description, style: .plain)
            self.values[name] = Value(content: .scalar(scalar), isOverridden: true)
        }
        for argument in overrides { override(argument, faults) }
    }

    subscript(_ name: String) -> Value? { values[name] }

    /// The resolved values, without the faulty ones.
    var json: [String: JSON] { values.compactMapValues { FileParameters.json($0.content) } }

    /// Whether a name that is not declared is a fault to tell of.
    var knowsAllNames: Bool { isReadable }

    private mutating func declare(_ node: YAMLNode?, _ faults: FaultLog) {
        guard let node, !node.isNull else { return }
        guard case .mapping(let entries) = node.content else {
            isReadable = false
            if node.isFaulty { return }
            return faults.report(node.range, "\"parameters\" cannot be \(node.summary)", expected: "a mapping of names to values")
        }
        for entry in entries {
            if !NameRule.parameter.allows(entry.key) {
                faults.report(
                    entry.keyRange, "\(Wording.quoted(entry.key)) cannot be the name of a parameter",
                    expected: NameRule.parameter.description)
            }
            names.append(entry.key)
            values[entry.key] = Value(
                content: FileParameters.checked(entry, faults), written: entry.value.range.lowerBound)
        }
    }

    /// The content of one declared value, if it is what a parameter can be.
    private static func checked(_ entry: YAMLEntry, _ faults: FaultLog) -> YAMLNode.Content {
        switch entry.value.content {
        case .scalar: return literal(entry.value, faults)
        case .sequence(let nodes):
            var elements: [YAMLNode] = []
            for node in nodes {
                guard node.scalar != nil else {
                    if !node.isFaulty { report(entry.key, "a list with \(node.summary) in it", at: node.range, faults) }
                    return .faulty
                }
                elements.append(YAMLNode(content: literal(node, faults), range: node.range))
            }
            return elements.contains(where: \.isFaulty) ? .faulty : .sequence(elements)
        case .mapping:
            report(entry.key, "a mapping", at: entry.value.range, faults)
            return .faulty
        case .faulty: return .faulty
        }
    }

    private static func report(_ name: String, _ what: String, at range: Range<Int>, _ faults: FaultLog) {
        faults.report(
            range, "the parameter \(Wording.quoted(name)) cannot be \(what)",
            expected: "a text, a number, true, false, null, or a list of these")
    }

    /// A scalar with each `$${` made a `${`. A substitution is a fault here: values would depend on their order.
    private static func literal(_ node: YAMLNode, _ faults: FaultLog) -> YAMLNode.Content {
        guard case .scalar(var scalar) = node.content, case .string(let text) = scalar.value, SubstitutionText.isNeeded(for: text)
        else { return node.content }
        var out = ""
        for part in SubstitutionText(text).parts {
            switch part {
            case .literal(let literal): out += literal
            case .parameter(_, let occurrence), .unterminated(let occurrence):
                let places = SubstitutionText.places(of: scalar, in: node.range, of: faults.source(at: node.range.lowerBound))
                let range = places.map { $0[occurrence]..<$0[occurrence] + 2 } ?? node.range
                faults.report(
                    range, "a parameter's own value cannot hold a substitution",
                    expected: "the value itself; a literal ${ is written $${")
                return .faulty
            }
        }
        scalar.value = .string(out)
        scalar.text = out
        return .scalar(scalar)
    }

    // MARK: The command line

    private mutating func override(_ argument: String, _ faults: FaultLog) {
        let position = SourcePosition(file: "--set " + argument.prefix(80) + (argument.count > 80 ? "…" : ""))
        guard let equals = argument.firstIndex(of: "=") else {
            return faults.report(at: position, "the argument gives no value", expected: "name=value")
        }
        let name = String(argument[..<equals])
        let text = String(argument[argument.index(after: equals)...])
        guard let declared = values[name] else {
            guard knowsAllNames else { return }
            return faults.report(
                at: position, "the file declares no parameter \(Wording.quoted(name))",
                expected: names.isEmpty ? "a name under \"parameters\", where the file declares none" : Wording.oneOf(names),
                suggestion: NearestName.of(name, among: names))
        }
        do {
            var value = try YAMLCoreSchema.value(of: text)
            // A folder may be called 2024: what the file has as a text stays one, but null is still "the default".
            if case .scalar(let scalar) = declared.content, case .string = scalar.value, value != .null { value = .string(text) }
            values[name] = Value(content: .scalar(YAMLScalar(value: value, text: text, style: .plain)), isOverridden: true)
        } catch {
            faults.report(at: position, error.message, expected: "a finite number of at most 64 bits, or a text")
            values[name] = Value(content: .faulty, isOverridden: true)
        }
    }

    private static func json(_ content: YAMLNode.Content) -> JSON? {
        switch content {
        case .scalar(let scalar): return scalar.value
        case .sequence(let nodes): return .array(nodes.compactMap { $0.scalar?.value })
        case .mapping, .faulty: return nil
        }
    }
}
