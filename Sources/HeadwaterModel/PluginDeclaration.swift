/// What a plugin says of itself: its name, the version of its behaviour, what it takes, what it makes. The same
/// facts whether it runs in process or out of it.
public struct PluginDeclaration: Sendable {
    public var name: String
    /// Raised whenever the same input could give another output; part of every task key.
    public var version: String
    /// One line for listings.
    public var summary: String
    /// Inputs by role, in the order in which `needs` lists them. A plugin without inputs reads sources.
    public var inputs: [InputRole]
    public var rounds: Rounds
    /// Other rounds that it takes where a parameter has a certain value.
    public var otherRounds: [OtherRounds]
    public var parameters: [ParameterDeclaration]
    /// Kinds of the records it emits.
    public var emits: [String]
    /// Versions of linked libraries that can change its output; part of every task key.
    public var libraries: [String: String]
    /// Of all files that a plugin from outside is made of; part of every task key. Built-in plugins have none.
    public var digest: Digest?
    /// The environment variables that the plugin may see, with their values; part of every task key.
    public var environment: [String: String] = [:]
    /// Whether its tasks run in processes of their own, which can be stopped when their time is up and held to a limit of
    /// memory.
    public var hasOwnProcess: Bool
    /// Whether the same input always gives the same output. Where it does not, that is no news when it happens.
    public var isDeterministic = true

    public init(
        name: String, version: String, summary: String, inputs: [InputRole], rounds: Rounds = .apply,
        parameters: [ParameterDeclaration] = [], emits: [String], libraries: [String: String] = [:],
        digest: Digest? = nil, hasOwnProcess: Bool = false, otherRounds: [OtherRounds] = []
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.inputs = inputs
        self.rounds = rounds
        self.otherRounds = otherRounds
        self.parameters = parameters
        self.emits = emits
        self.libraries = libraries
        self.digest = digest
        self.hasOwnProcess = hasOwnProcess
    }

    /// The rounds that a stage takes instead, and when.
    public struct OtherRounds: Sendable, Equatable {
        public var parameter: String
        public var value: JSON
        public var rounds: Rounds

        public init(parameter: String, value: JSON, rounds: Rounds) {
            self.parameter = parameter
            self.value = value
            self.rounds = rounds
        }
    }

    /// What it says of itself when it is given these parameters.
    public func given(_ parameters: Parameters) -> PluginDeclaration {
        var declaration = self
        if let other = otherRounds.first(where: { parameters.values[$0.parameter] == $0.value }) {
            declaration.rounds = other.rounds
        }
        return declaration
    }

    /// One input of a stage.
    public struct InputRole: Sendable, Equatable {
        public var name: String
        /// Whether the stage can do without it.
        public var isOptional: Bool

        public init(_ name: String, optional: Bool = false) {
            self.name = name
            isOptional = optional
        }
    }

    /// The rounds a stage takes, and what its last one is applied to.
    public enum Rounds: String, Sendable, Equatable {
        /// Reads sources from outside; has no input.
        case read
        /// `apply` on each partition: record-wise.
        case apply
        /// `sketch`, `combine`, `apply` on each partition with its slice.
        case combine
        /// All five: `sketch`, `combine`, `examine`, `decide`, `apply` on each partition with its slice.
        case examine
        /// `sketch`, `combine`, `apply` on each group that `combine` formed.
        case group
        /// `apply` once, on whole inputs, given as files; leaves files. Takes any inputs, each under a role of the user's choice.
        case folder
    }
}
