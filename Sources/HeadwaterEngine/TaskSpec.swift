import HeadwaterModel

/// One unit of work of a run: which stage, which round, which partition or group.
struct TaskID: Hashable, Comparable, Sendable {
    /// Index of the stage in topological order.
    var stage: Int
    var phase: KeyDocument.Phase
    /// Partition or group; 0 for a task over all of them.
    var index: Int

    static func < (a: TaskID, b: TaskID) -> Bool {
        (a.stage, a.phase.order, a.index) < (b.stage, b.phase.order, b.index)
    }
}

extension KeyDocument.Phase {
    /// Rounds in the order in which a stage takes them.
    var order: Int {
        switch self {
        case .sketch: 0
        case .combine: 1
        case .examine: 2
        case .decide: 3
        case .apply: 4
        }
    }
}

/// A task with everything it works on, all of it digests: ready to be looked up or carried out.
struct TaskSpec: Hashable, Sendable {
    var id: TaskID
    var input: Input

    enum Input: Hashable, Sendable {
        /// One partition of what a source stage located.
        case sources
        /// A partition of each input by role, and the slice for it.
        case partition([String: Shard], slice: Digest?)
        /// All sketches, in order.
        case sketches([Digest])
        /// One group, and the shards its members lie in, by role and partition.
        case group(GroupReference, shards: [String: [Int: Shard]])
        /// What `decide` decides from.
        case verdicts(partitionCount: Int, carry: Digest, groups: [(GroupReference, Digest)])
        /// Whole artifacts by role.
        case artifacts(SharedInputs)
        /// One file of an input, and the others whole.
        case piece(Piece, SharedInputs)

        static func == (a: Input, b: Input) -> Bool {
            switch (a, b) {
            case (.sources, .sources): true
            case (.partition(let x, let s), .partition(let y, let t)): x == y && s == t
            case (.sketches(let x), .sketches(let y)): x == y
            case (.group(let x, let s), .group(let y, let t)): x == y && s == t
            case (.verdicts(let n, let c, let x), .verdicts(let m, let d, let y)):
                n == m && c == d && x.elementsEqual(y, by: { $0 == $1 })
            case (.artifacts(let x), .artifacts(let y)): x == y
            case (.piece(let p, let x), .piece(let q, let y)): p == q && x == y
            default: false
            }
        }

        func hash(into hasher: inout Hasher) {
            switch self {
            case .sources: hasher.combine(0)
            case .partition(let shards, let slice):
                hasher.combine(shards)
                hasher.combine(slice)
            case .sketches(let digests): hasher.combine(digests)
            case .group(let group, _): hasher.combine(group)
            case .verdicts(_, let carry, let groups):
                hasher.combine(carry)
                hasher.combine(groups.count)
            case .artifacts(let artifacts): hasher.combine(artifacts)
            case .piece(let piece, _): hasher.combine(piece)
            }
        }
    }
}
