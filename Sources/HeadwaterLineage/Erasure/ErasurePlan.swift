public import HeadwaterModel

/// What is to be done to erase some sources: every run that read one, and in each of them what derives from it and what was
/// steered by it.
///
/// All of it is read from the packs themselves. A record derives from a source if its text, a cite, its evidence or a parent
/// does. A task was influenced if something reached it that a task made which had the source among its inputs, whether or
/// not that made a difference.
public struct ErasurePlan: Sendable {
    public internal(set) var targets = ErasureTargets()
    /// Those that are concerned, the oldest first.
    public internal(set) var runs: [AffectedRun] = []
    /// All records that derive from the targets.
    public internal(set) var records: Set<RecordID> = []
    /// Requests whose pinned answers go: they are, or hold, or list what is erased.
    public internal(set) var pins: [String] = []
    /// Files and answers that held a target among other members.
    public internal(set) var containers: Set<ErasureTargets.Version> = []
    /// How many runs are not concerned.
    public internal(set) var untouched = 0

    init() {}

    /// As much of a plan as it takes to tell what stays.
    public init(targets: ErasureTargets, containers: Set<ErasureTargets.Version>) {
        self.targets = targets
        self.containers = containers
    }

    public var isEmpty: Bool { targets.named.isEmpty }
}

/// One run that read a source which is to be erased.
public struct AffectedRun: Sendable {
    public var run: RunManifest
    /// Of its manifest.
    public var digest: Digest
    public internal(set) var sources: [ErasureTargets.Version] = []
    public internal(set) var stages: [Stage] = []
    public internal(set) var publications: [Publication] = []

    public struct Stage: Sendable {
        public var name: String
        public var artifact: Digest?
        /// Those of its artifact that derive from a target, sorted; of files their paths.
        public internal(set) var records: [RecordID] = []
        public internal(set) var files: [String] = []
        /// Tasks whose results derive from one.
        public internal(set) var deriving: [Task] = []
        /// Tasks that were only steered by one.
        public internal(set) var influenced: [Task] = []
    }

    public struct Task: Hashable, Sendable {
        public var phase: KeyDocument.Phase
        public var partition: String
    }

    public struct Publication: Sendable {
        public var publication: RunManifest.Publication
        /// The digests of its files that show text of a target.
        public internal(set) var files: Set<Digest>
    }

    /// Whether anything in it derives from a target, and it does not only name one.
    public var recordCount: Int { stages.reduce(0) { $0 + $1.records.count } }
}
