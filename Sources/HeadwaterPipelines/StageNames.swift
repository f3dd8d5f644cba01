import HeadwaterModel

/// The names of a file's stages, for the other parts of the file that refer to them.
struct StageNames {
    /// Each stage with the instances of its matrix; a stage without one has one instance of its own name.
    private var stages: [String: (matrix: StageMatrix?, instances: [StageMatrix.Instance])] = [:]
    /// In the order of the file.
    private(set) var names: [String] = []
    private var instances: [String: StageMatrix.Instance] = [:]

    mutating func add(_ stage: String, _ matrix: StageMatrix?) {
        names.append(stage)
        let instances = matrix?.instances(of: stage) ?? [.init(name: stage, labels: [:], values: [:])]
        stages[stage] = (matrix, instances)
        for instance in instances { self.instances[instance.name] = instance }
    }

    /// A stage whose matrix cannot be read has a name, and nobody knows its instances.
    mutating func add(unreadable stage: String) {
        names.append(stage)
        stages[stage] = (nil, [])
    }

    /// The instances of a stage, in order; none if no stage has this name.
    func instances(of stage: String) -> [StageMatrix.Instance] { stages[stage]?.instances ?? [] }

    /// The instance of this name.
    func instance(_ name: String) -> StageMatrix.Instance? { instances[name] }

    /// The stage or instance that a scalar names; nil, with the fault recorded, if there is none.
    func reference(at node: YAMLNode, _ what: String, _ faults: FaultLog) -> String? {
        guard let name = node.scalar?.value.string else {
            if !node.isFaulty { faults.report(node.range, "\(what) cannot be \(node.summary)", expected: "the name of a stage") }
            return nil
        }
        if stages[name] != nil || instances[name] != nil { return name }
        let base = name.prefix { $0 != "@" }
        let others = base.count < name.count ? instances(of: String(base)).map(\.name) : []
        faults.report(
            node.range, "no stage is named \(Wording.quoted(name))", expected: Wording.oneOf(others.isEmpty ? names : others),
            suggestion: NearestName.of(name, among: others.isEmpty ? names : others))
        return nil
    }

    /// The one instance that a stage takes its records from: the one that is named, or the one of equal values.
    /// - Parameter labels: those of the instance that needs it.
    func need(at node: YAMLNode, labels: [String: String], _ faults: FaultLog) -> String? {
        guard let name = reference(at: node, "\"needs\"", faults) else { return nil }
        guard let matrix = stages[name]?.matrix else { return name }
        let missing = matrix.variables.map(\.name).filter { labels[$0] == nil }
        guard missing.isEmpty else {
            faults.report(
                node.range,
                "the stage \(Wording.quoted(name)) has an instance for each \(matrix.variables.map(\.name).joined(separator: " and "))"
                    + ", and it is not said which is needed",
                expected: "one of them, such as \(Wording.quoted(instances(of: name).first?.name ?? name)), or a matrix with "
                    + missing.joined(separator: " and "))
            return nil
        }
        let wanted = name + "@" + matrix.variables.compactMap { labels[$0.name] }.joined(separator: ",")
        if instances[wanted] != nil { return wanted }
        faults.report(
            node.range, "the stage \(Wording.quoted(name)) has no instance \(Wording.quoted(wanted))",
            expected: "the same values in both matrices, or one of: "
                + instances(of: name).prefix(8).map(\.name).joined(separator: ", "))
        return nil
    }
}
