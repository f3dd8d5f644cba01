public import HeadwaterModel

/// The rounds of one stage, ready to be carried out. One value serves all tasks of a stage at once, so it holds
/// parameters and nothing else.
///
/// Every round is a pure function of what it is given: no clock, environment, random number or shared state, or the
/// same input would not give the same bytes. Which rounds a plugin takes is declared; the others are never called.
///
///     sketch(partition)     -> bytes                 per partition, in parallel
///     combine(sketches)     -> slices or groups      one task
///     examine(group)        -> verdict               per group, in parallel
///     decide(verdicts)      -> slices                one task
///     apply(partition or group, slice) -> records, drops, notes      in parallel
public protocol StageRounds: Sendable {
    /// Boils a partition down to what `combine` needs to know of it.
    func sketch(_ partition: Partition) throws -> [UInt8]

    /// Looks at all sketches and forms one slice for each partition, or groups of records.
    func combine(_ sketches: Sketches) throws -> Combination

    /// Compares the records of one group, texts and all.
    func examine(_ group: Partition) throws -> [UInt8]

    /// Forms one slice for each partition out of what `combine` left and the verdict on each of its groups.
    func decide(_ verdicts: Verdicts) throws -> [[UInt8]]

    /// Makes records of one partition or group.
    /// - Parameter slice: what `combine` or `decide` has for it; empty for a record-wise stage.
    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws

    /// The same rounds, for one task: a stage whose work is done elsewhere says in `context` how it goes.
    func bound(to context: TaskContext) -> any StageRounds

    /// What keeps the code of the stage from the rest of the machine, in words, once a task of it ran; nil for a stage in
    /// this process.
    var confinement: String? { get }

    /// Why nothing kept it from the machine though that was wanted; nil where all is as it should be.
    var unwantedFreedom: String? { get }

    /// Lets go of whatever the stage holds, once no task of it runs any more: processes, connections.
    func end()
}

extension StageRounds {
    public func bound(to context: TaskContext) -> any StageRounds { self }
    public var confinement: String? { nil }
    public var unwantedFreedom: String? { nil }
    public func end() {}
}

/// The code behind a stage, in process: a type that says what it is, and makes its rounds from parameters.
public protocol Stage: StageRounds {
    static var declaration: PluginDeclaration { get }

    /// - Throws: `StageError` where parameters that are valid each do not go together.
    init(parameters: Parameters) throws
}

extension Stage {
    public func sketch(_ partition: Partition) throws -> [UInt8] {
        throw StageError.undeclaredRound("sketch", Self.declaration.name)
    }
    public func combine(_ sketches: Sketches) throws -> Combination {
        throw StageError.undeclaredRound("combine", Self.declaration.name)
    }
    public func examine(_ group: Partition) throws -> [UInt8] {
        throw StageError.undeclaredRound("examine", Self.declaration.name)
    }
    public func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        throw StageError.undeclaredRound("decide", Self.declaration.name)
    }
}

/// The records that one task works on, by role: a partition of each input, or the members of one group.
public struct Partition: Sendable {
    private let records: [String: [InputRecord]]

    package init(_ records: [String: [InputRecord]]) { self.records = records }

    /// The records of one input, in order; empty for an optional input that is not connected.
    public subscript(_ role: String) -> [InputRecord] { records[role] ?? [] }
}

/// The sketches of all partitions, in order; each is read when it is asked for, so that they need not fit into memory.
public struct Sketches: Sendable {
    public let count: Int
    private let load: @Sendable (Int) throws -> [UInt8]

    package init(count: Int, load: @escaping @Sendable (Int) throws -> [UInt8]) {
        self.count = count
        self.load = load
    }

    public subscript(_ partition: Int) -> [UInt8] {
        get throws { try load(partition) }
    }
}

/// What `combine` comes to.
public enum Combination: Sendable {
    /// One slice for each partition, in order.
    case slices([[UInt8]])
    /// Groups to examine or to apply to; `carry` goes on to `decide` untouched.
    case groups([Group], carry: [UInt8] = [])
}

/// Some records that belong together, by id and by where they lie.
public struct Group: Sendable, Hashable {
    /// Names the group among those of its stage; stable when other groups come and go.
    public var key: String
    public var members: [Member]
    /// What `apply` gets with the group.
    public var slice: [UInt8]

    /// A record by role and id, and where it lies: a hint for the engine, no part of any key.
    public typealias Member = GroupReference.Member

    public init(key: String, members: [Member], slice: [UInt8] = []) {
        self.key = key
        self.members = members
        self.slice = slice
    }
}

/// What `decide` decides from: each group that was examined with the verdict on it, in the order that `combine` gave.
/// Each is read when it is asked for, so that they need not fit into memory.
public struct Verdicts: Sendable {
    /// How many partitions there are, and so how many slices are wanted.
    public let partitionCount: Int
    public let carry: [UInt8]
    /// How many groups were examined.
    public let count: Int
    private let load: @Sendable (Int) throws -> (group: Group, verdict: [UInt8])

    package init(
        partitionCount: Int, carry: [UInt8], count: Int,
        load: @escaping @Sendable (Int) throws -> (group: Group, verdict: [UInt8])
    ) {
        self.partitionCount = partitionCount
        self.carry = carry
        self.count = count
        self.load = load
    }

    package init(partitionCount: Int, carry: [UInt8], groups: [(group: Group, verdict: [UInt8])]) {
        self.init(partitionCount: partitionCount, carry: carry, count: groups.count) { groups[$0] }
    }

    public subscript(_ group: Int) -> (group: Group, verdict: [UInt8]) {
        get throws { try load(group) }
    }
}
