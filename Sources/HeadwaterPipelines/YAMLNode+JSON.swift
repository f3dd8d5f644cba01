import HeadwaterModel

extension YAMLNode {
    /// The node as a value, whatever its shape; nil if a part of it is faulty.
    var json: JSON? {
        switch content {
        case .scalar(let scalar): return scalar.value
        case .sequence(let nodes):
            var elements: [JSON] = []
            for node in nodes {
                guard let element = node.json else { return nil }
                elements.append(element)
            }
            return .array(elements)
        case .mapping(let entries):
            var members: [String: JSON] = [:]
            for entry in entries {
                guard let value = entry.value.json else { return nil }
                members[entry.key] = value
            }
            return .object(members)
        case .faulty: return nil
        }
    }

    /// The node at a path, as far as it leads, and how to call it: `member "name"`, `element 3`.
    func part(at path: [JSONSchema.Fault.Step]) -> (node: YAMLNode, name: String) {
        guard let step = path.first else { return (self, "") }
        var next: YAMLNode?
        var name = ""
        switch (step, content) {
        case (.member(let key), .mapping(let entries)):
            next = entries.first { $0.key == key }?.value
            name = "member \(Wording.quoted(key))"
        case (.index(let index), .sequence(let nodes)):
            next = nodes.indices.contains(index) ? nodes[index] : nil
            name = "element \(index + 1)"
        default: break
        }
        guard let next else { return (self, "") }
        let inner = next.part(at: Array(path.dropFirst()))
        return (inner.node, inner.name.isEmpty ? name : "\(name), \(inner.name)")
    }
}
