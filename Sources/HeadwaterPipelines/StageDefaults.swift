import HeadwaterModel

/// What the file's `defaults` say: settings that hold for each stage which does not say otherwise.
struct StageDefaults {
    var policy = PolicyReader.Given()
    /// Parameters by the name of their plugin.
    private(set) var with: [String: [YAMLEntry]] = [:]

    static let none = StageDefaults()

    private init() {}

    init(_ node: YAMLNode, plugins: [PluginDeclaration], with reader: WithReader) {
        let faults = reader.faults
        guard let settings = MappingReader(node, "\"defaults\"", keys: PolicyReader.keys + ["with"], faults) else { return }
        policy = PolicyReader(faults: faults).read(settings, of: nil)
        guard let node = settings["with"], !node.isFaulty else { return }
        guard case .mapping(let entries) = node.content else {
            faults.report(
                node.range, "\"with\" cannot be \(node.summary)", expected: "a mapping of plugins to mappings of their parameters"
            )
            return
        }
        let names = plugins.map(\.name)
        for entry in entries where !entry.value.isNull {
            guard let declaration = plugins.first(where: { $0.name == entry.key }) else {
                faults.report(
                    entry.keyRange, "no plugin is named \(Wording.quoted(entry.key))", expected: Wording.oneOf(names),
                    suggestion: NearestName.of(entry.key, among: names))
                continue
            }
            guard case .mapping(let parameters) = entry.value.content else {
                if !entry.value.isFaulty {
                    faults.report(
                        entry.value.range, "\(Wording.quoted(entry.key)) cannot be \(entry.value.summary)",
                        expected: "a mapping of parameters of the plugin \(Wording.quoted(declaration.name)) to values")
                }
                continue
            }
            _ = reader.read(entry.value, of: declaration, isWhole: false, stageRange: entry.keyRange)
            with[entry.key] = parameters
        }
    }
}
