public import HeadwaterModel

extension Pipeline {
    /// The resolved pipeline as programs read it: `headwater lint --json`. Positions are left out.
    public var json: JSON {
        [
            "name": .string(name), "file": .string(file), "root": .string(root), "parameters": .object(parameters),
            "stages": .array(stages.map(\.json)), "publications": .array(publications.map(\.json)),
        ]
    }
}

extension PipelineStage {
    var json: JSON {
        var members: [String: JSON] = [
            "name": .string(name), "plugin": .string(plugin),
            "inputs": .array(inputs.map { ["role": .string($0.role), "stage": .string($0.stage)] }),
            "parameters": .object(parameters.values),
            "places": .object(
                places.mapValues { .array($0.map { ["text": .string($0.text), "base": .string($0.base)] }) }),
        ]
        if let matrix { members["matrix"] = .object(matrix.values.mapValues { .string($0) }) }
        if policy != TaskPolicy() { members["policy"] = policy.json }
        return .object(members)
    }
}

extension Publication {
    var json: JSON {
        var members: [String: JSON] = [
            "name": .string(name), "stage": .string(stage), "format": .string(format.name), "path": .string(path),
        ]
        if isFolder { members["folder"] = true }
        if let fields { members["fields"] = .array(fields.map { .string($0) }) }
        if let notes { members["notes"] = .string(notes) }
        if let kinds { members["kinds"] = .array(kinds.map { .string($0) }) }
        return .object(members)
    }
}
