/// What a task works on, as its key document spells it: one way for whoever carries tasks out and whoever proves them.
public enum KeyInputs {
    /// One partition of sources: `[locator, digest or null, facts if there are any]` each.
    public static func sources(_ sources: [JSON]) -> JSON { ["sources": .array(sources)] }

    /// The records of one partition by role, and the slice for it.
    public static func partition(_ records: [String: Digest], slice: Digest?) -> JSON {
        var inputs: [String: JSON] = ["roles": .object(records.mapValues { .string($0.description) })]
        if let slice { inputs["slice"] = .string(slice.description) }
        return .object(inputs)
    }

    /// All sketches, in the order of the partitions.
    public static func sketches(_ sketches: [Digest]) -> JSON { ["sketches": list(sketches)] }

    /// One group: its records by id. Verdicts are on records alone; the slice is for those who apply.
    public static func group(_ group: GroupReference, _ phase: KeyDocument.Phase) -> JSON {
        let roles = Dictionary(grouping: group.members, by: \.role).mapValues { members in
            JSON.array(members.map { .string($0.record.description) })
        }
        var inputs: [String: JSON] = ["roles": .object(roles)]
        if phase == .apply { inputs["slice"] = .string(group.slice.description) }
        return .object(inputs)
    }

    /// What `decide` decides from. Slices are dealt out to partitions, so here it does count where a record lies.
    public static func verdicts(partitions: Int, carry: Digest, groups: [(GroupReference, Digest)]) -> JSON {
        [
            "partitions": .integer(partitions), "carry": .string(carry.description),
            "groups": .array(groups.map { group, verdict in ["group": group.json, "verdict": .string(verdict.description)] }),
        ]
    }

    /// Whole inputs by role, and maybe one file of a further one.
    public static func whole(_ inputs: [String: JSON], piece: (role: String, json: JSON)? = nil) -> JSON {
        ["roles": .object(piece.map { inputs.merging([$0.role: $0.json]) { $1 } } ?? inputs)]
    }

    /// A whole input. Shards and not the dataset: where their partitions begin and end is not seen by who gets them in one piece.
    public static func artifact(_ artifact: Artifact) -> JSON {
        switch artifact {
        case .dataset(let dataset): list(dataset.shards.map(\.digest))
        case .tree: .string(Digest(of: artifact.canonical).description)
        }
    }

    /// A source as a file at a path: all that a task can see of it.
    public static func piece(_ path: String, source: Digest) -> JSON { [.string(path), .string(source.description)] }

    /// A file at a path.
    public static func piece(_ path: String, file: FileTree.File) -> JSON {
        .array(
            [.string(path), .string(file.digest.description), .string(file.isExecutable ? "755" : "644")]
                + (file.map.map { [.string($0.description)] } ?? []))
    }

    private static func list(_ digests: [Digest]) -> JSON { .array(digests.map { .string($0.description) }) }
}
