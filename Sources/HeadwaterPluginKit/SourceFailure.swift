/// Why one source cannot be had, although others can: thrown where a source is retrieved.
public struct SourceFailure: TransientFailure, Sendable, Hashable {
    /// What is wrong, as the end of a sentence. Part of a task key, so that it holds nothing that differs from one try to the
    /// next: no time, no port, no message of a library.
    public var reason: String
    /// One word for the kind of failure, such as `status` or `robots`.
    public var cause: String
    /// Further facts for the record of what was missed. Part of a task key as well.
    public var facts: [String: String]
    /// Whether another try soon may do better.
    public var isTransient: Bool
    /// Whether the answer stands until somebody asks anew, as that of a page that is gone.
    public var isLasting: Bool
    /// How the network came to it, if it answered at all.
    public var response: Response?

    public init(
        _ reason: String, cause: String, facts: [String: String] = [:], isTransient: Bool = false, isLasting: Bool = false,
        response: Response? = nil
    ) {
        self.reason = reason
        self.cause = cause
        self.facts = facts
        self.isTransient = isTransient
        self.isLasting = isLasting
        self.response = response
    }
}

extension SourceFailure: CustomStringConvertible {
    public var description: String { reason }
}

/// A source that could not be had: it stands in its partition with the reason, and in the records as what was left out.
public struct MissedSource: Sendable {
    public var locator: String
    /// Of the failure: `reason` and `cause` among them.
    public var facts: [String: String]

    package init(locator: String, facts: [String: String]) {
        self.locator = locator
        self.facts = facts
    }
}

/// How many of the sources that are asked for, rather than looked up, a stage needs.
public enum SourceRequirement: String, Sendable, CaseIterable {
    /// One that cannot be had is the stage's failure.
    case all
    /// At least one of them, if there are any.
    case any
    case none
}
