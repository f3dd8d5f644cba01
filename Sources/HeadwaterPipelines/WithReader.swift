import HeadwaterModel

/// Reads a stage's `with`: the parameters of its plugin.
struct WithReader {
    /// The folder of the pipeline file.
    let root: String
    /// The folders of all files, the pipeline file's first.
    let folders: [String]
    /// The folder that relative paths on the command line count from.
    let workingDirectory: String
    let faults: FaultLog

    struct Result {
        var given: [String: JSON] = [:]
        var places: [String: [PipelineStage.Place]] = [:]
        var positions: [String: PipelineStage.ParameterPosition] = [:]
    }

    /// - Parameters:
    ///   - defaults: what holds for parameters that the stage does not give.
    ///   - isWhole: whether what is missing is a fault.
    ///   - stageRange: where the file names the stage, for what is missing.
    func read(
        _ node: YAMLNode?, of declaration: PluginDeclaration, defaults: [YAMLEntry] = [], isWhole: Bool = true,
        stageRange: Range<Int>
    ) -> Result {
        var result = Result()
        let plugin = "the plugin \(Wording.quoted(declaration.name))"
        var entries: [YAMLEntry] = []
        switch node?.content {
        case nil: break
        case .mapping(let found)?: entries = found
        case .faulty?: return result
        case .scalar?, .sequence?:
            if let node {
                faults.report(
                    node.range, "\"with\" cannot be \(node.summary)", expected: "a mapping of parameters of \(plugin) to values")
            }
            return result
        }
        for entry in defaults where !entries.contains(where: { $0.key == entry.key && !$0.value.isNull }) {
            entries.removeAll { $0.key == entry.key }
            entries.append(entry)
        }
        let names = declaration.parameters.map(\.name)
        // What is only misspelled is not missing, too.
        var misspelled: Set<String> = []
        for entry in entries where !names.contains(entry.key) {
            let nearest = NearestName.of(entry.key, among: names)
            if let nearest { misspelled.insert(nearest) }
            faults.report(
                entry.keyRange, "\(plugin) has no parameter \(Wording.quoted(entry.key))",
                expected: names.isEmpty ? "no parameters" : Wording.oneOf(names), suggestion: nearest)
        }
        for parameter in declaration.parameters {
            let entry = entries.first { $0.key == parameter.name }
            if let entry, !entry.value.isNull {
                read(entry.value, parameter, into: &result)
            } else if let value = parameter.defaultValue {
                useDefault(value, parameter, into: &result)
            } else if isWhole, !misspelled.contains(parameter.name) {
                faults.report(
                    entry?.value.range ?? stageRange,
                    "\(plugin) needs the parameter \(Wording.quoted(parameter.name)) (\(parameter.help))",
                    expected: "\"\(parameter.name):\" under \"with\", \(parameter.type)")
            }
        }
        return result
    }

    private func read(_ node: YAMLNode, _ parameter: ParameterDeclaration, into result: inout Result) {
        let value: JSON
        switch (parameter.type, node.content) {
        case (_, .faulty): return
        case (.schema(let schema), _): return read(node, schema, parameter, into: &result)
        case (.list(let element), .sequence(let nodes)): return read(nodes, of: node, element, parameter, into: &result)
        // One text stands for a list of it.
        case (.list(let element), .scalar(let scalar)) where scalar.value.string != nil:
            return read([node], of: node, element, parameter, into: &result)
        case (_, .scalar(let scalar)): value = scalar.value
        case (_, .sequence): value = .array([])
        case (_, .mapping): value = .object([:])
        }
        if let expectation = parameter.expectation(for: value) {
            var expected = expectation + (parameter.type == .text ? WithReader.quotes(for: node) : "")
            var suggestion: String?
            if case .choice(let names) = parameter.type {
                expected = Wording.oneOf(names) ?? expectation
                suggestion = value.string.flatMap { NearestName.of($0, among: names) }
            }
            return faults.report(
                node.range, "\(Wording.quoted(parameter.name)) cannot be \(node.summary)", expected: expected,
                suggestion: suggestion)
        }
        result.given[parameter.name] = value
        result.positions[parameter.name] = .init(value: faults.position(of: node.range), elements: [])
    }

    /// A value of any shape; what is wrong inside it is told at its own place.
    private func read(
        _ node: YAMLNode, _ schema: JSONSchema, _ parameter: ParameterDeclaration, into result: inout Result
    ) {
        guard let value = node.json else { return }
        if let fault = schema.fault(of: value) {
            let (place, name) = node.part(at: fault.path)
            let what = [Wording.quoted(parameter.name)] + (name.isEmpty ? [] : ["\(name)"])
            return faults.report(
                place.range,
                "\(what.joined(separator: ", ")) cannot be \(place.summary)"
                    + (fault.problem.isEmpty ? "" : ": \(fault.problem)"),
                expected: fault.expected)
        }
        result.given[parameter.name] = value
        let elements: [YAMLNode] = if case .sequence(let nodes) = node.content { nodes } else { [] }
        result.positions[parameter.name] = .init(
            value: faults.position(of: node.range), elements: elements.map { faults.position(of: $0.range) })
    }

    private func read(
        _ nodes: [YAMLNode], of list: YAMLNode, _ element: ParameterDeclaration.ValueType.Element,
        _ parameter: ParameterDeclaration,
        into result: inout Result
    ) {
        var texts: [JSON] = []
        var places: [PipelineStage.Place] = []
        var positions: [SourcePosition] = []
        for (index, node) in nodes.enumerated() {
            if let scalar = node.scalar, let text = scalar.value.string {
                texts.append(.string(text))
                places.append(.init(text: text, base: base(of: scalar, at: node.range)))
                positions.append(faults.position(of: node.range))
            } else if !node.isFaulty {
                faults.report(
                    node.range, "element \(index + 1) of \(Wording.quoted(parameter.name)) cannot be \(node.summary)",
                    expected: (element == .path ? "a path or URL" : "a text") + WithReader.hint(for: node))
            }
        }
        guard texts.count == nodes.count else { return }
        result.given[parameter.name] = .array(texts)
        result.positions[parameter.name] = .init(value: faults.position(of: list.range), elements: positions)
        if element == .path { result.places[parameter.name] = places }
    }

    private func useDefault(_ value: JSON, _ parameter: ParameterDeclaration, into result: inout Result) {
        guard parameter.type == .list(of: .path), let elements = value.array else { return }
        result.places[parameter.name] = elements.compactMap(\.string).map { .init(text: $0, base: root) }
    }

    private static func hint(for node: YAMLNode) -> String {
        if case .sequence = node.content { return "; a list is the whole value, not one element of another" }
        return quotes(for: node)
    }

    /// A number or boolean where a text belongs is most often a text that lacks its quotes.
    private static func quotes(for node: YAMLNode) -> String {
        guard let scalar = node.scalar, scalar.value != .null, scalar.leading == nil else { return "" }
        return ", as \"\(scalar.text)\" in quotes is one"
    }

    /// What somebody typed on the command line means the folder they were in; all else the folder of the file.
    /// - Parameter range: where the scalar stands.
    func base(of scalar: YAMLScalar, at range: Range<Int>) -> String {
        guard let leading = scalar.leading else { return folder(at: range.lowerBound) }
        return leading.isOverridden ? workingDirectory : folder(at: leading.written)
    }

    /// The folder of the file in which a byte lies.
    private func folder(at offset: Int) -> String { folders[min(faults.index(at: offset), folders.count - 1)] }
}
