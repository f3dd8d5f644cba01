import HeadwaterModel

extension RunState {
    /// What the machine needs to know of a stage. Stages are given in topological order.
    struct StageShape: Sendable {
        var rounds: PluginDeclaration.Rounds
        /// Inputs by role, as indices of earlier stages.
        var inputs: [(role: String, stage: Int)]
        /// Of a stage on files, the input that it is carried out for file by file.
        var divided: String?
        /// Whether its tasks may be taken over from an earlier run all at once.
        var isRecalled = false
        /// Whether child processes do its work.
        var hasOwnProcess = false
        /// How many of the jobs one of its tasks takes.
        var slots = 1

        /// What its tasks spend their time on.
        var work: Work { rounds == .read ? .reading : hasOwnProcess ? .children : .computing }
    }

    /// What a task spends its time on. Each kind has a limit of its own, so that none keeps another waiting.
    enum Work: CaseIterable, Sendable {
        case computing
        /// Waiting for disks and networks.
        case reading
        /// Waiting for a child process.
        case children
    }

    struct Limits: Sendable {
        /// Compute tasks at once.
        var jobs: Int
        /// Blocking reads at once.
        var reads: Int
        /// Tasks at once that wait for a child process; as many as compute where nothing is said.
        var children: Int?
        /// Whether what does not depend on a failure goes on.
        var keepsGoing: Bool
        /// Puts the tasks of a stage that become ready together in another order.
        var shuffle: UInt64?

        func most(_ work: Work) -> Int {
            switch work {
            case .computing: jobs
            case .reading: reads
            case .children: children ?? jobs
            }
        }
    }
}
