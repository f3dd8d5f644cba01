public import HeadwaterModel
public import HeadwaterStore

/// What is asked of a run, and what it comes to.
extension Run {
    public struct Options: Sendable {
        public var jobs: Int
        public var keepsGoing = false
        public var refreshes = false
        /// Stages whose tasks are carried out even if their results are known.
        public var forced: Set<String> = []
        /// Only these stages and what they need; all if empty.
        public var only: Set<String> = []
        /// Looks up what is known and carries out nothing.
        public var isDry = false
        /// How many known results are carried out again to see whether they come to the same, in parts of a million.
        public var audit = 0
        /// Whether each task that is no hit is to be explained.
        public var explains = false
        public var publishing = Publishing.asDeclared
        public var answers = Answers.network
        /// Puts tasks that could start at once in another order for each number; nil for the order of their partitions.
        public var shuffle: UInt64?
        /// The past run whose place this one takes, with its times and without moving a name, and what it is to follow.
        public var standsFor: (run: RunManifest, follows: [Digest])?

        public init(jobs: Int) { self.jobs = jobs }
    }

    /// Where published files go.
    public enum Publishing: Sendable, Hashable {
        /// Where the pipeline file says.
        case asDeclared
        /// Each into this absolute folder, under the publication's name: what people read stays as it is.
        case into(folder: String)
        case nowhere
    }

    /// Where answers to requests come from.
    public enum Answers: Sendable {
        case network
        /// Only what this store has pinned: nobody is asked, and what is not there is missed.
        case pinned(in: Store?)
    }

    /// What a run came to.
    public struct Summary: Sendable {
        public var id: RunID
        public var state: RunManifest.State
        /// In the pipeline's order; stages that were left out do not occur.
        public var stages: [RunManifest.Stage]
        public var publications: [RunManifest.Publication]
        public var failures: [RunFailure]
        public var contradictions: [RunManifest.Contradiction]
        /// Known results that were put to the test.
        public var audited: Int
        /// Sources that were left out since they were erased once.
        public var suppressed = 0
    }
}
