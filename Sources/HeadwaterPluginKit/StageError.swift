/// Why a stage cannot do what it was asked, in words for the person who wrote the pipeline file.
public struct StageError: TransientFailure, Sendable, CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public var description: String
    /// The parameter at fault, so that the message can point at its line in the pipeline file.
    public var parameter: String?
    /// Which element of the parameter's list.
    public var element: Int?
    /// What is wrong besides, each with its own place: a stage that looks at many things tells of all of them at once.
    public var others: [StageError] = []
    public var isTransient: Bool

    public init(_ description: String, parameter: String? = nil, element: Int? = nil, isTransient: Bool = false) {
        self.description = description
        self.parameter = parameter
        self.element = element
        self.isTransient = isTransient
    }

    static func undeclaredRound(_ round: String, _ plugin: String) -> StageError {
        StageError("the plugin \(plugin) declares a round it does not have: \(round)")
    }
}

/// A task that a stage gave up because the run is to stop: no failure of anything.
public struct StageStopped: Error {
    public init() {}
}
