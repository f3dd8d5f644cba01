import CSpawn
import Glibc

/// A launch with its program found and its descriptors open: all that is left is to start it.
///
/// Whoever made it closes the child's ends when the child has started, and ours too when it has not.
struct PreparedLaunch: Sendable {
    let launch: Launch
    let sandbox: Sandbox
    private let program: String
    private let arguments: [String]
    private let environment: [String]
    /// The child's ends of its standard streams, in order, and what tells the sandbox its arguments.
    private var theirs: [Int32] = []
    private var wrapping: Int32 = -1
    private(set) var input: PipeEnd?
    private(set) var output: PipeEnd?
    private(set) var errors: Int32 = -1

    init(_ launch: Launch, _ sandbox: Sandbox) throws(LaunchError) {
        self.launch = launch
        self.sandbox = sandbox
        guard let name = launch.arguments.first else { throw .noArguments }
        let environment = launch.wholeEnvironment
        try PreparedLaunch.checkForNul(launch, environment)
        let path = environment["PATH"] ?? Launch.standardPath
        guard let found = Program.find(name, path: path, from: launch.workingFolder) else { throw .noProgram(name, path: path) }
        let rest = launch.arguments.dropFirst()
        var view: [String] = []
        switch sandbox {
        case .none:
            program = found
            arguments = [found] + rest
            self.environment = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        case .bubblewrap(let wrapper):
            let bubblewrap = BubblewrapView(launch: launch)
            for path in [found, Program.resolved(found)] where !bubblewrap.shows(path) { throw .outsideSandbox(path) }
            program = wrapper
            arguments = [wrapper, "--args", "3", "--", launch.sandbox.inside(found)] + rest
            // The child's variables are for the child: bubblewrap, which runs outside, must not obey them.
            self.environment = []
            view = bubblewrap.arguments
        }
        do {
            if !view.isEmpty { wrapping = try PreparedLaunch.memoryFile(holding: view) }
            try openStreams()
        } catch {
            closeTheirEnds()
            closeOurEnds()
            throw error
        }
    }

    private static func checkForNul(_ launch: Launch, _ environment: [String: String]) throws(LaunchError) {
        if launch.arguments.contains(where: { $0.utf8.contains(0) }) { throw .nulByte(in: "an argument of the command") }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.utf8.contains(0) || value.utf8.contains(0) {
            throw .nulByte(in: "the variable \(name)")
        }
        let views = launch.sandbox.readable + launch.sandbox.writable
        for path in [launch.workingFolder] + views.flatMap({ [$0.path, $0.inside] }) where path.utf8.contains(0) {
            throw .nulByte(in: "the path \(path)")
        }
    }

    // MARK: Descriptors

    private mutating func openStreams() throws(LaunchError) {
        switch launch.standardInput {
        case .pipe:
            let pipe = try Pipe()
            pipe.widen()
            theirs.append(pipe.reading)
            Pipe.doNotBlock(pipe.writing)
            input = PipeEnd(pipe.writing)
        case .null: theirs.append(try PreparedLaunch.open("/dev/null", O_RDONLY))
        case .file(let path): theirs.append(try PreparedLaunch.open(path, O_RDONLY))
        }
        switch launch.standardOutput {
        case .pipe:
            let pipe = try Pipe()
            pipe.widen()
            theirs.append(pipe.writing)
            Pipe.doNotBlock(pipe.reading)
            output = PipeEnd(pipe.reading)
        case .null: theirs.append(try PreparedLaunch.open("/dev/null", O_WRONLY))
        case .file(let path): theirs.append(try PreparedLaunch.open(path, O_WRONLY | O_CREAT | O_EXCL))
        }
        let pipe = try Pipe()
        theirs.append(pipe.writing)
        Pipe.doNotBlock(pipe.reading)
        errors = pipe.reading
    }

    private static func open(_ path: String, _ flags: Int32) throws(LaunchError) -> Int32 {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(errno, "open \(path) for the command") }
        return descriptor
    }

    /// A file without a name that holds the strings, each ended by NUL, to be read from its start: arguments of another process can
    /// be read by everybody on the machine.
    private static func memoryFile(holding strings: [String]) throws(LaunchError) -> Int32 {
        let descriptor = child_memory_file("sandbox")
        guard descriptor >= 0 else { throw .system(errno, "make a file in memory") }
        let bytes = strings.reduce(into: [UInt8]()) { $0 += Array($1.utf8) + [0] }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let code = errno
                close(descriptor)
                throw .system(code, "write a file in memory")
            }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    mutating func closeTheirEnds() {
        for descriptor in theirs + [wrapping] where descriptor >= 0 { close(descriptor) }
        theirs = []
        wrapping = -1
    }

    mutating func closeOurEnds() {
        if errors >= 0 { close(errors) }
        errors = -1
        input = nil
        output = nil
    }

    // MARK: Starting

    /// Starts it, from the thread that it shall die with.
    ///
    /// - Parameter userTasks: how many tasks our user runs already.
    func spawn(userTasks: Int) throws(LaunchError) -> pid_t {
        let limits = launch.limits.ofTheKernel(userTasks: userTasks)
        var (step, code): (Int32, Int32) = (0, 0)
        let process = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                limits.withUnsafeBufferPointer { limits in
                    program.withCString { program in
                        launch.workingFolder.withCString { folder in
                            var order = child_order()
                            order.path = program
                            order.arguments = arguments
                            order.environment = environment
                            // In a sandbox the folder is the sandbox's to enter; it may have another name there.
                            order.folder = folder
                            order.standard = (theirs[0], theirs[1], theirs[2])
                            order.extra = wrapping
                            // Where namespaces need rights, bubblewrap is installed with them and gives them up itself.
                            order.may_gain_privileges = wrapping >= 0 ? 1 : 0
                            order.limits = limits.baseAddress
                            order.limit_count = limits.count
                            return child_spawn(&order, &step, &code)
                        }
                    }
                }
            }
        }
        guard process >= 0 else { throw .system(code, action(of: child_step(UInt32(step)))) }
        return process
    }

    private func action(of step: child_step) -> String {
        switch step {
        case child_step_fork: "start a process"
        case child_step_descriptors: "give the process its standard streams"
        case child_step_folder: "enter the folder \(launch.workingFolder)"
        case child_step_limits: "limit the process"
        default: "run \(program)"
        }
    }
}

/// Calls with the strings as C has them, the last followed by NULL.
private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R) -> R {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return (copies + [nil]).withUnsafeBufferPointer { pointers in
        pointers.withMemoryRebound(to: UnsafeMutablePointer<CChar>?.self) { body($0.baseAddress.unsafelyUnwrapped) }
    }
}
