import HeadwaterModel

/// The entries of a mapping whose keys are fixed by the file format.
struct MappingReader {
    private var values: [String: YAMLEntry] = [:]
    /// Keys that an unknown one was most likely meant to be.
    private var misspelled: Set<String> = []

    /// - Parameters:
    ///   - what: what the mapping describes, as in "a stage".
    ///   - keys: all keys that it may have.
    /// - Returns: nil, with the fault recorded, if the node is no mapping.
    init?(_ node: YAMLNode, _ what: String, keys: [String], _ faults: FaultLog) {
        guard case .mapping(let entries) = node.content else {
            if !node.isFaulty {
                faults.report(
                    node.range, "\(what) cannot be \(node.summary)",
                    expected: "a mapping with the keys " + keys.joined(separator: ", "))
            }
            return nil
        }
        for entry in entries {
            if keys.contains(entry.key) {
                values[entry.key] = entry
            } else {
                let nearest = NearestName.of(entry.key, among: keys)
                if let nearest { misspelled.insert(nearest) }
                faults.report(
                    entry.keyRange, "unknown key \(Wording.quoted(entry.key))", expected: Wording.oneOf(keys), suggestion: nearest
                )
            }
        }
    }

    /// A mapping without entries.
    init() {}

    /// The value under a key; nil also where it is null, which means "as if it were not there".
    subscript(_ key: String) -> YAMLNode? {
        guard let value = values[key]?.value, !value.isNull else { return nil }
        return value
    }

    /// Whether the file has nothing under the key, and nothing that was meant to be it: then its absence is news.
    func lacks(_ key: String) -> Bool { self[key] == nil && !misspelled.contains(key) }

    /// The bytes of the key itself, where it stands.
    func keyRange(_ key: String) -> Range<Int>? { values[key]?.keyRange }
}
