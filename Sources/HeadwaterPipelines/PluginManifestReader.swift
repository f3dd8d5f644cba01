import HeadwaterModel

/// Makes a manifest of the text of `plugin.yaml`, or all the faults that keep it from being one.
struct PluginManifestReader {
    /// The absolute path of the plugin's folder.
    let folder: String
    /// The variables that the program was started with.
    let environment: [String: String]

    static let formatVersion = 1
    private static let keys = [
        "plugin", "name", "version", "summary", "command", "rounds", "inputs", "emits", "parameters", "deterministic",
        "environment", "files", "network", "sandbox", "readable", "limits",
    ]
    private static let limitKeys = ["time", "idle", "memory", "output", "message", "openFiles", "processes"]

    /// The manifest without the digest of its files, and the patterns that say which files those are.
    struct Result {
        var manifest: PluginManifest
        /// Empty for all of the folder.
        var files: [String]
    }

    func read(_ source: SourceText) throws(PipelineFaults) -> Result {
        let faults = FaultLog(source)
        guard let root = YAMLComposer.compose(faults),
            let reader = MappingReader(root, "a plugin's manifest", keys: PluginManifestReader.keys, faults)
        else { throw faults.faults }
        checkFormat(reader, root, faults)
        let name = name(reader, root, faults)
        let version = text(reader, "version", root, faults) ?? ""
        var declaration = PluginDeclaration(
            name: name, version: version, summary: text(reader, "summary", root, faults) ?? "",
            inputs: inputs(reader, root, faults), rounds: rounds(reader, faults), parameters: parameters(reader, faults),
            emits: texts(reader, "emits", faults), hasOwnProcess: true)
        declaration.isDeterministic = flag(reader, "deterministic", faults) ?? true
        for name in texts(reader, "environment", faults) { declaration.environment[name] = environment[name] ?? "" }
        let command = texts(reader, "command", faults)
        if command.isEmpty, reader.lacks("command") {
            faults.report(
                start(of: root), "the plugin does not say how it is started",
                expected: "a key \"command\" with a list of the program and its arguments")
        }
        var manifest = PluginManifest(declaration: declaration, folder: folder, command: command)
        manifest.network = flag(reader, "network", faults) ?? false
        manifest.readable = texts(reader, "readable", faults).map { PathText.absolute($0, from: folder) }
        if let node = reader["sandbox"] {
            let names = PluginManifest.SandboxWish.allCases.map(\.rawValue)
            if let wish = node.scalar?.value.string.flatMap({ PluginManifest.SandboxWish(rawValue: $0) }) {
                manifest.sandbox = wish
            } else if !node.isFaulty {
                faults.report(node.range, "\"sandbox\" cannot be \(node.summary)", expected: Wording.oneOf(names))
            }
        }
        readLimits(reader, into: &manifest.limits, faults)
        let files = texts(reader, "files", faults)
        guard faults.isEmpty else { throw faults.faults }
        return Result(manifest: manifest, files: files)
    }

    private func checkFormat(_ reader: MappingReader, _ root: YAMLNode, _ faults: FaultLog) {
        let expected = "\"plugin: \(PluginManifestReader.formatVersion)\""
        guard let node = reader["plugin"] else {
            guard reader.lacks("plugin") else { return }
            return faults.report(start(of: root), "the manifest does not say the version of its format", expected: expected)
        }
        guard !node.isFaulty, node.scalar?.value != .integer(PluginManifestReader.formatVersion) else { return }
        faults.report(node.range, "the version of the format cannot be \(node.summary)", expected: expected)
    }

    /// A plugin is found by its folder, so the two have one name.
    private func name(_ reader: MappingReader, _ root: YAMLNode, _ faults: FaultLog) -> String {
        guard let name = text(reader, "name", root, faults), let node = reader["name"] else { return "" }
        let folderName = folder.split(separator: "/").last.map(String.init) ?? ""
        if !NameRule.thing.allows(name) {
            faults.report(node.range, "\"name\" cannot be \(node.summary)", expected: NameRule.thing.description)
        } else if name != folderName {
            faults.report(
                node.range, "the plugin is named \(Wording.quoted(name)), but its folder \(Wording.quoted(folderName))",
                expected: "one name for both")
        }
        return name
    }

    private func rounds(_ reader: MappingReader, _ faults: FaultLog) -> PluginDeclaration.Rounds {
        guard let node = reader["rounds"] else { return .apply }
        let names = ["apply", "combine", "examine", "group"]
        guard let name = node.scalar?.value.string, names.contains(name), let rounds = PluginDeclaration.Rounds(rawValue: name)
        else {
            if !node.isFaulty {
                faults.report(
                    node.range, "\"rounds\" cannot be \(node.summary)", expected: Wording.oneOf(names),
                    suggestion: node.scalar?.value.string.flatMap { NearestName.of($0, among: names) })
            }
            return .apply
        }
        return rounds
    }

    /// `inputs: [documents]`, or with more to say: `inputs: [{role: documents, optional: true}]`
    private func inputs(_ reader: MappingReader, _ root: YAMLNode, _ faults: FaultLog) -> [PluginDeclaration.InputRole] {
        guard let node = reader["inputs"] else {
            if reader.lacks("inputs") {
                faults.report(
                    start(of: root), "the plugin does not say what it takes",
                    expected: "a key \"inputs\" with the roles of its inputs")
            }
            return []
        }
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            if !node.isFaulty {
                faults.report(node.range, "\"inputs\" cannot be \(node.summary)", expected: "a list of at least one role")
            }
            return []
        }
        var roles: [PluginDeclaration.InputRole] = []
        for node in nodes {
            guard let role = role(node, faults) else { continue }
            if roles.contains(where: { $0.name == role.name }) {
                faults.report(node.range, "the role \(Wording.quoted(role.name)) occurs twice")
            }
            roles.append(role)
        }
        return roles
    }

    private func role(_ node: YAMLNode, _ faults: FaultLog) -> PluginDeclaration.InputRole? {
        if let name = node.scalar?.value.string {
            guard NameRule.thing.allows(name) else {
                faults.report(node.range, "a role cannot be \(node.summary)", expected: NameRule.thing.description)
                return nil
            }
            return .init(name)
        }
        guard let reader = MappingReader(node, "an input", keys: ["role", "optional"], faults) else { return nil }
        guard let name = reader["role"]?.scalar?.value.string, NameRule.thing.allows(name) else {
            faults.report(
                reader["role"]?.range ?? node.range, "the input has no role", expected: "\"role:\", \(NameRule.thing.description)"
            )
            return nil
        }
        return .init(name, optional: flag(reader, "optional", faults) ?? false)
    }

    /// A JSON Schema of an object: each of its properties is a parameter.
    private func parameters(_ reader: MappingReader, _ faults: FaultLog) -> [ParameterDeclaration] {
        guard let node = reader["parameters"], let json = node.json else { return [] }
        do throws(JSONSchema.Fault) {
            let schema = try JSONSchema(json)
            return schema.named.map { name, member in
                // Without a default, a parameter that need not be given is null.
                let isRequired = schema.required.contains(name)
                let absent: JSON? = isRequired ? Optional.none : .some(.null)
                return ParameterDeclaration(
                    name, .schema(member), default: member.defaultValue ?? absent, help: member.help)
            }
        } catch {
            let (place, name) = node.part(at: error.path)
            faults.report(
                place.range, "\"parameters\"\(name.isEmpty ? "" : ", " + name): \(error.problem)", expected: error.expected)
            return []
        }
    }

    private func readLimits(_ reader: MappingReader, into limits: inout PluginManifest.Limits, _ faults: FaultLog) {
        guard let node = reader["limits"],
            let given = MappingReader(node, "\"limits\"", keys: PluginManifestReader.limitKeys, faults)
        else { return }
        func read(_ key: String, _ expected: String, _ value: (YAMLScalar) -> Int?, _ set: (Int) -> Void) {
            guard let node = given[key] else { return }
            if let number = node.scalar.flatMap(value) { return set(number) }
            if !node.isFaulty {
                faults.report(node.range, "\(Wording.quoted(key)) cannot be \(node.summary)", expected: expected)
            }
        }
        let time = { (scalar: YAMLScalar) in scalar.value.string.flatMap { UnitText.value(of: $0, in: UnitText.times) } }
        let size = { (scalar: YAMLScalar) in scalar.value.string.flatMap { UnitText.value(of: $0, in: UnitText.sizes) } }
        let count = { (scalar: YAMLScalar) in scalar.value.integer.flatMap { (1...1 << 20).contains($0) ? $0 : nil } }
        read("time", "a time such as 90s or 5m", time) { limits.time = $0 }
        read("idle", "a time such as 90s or 5m", time) { limits.idle = $0 }
        read("memory", "a size such as 512MiB", size) { limits.memory = $0 }
        read("output", "a size such as 512MiB", size) { limits.output = $0 }
        read("message", "a size such as 16MiB", size) { limits.message = $0 }
        read("openFiles", "a count", count) { limits.openFiles = $0 }
        read("processes", "a count", count) { limits.processes = $0 }
    }

    // MARK: Values

    /// A text that must be there.
    private func text(_ reader: MappingReader, _ key: String, _ root: YAMLNode, _ faults: FaultLog) -> String? {
        guard let node = reader[key] else {
            if reader.lacks(key) { faults.report(start(of: root), "the manifest has no \(key)", expected: "a key \"\(key)\"") }
            return nil
        }
        guard let scalar = node.scalar, !scalar.text.isEmpty, scalar.value.string != nil || scalar.value.integer != nil else {
            if !node.isFaulty {
                faults.report(node.range, "\(Wording.quoted(key)) cannot be \(node.summary)", expected: "a text")
            }
            return nil
        }
        return scalar.text
    }

    private func flag(_ reader: MappingReader, _ key: String, _ faults: FaultLog) -> Bool? {
        guard let node = reader[key] else { return nil }
        if let value = node.scalar?.value.bool { return value }
        if !node.isFaulty {
            faults.report(node.range, "\(Wording.quoted(key)) cannot be \(node.summary)", expected: "true or false")
        }
        return nil
    }

    /// One text, or a list of them.
    private func texts(_ reader: MappingReader, _ key: String, _ faults: FaultLog) -> [String] {
        guard let node = reader[key] else { return [] }
        if let text = node.scalar?.value.string { return [text] }
        guard case .sequence(let nodes) = node.content else {
            if !node.isFaulty {
                faults.report(node.range, "\(Wording.quoted(key)) cannot be \(node.summary)", expected: "a list of texts")
            }
            return []
        }
        return nodes.compactMap { element in
            if let text = element.scalar?.value.string { return text }
            if !element.isFaulty {
                faults.report(
                    element.range, "an element of \(Wording.quoted(key)) cannot be \(element.summary)", expected: "a text")
            }
            return nil
        }
    }

    private func start(of root: YAMLNode) -> Range<Int> { root.range.lowerBound..<root.range.lowerBound }
}
