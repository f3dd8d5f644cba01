/// What `plugin.yaml` says of a plugin out of process: what it is, how it is started, and what it may do.
public struct PluginManifest: Sendable {
    public var declaration: PluginDeclaration
    /// The absolute path of the folder that the plugin lies in.
    public var folder: String
    /// The program, by a path in the folder or a name that `PATH` finds, and its arguments.
    public var command: [String]
    public var limits: Limits
    /// Absolute paths that the plugin may read besides its folder and the system's own.
    public var readable: [String]
    public var network: Bool
    public var sandbox: SandboxWish

    /// How firmly a sandbox is wanted.
    public enum SandboxWish: String, Sendable, CaseIterable { case required, preferred, off }

    /// How much one worker may take. Each has a default, so that a plugin that hangs or floods is always ended.
    public struct Limits: Sendable, Equatable {
        /// Milliseconds that one task may take.
        public var time = 600_000
        /// Milliseconds without a message in either direction.
        public var idle = 60_000
        /// Resident bytes of the worker and all that it starts.
        public var memory = 2 << 30
        /// Bytes that one task may write to standard output.
        public var output = 1 << 30
        /// Bytes of one message.
        public var message = 64 << 20
        /// Open descriptors of each process.
        public var openFiles = 256
        /// Processes and threads, all together.
        public var processes = 64

        public init() {}
    }

    public init(
        declaration: PluginDeclaration, folder: String, command: [String], limits: Limits = Limits(), readable: [String] = [],
        network: Bool = false, sandbox: SandboxWish = .preferred
    ) {
        self.declaration = declaration
        self.folder = folder
        self.command = command
        self.limits = limits
        self.readable = readable
        self.network = network
        self.sandbox = sandbox
    }
}
