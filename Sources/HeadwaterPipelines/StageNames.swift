import HeadwaterModel

/// The names of a file's stages, for the other parts of the file that refer to them.
struct StageNames {
    /// In the order of the file.
    let names: [String]
    private let known: Set<String>

    init(_ names: [String]) {
        self.names = names
        known = Set(names)
    }

    /// The stage that a scalar names; nil, with the fault recorded, if there is none.
    func name(at node: YAMLNode, _ what: String, _ faults: FaultLog) -> String? {
        guard let name = node.scalar?.value.string else {
            if !node.isFaulty { faults.report(node.range, "\(what) cannot be \(node.summary)", expected: "the name of a stage") }
            return nil
        }
        guard known.contains(name) else {
            faults.report(
                node.range, "no stage is named \(Wording.quoted(name))", expected: Wording.oneOf(names),
                suggestion: NearestName.of(name, among: names))
            return nil
        }
        return name
    }
}
