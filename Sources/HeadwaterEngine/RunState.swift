import HeadwaterModel

/// Where a run stands: a pure state machine. Events come in, effects go out; nothing is read, written or timed here.
///
/// Knows stages by index, partitions by number and contents by digest. Does not know what a plugin is, where the
/// store lies, or on which thread anything happens.
struct RunState {
    enum Event {
        case started
        /// A source stage knows its partitions.
        case located(stage: Int, partitions: [KeyRange])
        case finished(TaskID, TaskResult)
        case failed(TaskID)
        case locatingFailed(stage: Int)
        /// What an earlier run had of a stage; nil if each task has to be looked up.
        case recalled(stage: Int, StageRecall.Recollection?)
        /// Somebody asked to stop.
        case interrupted
    }

    enum Effect: Equatable {
        case locate(stage: Int)
        /// A stage that is carried out file by file has these inputs: whether an earlier run had all of its tasks is to be told.
        case recall(stage: Int, [String: Artifact], divided: String)
        /// Tasks of one stage for one thread, which takes them one after the other: several only if they are short.
        case start([TaskSpec])
        /// All of the stage is there.
        case complete(stage: Int, Artifact)
        /// What its tasks made does not go together.
        case fail(stage: Int, TaskFault)
        /// Nothing runs and nothing more will.
        case end
    }

    private let shapes: [StageShape]
    /// The stages that take a stage's output, in order.
    private let dependents: [[Int]]
    private let limits: Limits
    private var progress: [StageProgress]
    /// Ready tasks by stage, each list in the order in which they became ready.
    private var ready: [TaskQueue]
    /// The stages that have ready tasks, in order, by what those spend their time on: there may be thousands of stages, and a few
    /// that wait.
    private var waiting: [Work: [Int]] = [:]
    /// With the slots that each takes. Of tasks that were started together the first takes them.
    private var running: [TaskID: Int] = [:]
    /// How many tasks of a stage are worth starting together.
    private var batches: [Int]
    private var locating: Set<Int> = []
    private var recalling: Set<Int> = []
    private var isStopping = false
    private var hasEnded = false

    init(stages: [StageShape], limits: Limits) {
        shapes = stages
        var dependents: [[Int]] = stages.map { _ in [] }
        for (index, stage) in stages.enumerated() {
            for input in stage.inputs where dependents[input.stage].last != index { dependents[input.stage].append(index) }
        }
        self.dependents = dependents
        self.limits = limits
        progress = stages.map { _ in StageProgress() }
        ready = stages.map { _ in TaskQueue() }
        batches = stages.map { _ in 1 }
    }

    mutating func handle(_ event: Event) -> [Effect] { handle([event]) }

    /// Takes in what happened, in order, and then says what starts.
    mutating func handle(_ events: [Event]) -> [Effect] {
        var effects: [Effect] = []
        for event in events { take(event, &effects) }
        startWhatFits(&effects)
        if running.isEmpty, locating.isEmpty, recalling.isEmpty, isStopping || waiting.values.allSatisfy(\.isEmpty), !hasEnded {
            hasEnded = true
            effects.append(.end)
        }
        return effects
    }

    /// Has so many tasks of a stage started together, as long as all threads get some: for tasks so short that handing each
    /// over takes as long as the task.
    mutating func start(together count: Int, of stage: Int) { batches[stage] = max(1, count) }

    private mutating func take(_ event: Event, _ effects: inout [Effect]) {
        switch event {
        case .started:
            for (index, shape) in shapes.enumerated() where shape.rounds == .read && !isStopping {
                locating.insert(index)
                effects.append(.locate(stage: index))
            }
            for (index, shape) in shapes.enumerated() where shape.inputs.isEmpty { makeFolderTaskReady(index, &effects) }
        case .located(let stage, let partitions):
            locating.remove(stage)
            setPartitions(partitions, of: stage, &effects)
            for partition in order(partitions.indices) { makeReady(stage, .apply, partition) }
        case .finished(let id, let result):
            running[id] = nil
            record(result, of: id, &effects)
        case .failed(let id):
            running[id] = nil
            fail()
        case .locatingFailed(let stage):
            locating.remove(stage)
            fail()
        case .recalled(let stage, let recollection):
            recalling.remove(stage)
            if let recollection { takeOver(recollection, stage, &effects) } else { divide(stage, &effects) }
        case .interrupted:
            isStopping = true
        }
    }

    private mutating func fail() {
        if !limits.keepsGoing { isStopping = true }
    }

    // MARK: What becomes ready

    /// In which order tasks become ready that could all start at once: no result may depend on it.
    private func order(_ tasks: Range<Int>) -> [Int] {
        guard let seed = limits.shuffle else { return Array(tasks) }
        return Shuffle.order(tasks, seed: seed)
    }

    /// What a task works on is put together when it starts: very many may be ready.
    private mutating func makeReady(_ stage: Int, _ phase: KeyDocument.Phase, _ index: Int) {
        if ready[stage].isEmpty { wait(stage) }
        ready[stage].append(TaskID(stage: stage, phase: phase, index: index))
        progress[stage].known += 1
    }

    private mutating func wait(_ stage: Int) {
        var stages = waiting.removeValue(forKey: shapes[stage].work) ?? []
        var (low, high) = (0, stages.count)
        while low < high {
            let middle = (low + high) / 2
            if stages[middle] < stage { low = middle + 1 } else { high = middle }
        }
        stages.insert(stage, at: low)
        waiting[shapes[stage].work] = stages
    }

    /// How many tasks of the stage are known so far; more may become known.
    func known(of stage: Int) -> Int { progress[stage].known }

    private mutating func setPartitions(_ ranges: [KeyRange], of stage: Int, _ effects: inout [Effect]) {
        progress[stage].ranges = ranges
        progress[stage].partitions = ranges.count
        progress[stage].shards = Array(repeating: nil, count: ranges.count)
        completeIfWhole(stage, &effects)
        for index in dependents[stage] {
            inputPartitionsKnown(of: index, &effects)
        }
    }

    /// Once every input knows its partitions, so does the stage: those of its inputs, which must agree.
    private mutating func inputPartitionsKnown(of stage: Int, _ effects: inout [Effect]) {
        if shapes[stage].rounds == .folder { return }
        let counts = shapes[stage].inputs.map { progress[$0.stage].partitions }
        guard progress[stage].inputPartitions == nil, let first = counts.first, let count = first,
            counts.allSatisfy({ $0 == count }), let leading = shapes[stage].inputs.min(by: { $0.role < $1.role })
        else { return }
        progress[stage].inputPartitions = count
        progress[stage].sketches = Array(repeating: nil, count: count)
        let ranges = progress[leading.stage].ranges
        if shapes[stage].rounds != .group { setPartitions(ranges, of: stage, &effects) }
        if count == 0, shapes[stage].rounds != .apply { combine(stage) }
    }

    private mutating func record(_ result: TaskResult, of id: TaskID, _ effects: inout [Effect]) {
        switch (id.phase, result) {
        case (.sketch, .blob(let digest)):
            progress[id.stage].sketches[id.index] = digest
            progress[id.stage].sketched += 1
            if progress[id.stage].sketched == progress[id.stage].sketches.count { combine(id.stage) }
        case (.combine, .slices(let slices)) where shapes[id.stage].rounds == .combine, (.decide, .slices(let slices)):
            progress[id.stage].slices = slices
            for partition in order(0..<(progress[id.stage].inputPartitions ?? 0)) { applyIfReady(id.stage, partition) }
        case (.combine, .groups(let groups, _)) where shapes[id.stage].rounds == .folder:
            divide(id.stage, into: Piece.pieces(of: groups, role: shapes[id.stage].divided ?? ""), &effects)
        case (.combine, .groups(let groups, let carry)) where shapes[id.stage].rounds != .combine:
            progress[id.stage].groups = groups
            progress[id.stage].carry = carry
            progress[id.stage].verdicts = Array(repeating: nil, count: groups.count)
            let phase: KeyDocument.Phase = shapes[id.stage].rounds == .examine ? .examine : .apply
            if phase == .apply { setPartitions(groups.map { KeyRange(group: $0.key) }, of: id.stage, &effects) }
            for index in order(groups.indices) { makeReady(id.stage, phase, index) }
            if phase == .examine, groups.isEmpty { decide(id.stage) }
        case (.examine, .blob(let digest)):
            progress[id.stage].verdicts[id.index] = digest
            progress[id.stage].examined += 1
            if progress[id.stage].examined == progress[id.stage].verdicts.count { decide(id.stage) }
        case (.apply, .shard(let content)):
            let range = progress[id.stage].ranges[id.index]
            progress[id.stage].shards[id.index] = Shard(content, range: range)
            progress[id.stage].applied += 1
            for index in dependents[id.stage] {
                inputArrived(index, partition: id.index)
            }
            completeIfWhole(id.stage, &effects)
        case (.apply, .tree(let tree)) where shapes[id.stage].divided != nil:
            progress[id.stage].trees[id.index] = tree
            progress[id.stage].applied += 1
            joinIfWhole(id.stage, &effects)
        case (.apply, .tree(let tree)): complete(id.stage, .tree(tree), &effects)
        default:
            // Whoever carries tasks out refuses results of another shape than the round gives; one that got past stops
            // the run, which then is not complete.
            isStopping = true
        }
    }

    private mutating func inputArrived(_ stage: Int, partition: Int) {
        guard hasInputs(stage, partition) else { return }
        switch shapes[stage].rounds {
        case .read, .folder: break
        case .apply: applyIfReady(stage, partition)
        case .combine, .examine, .group:
            makeReady(stage, .sketch, partition)
        }
    }

    private mutating func applyIfReady(_ stage: Int, _ partition: Int) {
        if hasInputs(stage, partition) { makeReady(stage, .apply, partition) }
    }

    private mutating func combine(_ stage: Int) {
        makeReady(stage, .combine, 0)
    }

    private mutating func decide(_ stage: Int) {
        if progress[stage].carry != nil { makeReady(stage, .decide, 0) }
    }

    private func verdicts(of stage: Int) -> TaskSpec.Input? {
        guard let carry = progress[stage].carry else { return nil }
        let groups = zip(progress[stage].groups, progress[stage].verdicts).compactMap { group, verdict in
            verdict.map { (group, $0) }
        }
        return .verdicts(partitionCount: progress[stage].inputPartitions ?? 0, carry: carry, groups: groups)
    }

    /// What a task worked on that has come to its end, so that it can be carried out again; nil if it has not become
    /// ready.
    func spec(of id: TaskID) -> TaskSpec? {
        let stage = progress[id.stage]
        let input: TaskSpec.Input? =
            switch id.phase {
            case .combine where shapes[id.stage].rounds == .folder: dividedInput(of: id.stage)
            case .combine: .sketches(stage.sketches.compactMap { $0 })
            case .decide: verdicts(of: id.stage)
            case .sketch: inputShards(id.stage, id.index).map { .partition($0, slice: nil) }
            case .examine: stage.groups.dropFirst(id.index).first.map { .group($0, shards: shards(of: $0, id.stage)) }
            case .apply:
                switch shapes[id.stage].rounds {
                case .read: .sources
                case .folder where shapes[id.stage].divided != nil:
                    stage.pieces.dropFirst(id.index).first.map { .piece($0, stage.shared) }
                case .folder: artifacts(of: id.stage).map { .artifacts(SharedInputs($0)) }
                case .group: stage.groups.dropFirst(id.index).first.map { .group($0, shards: shards(of: $0, id.stage)) }
                case .apply, .combine, .examine:
                    inputShards(id.stage, id.index).map { .partition($0, slice: stage.slices.dropFirst(id.index).first) }
                }
            }
        return input.map { TaskSpec(id: id, input: $0) }
    }

    private func hasInputs(_ stage: Int, _ partition: Int) -> Bool {
        progress[stage].inputPartitions != nil
            && shapes[stage].inputs.allSatisfy { progress[$0.stage].shard(partition) != nil }
    }

    /// The shards of one partition by role, once all inputs have it.
    private func inputShards(_ stage: Int, _ partition: Int) -> [String: Shard]? {
        guard progress[stage].inputPartitions != nil else { return nil }
        var out: [String: Shard] = [:]
        for input in shapes[stage].inputs {
            guard let shard = progress[input.stage].shard(partition) else { return nil }
            out[input.role] = shard
        }
        return out
    }

    /// The shards in which a group's members lie.
    private func shards(of group: GroupReference, _ stage: Int) -> [String: [Int: Shard]] {
        var out: [String: [Int: Shard]] = [:]
        for member in group.members {
            guard let input = shapes[stage].inputs.first(where: { $0.role == member.role }),
                let count = progress[input.stage].partitions, (0..<count).contains(member.partition)
            else { continue }
            out[member.role, default: [:]][member.partition] = progress[input.stage].shard(member.partition)
        }
        return out
    }

    private mutating func completeIfWhole(_ stage: Int, _ effects: inout [Effect]) {
        guard let partitions = progress[stage].partitions, progress[stage].applied == partitions else { return }
        let dataset = Dataset(shards: progress[stage].shards.compactMap { $0 })
        progress[stage].shards = []
        complete(stage, .dataset(dataset), &effects)
    }

    private mutating func complete(_ stage: Int, _ artifact: Artifact, _ effects: inout [Effect]) {
        progress[stage].artifact = artifact
        effects.append(.complete(stage: stage, artifact))
        for index in dependents[stage] { makeFolderTaskReady(index, &effects) }
    }

    /// A stage that works on files starts when it has all of each input.
    private mutating func makeFolderTaskReady(_ stage: Int, _ effects: inout [Effect]) {
        guard shapes[stage].rounds == .folder, let artifacts = artifacts(of: stage) else { return }
        guard let role = shapes[stage].divided else {
            return makeReady(stage, .apply, 0)
        }
        if shapes[stage].isRecalled {
            if isStopping { return }
            recalling.insert(stage)
            effects.append(.recall(stage: stage, artifacts, divided: role))
        } else {
            divide(stage, &effects)
        }
    }

    /// Has the stage's tasks as they were.
    private mutating func takeOver(_ recollection: StageRecall.Recollection, _ stage: Int, _ effects: inout [Effect]) {
        progress[stage].shared = othersThanDivided(of: stage)
        progress[stage].pieces = recollection.tasks?.pieces ?? []
        progress[stage].known = recollection.count
        complete(stage, .tree(recollection.tree), &effects)
    }

    /// What the tasks of a stage work on that was taken over before they were read.
    mutating func take(_ pieces: [Piece], of stage: Int) { progress[stage].pieces = pieces }

    private func othersThanDivided(of stage: Int) -> SharedInputs {
        SharedInputs((artifacts(of: stage) ?? [:]).filter { $0.key != shapes[stage].divided })
    }

    private mutating func divide(_ stage: Int, _ effects: inout [Effect]) {
        guard let role = shapes[stage].divided, let artifacts = artifacts(of: stage) else { return }
        progress[stage].shared = othersThanDivided(of: stage)
        if case .tree(let tree)? = artifacts[role] {
            divide(stage, into: Piece.pieces(of: tree, role: role), &effects)
        } else {
            // Where sources lie is written in records, which are not to be read here.
            makeReady(stage, .combine, 0)
        }
    }

    /// The input that is divided, alone.
    private func dividedInput(of stage: Int) -> TaskSpec.Input? {
        guard let role = shapes[stage].divided, let artifact = artifacts(of: stage)?[role] else { return nil }
        return .artifacts(SharedInputs([role: artifact]))
    }

    private mutating func divide(_ stage: Int, into pieces: [Piece], _ effects: inout [Effect]) {
        progress[stage].pieces = pieces
        progress[stage].trees = Array(repeating: nil, count: pieces.count)
        for index in order(pieces.indices) { makeReady(stage, .apply, index) }
        joinIfWhole(stage, &effects)
    }

    private mutating func joinIfWhole(_ stage: Int, _ effects: inout [Effect]) {
        guard progress[stage].applied == progress[stage].pieces.count else { return }
        let made = zip(progress[stage].pieces, progress[stage].trees).compactMap { piece, tree in tree.map { (piece.path, $0) } }
        do {
            complete(stage, .tree(try FileTree(joining: made)), &effects)
        } catch {
            effects.append(.fail(stage: stage, error))
            fail()
        }
    }

    /// The inputs of a stage by role, once all are whole.
    private func artifacts(of stage: Int) -> [String: Artifact]? {
        var out: [String: Artifact] = [:]
        for input in shapes[stage].inputs {
            guard let artifact = progress[input.stage].artifact else { return nil }
            out[input.role] = artifact
        }
        return out
    }

    // MARK: What starts

    /// Later stages first: what is begun is brought to its end, so that little is in flight at once. A task that needs more
    /// slots than are free is overtaken by none, or it might wait for ever.
    private mutating func startWhatFits(_ effects: inout [Effect]) {
        guard !isStopping else { return }
        for work in Work.allCases {
            var taken = running.reduce(0) { shapes[$1.key.stage].work == work ? $0 + $1.value : $0 }
            while let stage = waiting[work]?.last, taken + slots(stage) <= limits.most(work),
                let first = ready[stage].popFirst()
            {
                taken += slots(stage)
                running[first] = slots(stage)
                var batch = [first]
                // The fewer are left, the fewer at once, so that no thread is without work while another has much (guided
                // self-scheduling, Polychronopoulos and Kuck 1987, with twice the threads for tasks that are not equal).
                let most = min(batches[stage], ready[stage].count / (2 * limits.most(work)) + 1)
                while batch.count < most, let next = ready[stage].popFirst() {
                    running[next] = 0
                    batch.append(next)
                }
                if ready[stage].isEmpty { waiting[work]?.removeLast() }
                effects.append(.start(batch.compactMap(spec)))
            }
        }
    }

    /// A task that wants more than there is takes all.
    private func slots(_ stage: Int) -> Int { min(shapes[stage].slots, limits.most(shapes[stage].work)) }
}

/// What is known of one stage so far.
private struct StageProgress {
    /// Nil until they are known.
    var partitions: Int?
    /// By partition, nil until it is there; none once all are, which the artifact has then.
    var shards: [Shard?] = []
    /// Once all of it is there.
    var artifact: Artifact?
    /// The key ranges of the shards.
    var ranges: [KeyRange] = []
    /// Tasks that have become ready.
    var known = 0
    var applied = 0
    var inputPartitions: Int?
    var sketches: [Digest?] = []
    var sketched = 0
    var slices: [Digest] = []
    var groups: [GroupReference] = []
    var carry: Digest?
    var verdicts: [Digest?] = []
    var examined = 0
    /// Of a stage on files that is carried out file by file: what its tasks work on, and what they made.
    var pieces: [Piece] = []
    var trees: [FileTree?] = []
    var shared = SharedInputs([:])

    func shard(_ partition: Int) -> Shard? {
        if case .dataset(let dataset)? = artifact { return dataset.shards[partition] }
        return partitions == nil ? nil : shards[partition]
    }
}

/// First in, first out, without moving what waits.
private struct TaskQueue {
    private var items: [TaskID] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }

    mutating func append(_ id: TaskID) { items.append(id) }

    mutating func popFirst() -> TaskID? {
        guard head < items.count else { return nil }
        let id = items[head]
        head += 1
        if head > 1024 && head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return id
    }
}
