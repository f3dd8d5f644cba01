/// What a child is to be kept from, and how firmly that is wanted.
public struct SandboxRequest: Sendable, Equatable {
    public var mode: Mode
    /// What the child may read besides the system's own folders.
    public var readable: [View]
    /// What it may also change. Of views that lie in each other the inner one holds for what it shows.
    public var writable: [View]
    public var network: Bool

    public enum Mode: String, Sendable, CaseIterable {
        /// The child is not started without a sandbox.
        case required
        /// A sandbox where there is one.
        case preferred
        case off
    }

    /// A file or folder, and the path under which the child sees it when it is in a sandbox.
    public struct View: Sendable, Equatable {
        public var path: String
        public var inside: String

        public init(_ path: String, inside: String? = nil) {
            self.path = path
            self.inside = inside ?? path
        }
    }

    public init(_ mode: Mode = .off, readable: [View] = [], writable: [View] = [], network: Bool = false) {
        self.mode = mode
        self.readable = readable
        self.writable = writable
        self.network = network
    }

    /// The path by which a child in a sandbox reaches what lies at `path` outside.
    func inside(_ path: String) -> String {
        guard mode != .off else { return path }
        let views = (readable + writable).filter { path == $0.path || path.hasPrefix($0.path + "/") }
        guard let view = views.max(by: { $0.path.utf8.count < $1.path.utf8.count }) else { return path }
        return view.inside + path.dropFirst(view.path.count)
    }
}
