/// What a child process is started with. Nothing reaches the child but what stands here: no variable of ours, no
/// descriptor, no signal handler.
public struct Launch: Sendable {
    /// The program, by path or by a name that the launch's own `PATH` finds, then its arguments.
    public var arguments: [String]
    /// An absolute path.
    public var workingFolder: String
    /// All of it; `PWD` is added, and `PATH` too where it is missing.
    public var environment: [String: String]
    public var sandbox = SandboxRequest()
    public var limits = ProcessLimits()
    public var standardInput = Stream.pipe
    public var standardOutput = Stream.pipe
    /// How many bytes of the start of standard error, and how many of its end, are kept.
    public var keptLog = 32 << 10

    /// Where a standard stream of the child leads.
    public enum Stream: Sendable, Equatable {
        /// To us: `ChildProcess.input` and `.output`.
        case pipe
        /// Nothing is read, or what is written is lost.
        case null
        /// A file by its absolute path; one that is written is made, and must not exist.
        case file(String)
    }

    public init(_ arguments: [String], in workingFolder: String, environment: [String: String] = [:]) {
        self.arguments = arguments
        self.workingFolder = workingFolder
        self.environment = environment
    }

    /// Where programs are looked for if the environment does not say.
    public static let standardPath = "/usr/local/bin:/usr/bin:/bin"

    /// The environment as the child gets it.
    var wholeEnvironment: [String: String] {
        ["PATH": Launch.standardPath].merging(environment) { _, given in given }
            .merging(["PWD": sandbox.inside(workingFolder)]) { _, folder in folder }
    }
}
