import Glibc

/// Why a child could not be started.
public enum LaunchError: Error, Equatable {
    case noArguments
    /// The command is not to be found on this `PATH`, or is no program.
    case noProgram(String, path: String)
    /// A NUL byte in an argument, a variable or a path would cut it short.
    case nulByte(in: String)
    /// A sandbox is required, and there is none for this reason.
    case noSandbox(String)
    /// The program exists, but lies where the sandbox does not reach.
    case outsideSandbox(String)
    case system(Int32, String)
}

extension LaunchError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noArguments: "there is no command to run"
        case .noProgram(let name, let path):
            name.contains("/") ? "there is no program at \(name)" : "there is no program \(name) on PATH (\(path))"
        case .nulByte(let place): "\(place) holds a NUL byte, which no process can be given"
        case .noSandbox(let reason): "a sandbox is required, and there is none: \(reason)"
        case .outsideSandbox(let path):
            "the program \(path) lies outside what its sandbox shows: name its folder as readable, or run it without a sandbox"
        case .system(let code, let action): "cannot \(action): \(String(cString: strerror(code)))"
        }
    }
}
