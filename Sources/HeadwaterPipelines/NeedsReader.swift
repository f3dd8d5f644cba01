import HeadwaterModel

/// Reads a stage's `needs`: one stage, a list of stages by the order of the plugin's roles, or a mapping of roles.
struct NeedsReader {
    let stageNames: StageNames
    /// The labels of the instance whose needs are read.
    let labels: [String: String]
    let faults: FaultLog

    struct Need {
        /// Nil while the plugin, and so the role, is unknown.
        var role: String?
        var stage: String
        var range: Range<Int>
    }

    /// The needs that are right. Each fault is recorded.
    func read(_ node: YAMLNode?, of declaration: PluginDeclaration?, stageRange: Range<Int>) -> [Need] {
        guard let declaration else { return node.map(readWithoutRoles) ?? [] }
        if declaration.rounds == .read {
            if let node, !node.isFaulty {
                faults.report(
                    node.range, "the plugin \(Wording.quoted(declaration.name)) reads sources and takes no records",
                    expected: "no key \"needs\"")
            }
            return []
        }
        if declaration.rounds == .folder { return node.map(readWithAnyRoles) ?? [] }
        let roles = declaration.inputs.map(\.name)
        var needs: [Need] = []
        switch node?.content {
        case .faulty?: return []
        case nil: break
        case .scalar?, .sequence?:
            for (index, element) in elements(of: node).enumerated() where !element.isNull {
                if index >= roles.count {
                    faults.report(
                        element.range,
                        "the plugin \(Wording.quoted(declaration.name)) takes \(Wording.count(roles.count, "input")) only",
                        expected: NeedsReader.listing(declaration))
                    break
                }
                guard let need = need(element, role: roles[index]) else { return needs }
                needs.append(need)
            }
        case .mapping(let entries)?:
            var isWhole = true
            for entry in entries where !entry.value.isNull {
                if !roles.contains(entry.key) {
                    faults.report(
                        entry.keyRange,
                        "the plugin \(Wording.quoted(declaration.name)) has no input \(Wording.quoted(entry.key))",
                        expected: Wording.oneOf(roles), suggestion: NearestName.of(entry.key, among: roles))
                    isWhole = false
                } else if let need = need(entry.value, role: entry.key) {
                    needs.append(need)
                } else {
                    isWhole = false
                }
            }
            guard isWhole else { return needs }
        }
        reportMissing(needs, declaration, at: node?.range ?? stageRange)
        return needs
    }

    private func reportMissing(_ needs: [Need], _ declaration: PluginDeclaration, at range: Range<Int>) {
        let missing = declaration.inputs.filter { input in !input.isOptional && !needs.contains { $0.role == input.name } }
        guard !missing.isEmpty else { return }
        faults.report(
            range,
            "the plugin \(Wording.quoted(declaration.name)) needs a stage for its "
                + (missing.count == 1 ? "input " : "inputs ")
                + missing.map { Wording.quoted($0.name) }.joined(separator: " and "),
            expected: NeedsReader.listing(declaration))
    }

    /// How a plugin's needs are written, after the word "expected".
    private static func listing(_ declaration: PluginDeclaration) -> String {
        let roles = declaration.inputs.map { "stage for \(Wording.quoted($0.name))" + ($0.isOptional ? " (optional)" : "") }
        switch roles.count {
        case 0: return "no key \"needs\""
        case 1: return "\"needs:\" with the name of one stage"
        default: return "\"needs:\" with a list: " + roles.joined(separator: ", ")
        }
    }

    /// Roles of the user's choice; a stage in a list is called by its own name.
    private func readWithAnyRoles(_ node: YAMLNode) -> [Need] {
        guard case .mapping(let entries) = node.content else {
            return readWithoutRoles(node).map { Need(role: $0.stage, stage: $0.stage, range: $0.range) }
        }
        return entries.filter { !$0.value.isNull }.compactMap { entry in
            if !NameRule.thing.allows(entry.key) {
                faults.report(
                    entry.keyRange, "\(Wording.quoted(entry.key)) cannot be the name of an input",
                    expected: NameRule.thing.description)
            }
            return need(entry.value, role: entry.key)
        }
    }

    private func readWithoutRoles(_ node: YAMLNode) -> [Need] {
        switch node.content {
        case .faulty: []
        case .scalar: [need(node, role: nil)].compactMap(\.self)
        case .sequence(let nodes): nodes.filter { !$0.isNull }.compactMap { need($0, role: nil) }
        case .mapping(let entries): entries.map(\.value).filter { !$0.isNull }.compactMap { need($0, role: nil) }
        }
    }

    /// One name stands for a list of it.
    private func elements(of node: YAMLNode?) -> [YAMLNode] {
        guard let node else { return [] }
        if case .sequence(let nodes) = node.content { return nodes }
        return [node]
    }

    private func need(_ node: YAMLNode, role: String?) -> Need? {
        guard let stage = stageNames.need(at: node, labels: labels, faults) else { return nil }
        return Need(role: role, stage: stage, range: node.range)
    }
}
