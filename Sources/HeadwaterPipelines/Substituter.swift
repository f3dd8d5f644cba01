import HeadwaterModel

/// Replaces `${name}` in the scalars of a part of the file by the values of parameters.
struct Substituter {
    private let parameters: FileParameters
    private let faults: FaultLog
    /// Values that hold for the part at hand only, and come before the file's.
    var local: [String: FileParameters.Value] = [:]
    private var writtenBytes = 0
    private var writtenElements = 0

    /// A file of 1 MiB could otherwise ask for a hundred thousand copies of half of itself.
    private static let mostBytes = 8 << 20

    /// Values that were looked at: each instance of a stage with a matrix has all of the stage's, as an alias has all that it
    /// stands for.
    private var visited = 0

    init(_ parameters: FileParameters, _ faults: FaultLog) {
        self.parameters = parameters
        self.faults = faults
    }

    /// All that can be substituted here.
    var names: [String] { local.keys.sorted() + parameters.names }

    private func value(_ name: String) -> FileParameters.Value? { local[name] ?? parameters[name] }

    /// The node with all substitutions made; a scalar in which one is at fault becomes faulty.
    mutating func substitute(_ node: YAMLNode) -> YAMLNode {
        var out = node
        visited += 1
        guard visited <= YAMLComposer.mostNodes else {
            faults.report(
                node.range, "all stages, each instance counted, come to more than \(YAMLComposer.mostNodes) values here",
                expected: "fewer instances, or fewer values in each")
            return YAMLNode(content: .faulty, range: node.range)
        }
        switch node.content {
        case .scalar(let scalar): out.content = substitute(scalar, node.range)
        case .sequence(let nodes):
            var elements: [YAMLNode] = []
            elements.reserveCapacity(nodes.count)
            for element in nodes { elements.append(substitute(element)) }
            out.content = .sequence(elements)
        case .mapping(var entries):
            for index in entries.indices { entries[index].value = substitute(entries[index].value) }
            out.content = .mapping(entries)
        case .faulty: break
        }
        return out
    }

    private mutating func substitute(_ scalar: YAMLScalar, _ range: Range<Int>) -> YAMLNode.Content {
        guard case .string(let text) = scalar.value, SubstitutionText.isNeeded(for: text) else { return .scalar(scalar) }
        let parts = SubstitutionText(text).parts
        guard check(parts, scalar, range) else { return .faulty }
        if parts.count == 1, case .parameter(let name, _) = parts[0], let value = value(name) {
            return whole(name, value, range)
        }
        return joined(parts, scalar, range)
    }

    /// The parameter itself, with its type.
    private mutating func whole(_ name: String, _ value: FileParameters.Value, _ range: Range<Int>) -> YAMLNode.Content {
        let leading = YAMLScalar.LeadingSubstitution(
            parameter: name, isOverridden: value.isOverridden, written: value.written, isWhole: true)
        switch value.content {
        case .scalar(var scalar):
            scalar.leading = leading
            return .scalar(scalar)
        case .sequence(let nodes):
            writtenElements += nodes.count
            guard writtenElements <= YAMLComposer.mostNodes else { return tooMuch(range) }
            return .sequence(
                nodes.map { node in
                    guard var scalar = node.scalar else { return node }
                    scalar.leading = leading
                    return YAMLNode(content: .scalar(scalar), range: range)
                })
        case .mapping, .faulty: return .faulty
        }
    }

    /// A text made of literal text and of parameters as they are written.
    private mutating func joined(_ parts: [SubstitutionText.Part], _ scalar: YAMLScalar, _ range: Range<Int>) -> YAMLNode.Content
    {
        var out = ""
        var leading: YAMLScalar.LeadingSubstitution?
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let literal): out += literal
            case .parameter(let name, _):
                guard let value = value(name), case .scalar(let scalar) = value.content else { return .faulty }
                out += scalar.text
                if index == 0 {
                    leading = .init(
                        parameter: name, isOverridden: value.isOverridden, written: value.written, isWhole: false)
                }
            case .unterminated: return .faulty
            }
            guard writtenBytes + out.utf8.count <= Substituter.mostBytes else { return tooMuch(range) }
        }
        writtenBytes += out.utf8.count
        return .scalar(YAMLScalar(value: .string(out), text: out, style: scalar.style, leading: leading))
    }

    private func tooMuch(_ range: Range<Int>) -> YAMLNode.Content {
        faults.report(
            range,
            "the substitutions of the file come to more than \(Substituter.mostBytes >> 20) MiB or"
                + " \(YAMLComposer.mostNodes) list elements", expected: "shorter parameters, or fewer uses of them")
        return .faulty
    }

    /// Whether all substitutions of a scalar can be made; every fault is recorded at its own place.
    private func check(_ parts: [SubstitutionText.Part], _ scalar: YAMLScalar, _ range: Range<Int>) -> Bool {
        var isRight = true
        lazy var places = SubstitutionText.places(of: scalar, in: range, of: faults.source(at: range.lowerBound))
        /// The bytes of a `${`, or of what follows it.
        func place(_ occurrence: Int, _ skipped: Int, _ length: Int) -> Range<Int> {
            places.map { $0[occurrence] + skipped..<$0[occurrence] + skipped + length } ?? range
        }
        for part in parts {
            switch part {
            case .literal: continue
            case .unterminated(let occurrence):
                faults.report(
                    place(occurrence, 0, 2), "this substitution has no end",
                    expected: "\"}\" behind the name; a literal ${ is written $${")
            case .parameter(let name, let occurrence):
                if let value = value(name) {
                    guard let what = obstacle(value, isWhole: parts.count == 1) else { continue }
                    if !what.isEmpty {
                        faults.report(
                            place(occurrence, 2, name.utf8.count),
                            "the parameter \(Wording.quoted(name)) is \(what) and cannot be part of a text",
                            expected: "a parameter that is a text or a number")
                    }
                } else if !NameRule.parameter.allows(name) {
                    faults.report(
                        place(occurrence, 2, name.utf8.count), "\(Wording.quoted(name)) cannot be the name of a parameter",
                        expected: "only a name between ${ and }; a literal ${ is written $${")
                } else if parameters.knowsAllNames {
                    faults.report(
                        place(occurrence, 2, name.utf8.count), "unknown parameter \(Wording.quoted(name))",
                        expected: names.isEmpty
                            ? "a name under \"parameters\", where the file declares none" : Wording.oneOf(names),
                        suggestion: NearestName.of(name, among: names))
                }
            }
            isRight = false
        }
        return isRight
    }

    /// What keeps a parameter from standing here; empty if that fault is already recorded, nil if nothing does.
    private func obstacle(_ value: FileParameters.Value, isWhole: Bool) -> String? {
        switch value.content {
        case .scalar(let scalar): return scalar.value == .null && !isWhole ? "null" : nil
        case .sequence: return isWhole ? nil : "a list"
        case .mapping, .faulty: return ""
        }
    }
}
