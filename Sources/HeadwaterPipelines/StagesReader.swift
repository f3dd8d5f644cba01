import HeadwaterModel

/// Reads `stages` and puts them in order.
struct StagesReader {
    let plugins: [PluginDeclaration]
    let with: WithReader
    let defaults: StageDefaults
    let faults: FaultLog

    private static let keys = ["plugin", "needs", "with", "matrix"] + PolicyReader.keys

    struct Result {
        /// All names that the file gives, of faulty stages, too; nil if the section itself cannot be read.
        var names: StageNames?
        /// In topological order; of use only if no fault is recorded.
        var stages: [PipelineStage] = []
    }

    /// A stage before the order of all is known.
    private struct Draft {
        var name: String
        var needs: [NeedsReader.Need]
        /// Nil if the plugin is not known.
        var stage: PipelineStage?
    }

    /// - Parameter node: as it is written: each instance of a stage has substitutions of its own.
    func read(_ node: YAMLNode, _ substituter: inout Substituter) -> Result {
        guard case .mapping(let entries) = node.content else {
            if !node.isFaulty {
                faults.report(node.range, "\"stages\" cannot be \(node.summary)", expected: "a mapping of names to stages")
            }
            return Result(names: nil)
        }
        if entries.isEmpty { faults.report(node.range, "the pipeline has no stages", expected: "at least one stage") }
        var names = StageNames()
        var count = 0
        for entry in entries {
            let node = entry.value.value(of: "matrix")
            let matrix = node.flatMap { StageMatrix(substituter.substitute($0), parameters: substituter.names, faults) }
            if node != nil, matrix == nil {
                names.add(unreadable: entry.key)
                continue
            }
            count += matrix?.count ?? 1
            if matrix != nil, count > StageMatrix.mostInstances {
                faults.report(
                    entry.keyRange, "the file comes to more than \(StageMatrix.mostInstances) stages with this one",
                    expected: "fewer values in its matrices")
                return Result(names: nil)
            }
            names.add(entry.key, matrix)
        }
        var drafts: [Draft] = []
        for entry in entries {
            for instance in names.instances(of: entry.key) {
                substituter.local = instance.values
                let value = substituter.substitute(entry.value.without("matrix"))
                drafts.append(draft(YAMLEntry(key: entry.key, keyRange: entry.keyRange, value: value), instance, names))
            }
        }
        substituter.local = [:]
        return Result(names: names, stages: order(drafts))
    }

    private func draft(_ entry: YAMLEntry, _ instance: StageMatrix.Instance, _ names: StageNames) -> Draft {
        var draft = Draft(name: instance.name, needs: [])
        let needsReader = NeedsReader(stageNames: names, labels: instance.labels, faults: faults)
        if !NameRule.thing.allows(entry.key) {
            faults.report(
                entry.keyRange, "\(Wording.quoted(entry.key)) cannot be the name of a stage", expected: NameRule.thing.description
            )
        }
        let reader: MappingReader
        if entry.value.isNull {
            reader = MappingReader()
        } else {
            guard let found = MappingReader(entry.value, "a stage", keys: StagesReader.keys, faults) else {
                return draft
            }
            reader = found
        }
        let declaration = plugin(reader, stage: entry)
        if reader["needs"] != nil || reader.lacks("needs") {
            draft.needs = needsReader.read(reader["needs"], of: declaration, stageRange: entry.keyRange)
        }
        let policy = PolicyReader(faults: faults).read(reader, of: declaration)
        guard let declaration, reader["with"] != nil || reader.lacks("with") else { return draft }
        let result = with.read(
            reader["with"], of: declaration, defaults: defaults.with[declaration.name] ?? [], stageRange: entry.keyRange)
        // Roles of the user's choice in the order of their names, so that none but the choice itself counts.
        let roles =
            declaration.rounds == .folder
            ? Set(draft.needs.compactMap(\.role)).sorted() : declaration.inputs.map(\.name)
        let parameters = Parameters(result.given, declared: declaration.parameters)
        draft.stage = PipelineStage(
            name: instance.name, declaration: declaration.given(parameters),
            matrix: instance.labels.isEmpty ? nil : .init(stage: entry.key, values: instance.labels),
            inputs: roles.flatMap { role in
                draft.needs.filter { $0.role == role }.map { PipelineStage.Input(role: role, stage: $0.stage) }
            },
            parameters: parameters, places: result.places,
            policy: policy.policy(defaults.policy, of: declaration),
            position: faults.position(of: entry.keyRange), parameterPositions: result.positions)
        return draft
    }

    private func plugin(_ reader: MappingReader, stage: YAMLEntry) -> PluginDeclaration? {
        let names = plugins.map(\.name)
        guard let node = reader["plugin"] else {
            guard reader.lacks("plugin") else { return nil }
            if let found = plugins.first(where: { $0.name == stage.key }) { return found }
            faults.report(
                stage.keyRange, "the stage does not say its plugin, and no plugin is named \(Wording.quoted(stage.key))",
                expected: "a key \"plugin\" with " + (Wording.oneOf(names) ?? "a plugin"),
                suggestion: NearestName.of(stage.key, among: names))
            return nil
        }
        guard let name = node.scalar?.value.string else {
            if !node.isFaulty {
                faults.report(node.range, "\"plugin\" cannot be \(node.summary)", expected: Wording.oneOf(names))
            }
            return nil
        }
        if let found = plugins.first(where: { $0.name == name }) { return found }
        faults.report(
            node.range, "no plugin is named \(Wording.quoted(name))", expected: Wording.oneOf(names),
            suggestion: NearestName.of(name, among: names))
        return nil
    }

    private func order(_ drafts: [Draft]) -> [PipelineStage] {
        let indices = Dictionary(drafts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let order = StageOrder(needs: drafts.map { $0.needs.compactMap { indices[$0.stage] } })
        for circle in order.circles { report(circle, drafts) }
        return order.order.compactMap { drafts[$0].stage }
    }

    private func report(_ circle: [Int], _ drafts: [Draft]) {
        guard let first = circle.first else { return }
        let next = drafts[circle[1 % circle.count]].name
        guard let need = drafts[first].needs.first(where: { $0.stage == next }) else { return }
        let mostShown = 8
        let names = circle.prefix(mostShown).map { drafts[$0].name } + (circle.count > mostShown ? ["…"] : [])
        let message =
            circle.count == 1
            ? "the stage \(Wording.quoted(drafts[first].name)) needs itself"
            : "the stages need each other in a circle: " + (names + [drafts[first].name]).joined(separator: " needs ")
        faults.report(need.range, message, expected: "each stage to need only stages that do not need it")
    }
}
