import Glibc
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterProcesses

/// One process of a plugin, from its start to its end: talks with it in lines, while limits are watched. Used by one
/// thread at a time.
final class Worker {
    private let manifest: PluginManifest
    private let child: ChildProcess
    private var arrived = LineBuffer(size: PipeEnd.capacity)
    /// How much of its standard error belongs to earlier tasks.
    private var logged = 0
    private var tasks = 0

    var sandbox: Sandbox { child.sandbox }

    /// Starts the process and greets it.
    ///
    /// - Throws: `WorkerFault` for a plugin that cannot be started or is not the one its manifest says.
    init(_ manifest: PluginManifest, limits: WorkerLimits) throws {
        self.manifest = manifest
        let plugin = manifest.declaration.name
        do {
            child = try ChildProcess.start(Worker.launch(manifest, limits))
        } catch {
            throw WorkerFault(plugin: plugin, "cannot be started: \(error)")
        }
        do {
            try greet(limits)
        } catch {
            child.end()
            throw error
        }
    }

    private static func launch(_ manifest: PluginManifest, _ limits: WorkerLimits) -> Launch {
        var command = manifest.command
        if let first = command.first, first.contains("/"), !first.hasPrefix("/") { command[0] = manifest.folder + "/" + first }
        var environment = manifest.declaration.environment
        // A program must not find out where it is from its locale, and Python must write no files beside the plugin's.
        environment["LC_ALL"] = "C.UTF-8"
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        var launch = Launch(command, in: manifest.folder, environment: environment)
        launch.sandbox = SandboxRequest(
            manifest.sandbox.mode, readable: [.init(manifest.folder)] + manifest.readable.map { .init($0) },
            network: manifest.network)
        launch.limits = ProcessLimits(
            memory: limits.memory, processes: manifest.limits.processes, openFiles: manifest.limits.openFiles)
        return launch
    }

    private func greet(_ limits: WorkerLimits) throws {
        var answer: PluginMessage?
        var hello = [EngineMessage.hello(protocols: [PluginServer.version], engine: "headwater")].makeIterator()
        try exchange(limits, next: { hello.next()?.append(to: &$0) != nil }) { message in
            answer = message
            return true
        }
        guard case .hello(let version, let name, let pluginVersion)? = answer else {
            throw fault("does not greet: expected a hello first")
        }
        guard version == PluginServer.version else {
            throw fault("speaks version \(version) of the protocol, this program \(PluginServer.version) only")
        }
        let declared = manifest.declaration
        guard name == declared.name, pluginVersion == declared.version else {
            throw fault("says that it is \(name) \(pluginVersion), but its manifest says \(declared.name) \(declared.version)")
        }
    }

    /// Carries one task out: sends what it works on, and takes what it says until it is done.
    ///
    /// - Parameter next: appends the next line of the task's input; false when there are no more.
    func carryOut(
        _ session: TaskSession, _ limits: WorkerLimits, isStopping: () -> Bool, next: (inout [UInt8]) throws -> Bool
    ) throws {
        logged = child.log.written
        tasks += 1
        try exchange(limits, isStopping: isStopping, next: next) { message in
            try session.take(message)
            return session.isDone
        }
        guard arrived.count == 0 else {
            throw fault("went on after it had said that the task was done")
        }
    }

    /// What it wrote to standard error since the last task began.
    var log: [UInt8] {
        let log = child.log
        guard log.written > logged else { return [] }
        let all = Array(log.text.utf8)
        return Array(all.suffix(min(all.count, log.written - logged)))
    }

    /// Asks it to end, and ends it if it does not.
    func end() {
        send(EngineMessage.shutdown.line)
        closeInput()
        if child.wait(for: Worker.grace) == nil { child.end() }
    }

    /// Ends it at once.
    func kill() { child.end() }

    /// Sends a line that calls for no answer, if it still listens.
    func send(_ line: [UInt8]) {
        guard let input = child.input else { return }
        _ = line.withUnsafeBytes { write(input.descriptor, $0.baseAddress, $0.count) }
    }

    func closeInput() { child.input?.close() }

    func wait(for time: Duration) -> ProcessExit? { child.wait(for: time) }

    /// Begins a task and cancels it: it may still be carried out, or fail, but has to come to its end.
    func cancel(_ request: EngineMessage.TaskRequest, _ limits: WorkerLimits) throws {
        var messages = [EngineMessage.task(request), .cancel(task: request.task)].makeIterator()
        try exchange(limits, next: { messages.next()?.append(to: &$0) != nil }) { message in
            guard message.task == request.task else {
                throw fault("speaks of task \(message.task ?? 0) when task \(request.task) is cancelled")
            }
            switch message {
            case .done, .failed: return true
            default: return false
            }
        }
    }

    private static let grace = Duration.milliseconds(500)

    func fault(_ problem: String, isTransient: Bool = false) -> WorkerFault {
        WorkerFault(
            plugin: manifest.declaration.name, problem, isTransient: isTransient, log: String(decoding: log, as: UTF8.self))
    }

    // MARK: Talking

    /// Sends lines and takes messages, both as fast as the other side will have it, until `take` says that it was the last.
    private func exchange(
        _ limits: WorkerLimits, isStopping: () -> Bool = { false }, next: (inout [UInt8]) throws -> Bool,
        take: (PluginMessage) throws -> Bool
    ) throws {
        guard let input = child.input, let output = child.output else { throw fault("has no pipes") }
        let start = ContinuousClock.now
        var last = start
        var outgoing: [UInt8] = []
        var sent = 0
        var hasMore = true
        var taken = 0
        while true {
            // Lines are made as they are wanted: a slow plugin holds the engine back, and memory stays small.
            if hasMore, outgoing.count - sent < Worker.window {
                outgoing.removeFirst(sent)
                sent = 0
            }
            while hasMore, outgoing.count - sent < Worker.window {
                hasMore = try next(&outgoing)
            }
            var ends = [
                pollfd(fd: output.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: sent < outgoing.count ? input.descriptor : -1, events: Int16(POLLOUT), revents: 0),
            ]
            let count = poll(&ends, nfds_t(ends.count), Worker.patience)
            if count < 0, errno != EINTR { throw fault("cannot be talked to: \(String(cString: strerror(errno)))") }
            if isStopping() { throw WorkerStopped() }
            let now = ContinuousClock.now
            if now - start > .milliseconds(limits.time) {
                throw fault("took longer than its limit of \(limits.time) ms", isTransient: true)
            }
            if count > 0 { last = now }
            if now - last > .milliseconds(limits.idle) {
                throw fault("said nothing for longer than its limit of \(limits.idle) ms", isTransient: true)
            }
            if ends[1].revents != 0 {
                let written = outgoing[sent...].withUnsafeBytes { write(input.descriptor, $0.baseAddress, $0.count) }
                if written > 0 { sent += written }
                // It reads no more: what it still says tells why, or its end does.
                if written < 0, errno == EPIPE { (hasMore, outgoing, sent) = (false, [], 0) }
            }
            guard ends[0].revents != 0 else { continue }
            let isOpen = arrived.fill(from: output.descriptor) != 0
            while let line = arrived.next() {
                taken += line.count
                guard taken <= limits.output else {
                    throw fault("wrote more than its limit of \(limits.output) bytes for one task")
                }
                if try take(try message(line)) {
                    guard sent == outgoing.count, !hasMore else { throw fault("was done before it had read its input") }
                    return
                }
            }
            guard isOpen else { throw ended() }
            guard arrived.count <= limits.message else {
                throw fault("wrote a line longer than its limit of \(limits.message) bytes")
            }
        }
    }

    /// How many bytes wait to be sent, at most, before the plugin is waited for.
    private static let window = 1 << 16
    /// Milliseconds between two looks at the limits that time sets.
    private static let patience: Int32 = 100

    private func message(_ line: [UInt8]) throws -> PluginMessage {
        do {
            return try PluginMessage(line: line)
        } catch let error as JSONError {
            let start = String(decoding: line.prefix(60), as: UTF8.self)
            throw fault("wrote what is no JSON: \(error), in the line that begins \"\(start)\"")
        }
    }

    private func ended() -> WorkerFault {
        guard let exit = child.wait(for: Worker.grace) else {
            return fault("closed its standard output and goes on", isTransient: false)
        }
        let rest = arrived.count > 0 ? ", in the middle of a line" : ""
        return fault("\(exit) before the task was done\(rest)", isTransient: exit.breach == nil)
    }
}

/// The run is to stop: no fault of the plugin.
struct WorkerStopped: Error {}

/// What one task of a worker may take: the manifest's limits, and what the pipeline file says of the stage.
struct WorkerLimits: Sendable {
    /// Milliseconds.
    var time: Int
    /// Milliseconds.
    var idle: Int
    /// Bytes.
    var memory: Int
    /// Bytes.
    var output: Int
    /// Bytes.
    var message: Int

    init(_ limits: PluginManifest.Limits, timeout: Int?, memory: Int?) {
        time = timeout ?? limits.time
        idle = min(limits.idle, time)
        self.memory = memory ?? limits.memory
        output = limits.output
        message = limits.message
    }
}

extension PluginManifest.SandboxWish {
    var mode: SandboxRequest.Mode {
        switch self {
        case .required: .required
        case .preferred: .preferred
        case .off: .off
        }
    }
}
