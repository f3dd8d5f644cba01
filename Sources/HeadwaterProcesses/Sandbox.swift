import Glibc
import Synchronization

/// What keeps a child from the rest of the machine: bubblewrap where it is installed and works, otherwise nothing, and why.
public enum Sandbox: Sendable, Equatable {
    case bubblewrap(program: String)
    case none(reason: String)

    /// What a child with this request gets.
    ///
    /// Bubblewrap is believed only after it has run a program once: on some systems it is installed and may not make the
    /// namespaces it needs. The answer is kept for as long as this process lives.
    public static func choose(_ mode: SandboxRequest.Mode) throws(LaunchError) -> Sandbox {
        guard mode != .off else { return .none(reason: "not asked for") }
        let path = getenv("PATH").map { String(cString: $0) } ?? Launch.standardPath
        let found = answers.withLock { $0[path] } ?? tried(on: path)
        answers.withLock { $0[path] = found }
        if mode == .required, case .none(let reason) = found { throw .noSandbox(reason) }
        return found
    }

    private static let answers = Mutex<[String: Sandbox]>([:])

    static func tried(on path: String) -> Sandbox {
        guard let program = Program.find("bwrap", path: path) else {
            return .none(reason: "bwrap is not installed; on Debian: apt-get install bubblewrap")
        }
        guard let harmless = Program.find("true", path: Launch.standardPath) else {
            return .none(reason: "there is no program to try it with")
        }
        var trial = Launch([harmless], in: "/")
        trial.sandbox = SandboxRequest(.required)
        trial.standardInput = .null
        trial.standardOutput = .null
        do {
            let child = try ChildProcess.start(trial, in: .bubblewrap(program: program))
            guard let exit = child.wait(for: .seconds(10)) else { return .none(reason: "\(program) hangs") }
            if exit.isSuccess { return .bubblewrap(program: program) }
            let said = child.log.text.split(separator: "\n").first.map(String.init) ?? "it \(exit)"
            return .none(reason: "\(program) does not work here: \(said)")
        } catch {
            return .none(reason: "\(program) does not start: \(error)")
        }
    }
}

extension Sandbox: CustomStringConvertible {
    /// "bubblewrap", or "none: " and why.
    public var description: String {
        switch self {
        case .bubblewrap: "bubblewrap"
        case .none(let reason): "none: \(reason)"
        }
    }
}
