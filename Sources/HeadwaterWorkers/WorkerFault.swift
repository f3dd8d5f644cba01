public import HeadwaterPluginKit

/// Why a plugin in a process of its own did not carry a task out: what it said that cannot be, which limit it went over,
/// or how its process ended.
public struct WorkerFault: TransientFailure, Sendable, CustomStringConvertible {
    public var plugin: String
    public var problem: String
    /// Whether another try may come to something: a process that died may not die again, a lie will be told again.
    public var isTransient: Bool
    /// The end of what the process wrote to standard error since the task began.
    public var log: String

    init(plugin: String, _ problem: String, isTransient: Bool = false, log: String = "") {
        self.plugin = plugin
        self.problem = problem
        self.isTransient = isTransient
        self.log = log
    }

    public var description: String {
        let said = log.split(separator: "\n", omittingEmptySubsequences: true).suffix(WorkerFault.shownLines)
        let lines = said.map { "\n  | \($0.prefix(WorkerFault.shownCharacters))" }.joined()
        return "the plugin \(plugin) \(problem)" + (said.isEmpty ? "" : "; the end of its log:\(lines)")
    }

    private static let shownLines = 8
    private static let shownCharacters = 200
}
