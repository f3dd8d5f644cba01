public import HeadwaterModel
public import HeadwaterPluginKit
import HeadwaterProcesses
import Synchronization

/// Runs a program on files, once, in a folder that holds its declared inputs and nothing else.
///
/// Knows nothing of what the program does; whether it gives the same bytes twice is the program's own affair.
public struct Command: Stage, FolderStage {
    public static let declaration = PluginDeclaration(
        name: "command", version: "1", summary: "runs a program on files and keeps the files it makes", inputs: [],
        rounds: .folder,
        parameters: [
            ParameterDeclaration("run", .list(of: .text), help: "the program, by name or path, and its arguments"),
            ParameterDeclaration("outputs", .list(of: .text), help: "files and folders it makes, relative to its folder"),
            ParameterDeclaration(
                "each", .text, default: "",
                help: "an input: the program is run for each of its files, and {} stands for the file's path"),
            ParameterDeclaration(
                "environment", .schema(.texts), default: .object([:]),
                help: "its environment variables; it has no others but PATH and PWD"),
            ParameterDeclaration("stdin", .text, default: "", help: "the file it reads as standard input: inputs/pages.jsonl"),
            ParameterDeclaration("stdout", .text, default: "", help: "the output that its standard output is written to"),
            ParameterDeclaration(
                "sandbox", .choice(SandboxRequest.Mode.allCases.map(\.rawValue)), default: "preferred", isPlace: true,
                help: "whether it must, should or need not be kept from the rest of the machine; changes nothing it may see"),
            ParameterDeclaration("network", .boolean, default: false, help: "whether it may use the network inside the sandbox"),
            ParameterDeclaration(
                "readable", .list(of: .text), default: .array([]), isPlace: true,
                help: "absolute paths of folders outside the system's own that hold the program itself"),
        ],
        emits: [], hasOwnProcess: true)

    public let outputs: [String]
    public let divided: String?
    private let arguments: [String]
    private let environment: [String: String]
    private let input: String
    private let output: String
    private let parameters: Parameters
    private let sandbox: SandboxRequest.Mode
    private let network: Bool
    private let readable: [String]
    private let got: Got

    /// What the last task got of the sandbox it asked for.
    private final class Got: Sendable {
        let sandbox = Mutex<Sandbox?>(nil)
    }

    public init(parameters: Parameters) throws { try self.init(parameters, for: nil, Got()) }

    /// - Parameter file: the one file of the input that `each` names; nil for what holds of all of them.
    private init(_ parameters: Parameters, for file: FileName?, _ got: Got) throws {
        self.got = got
        func filled(_ text: String) -> String { file?.filled(into: text) ?? text }
        self.parameters = parameters
        let each = parameters.text("each")
        divided = each.isEmpty ? nil : each
        arguments = parameters.texts("run").map(filled)
        outputs = parameters.texts("outputs").map(filled)
        environment = parameters.values["environment"]?.object?.compactMapValues(\.string) ?? [:]
        input = filled(parameters.text("stdin"))
        output = filled(parameters.text("stdout"))
        sandbox = SandboxRequest.Mode(rawValue: parameters.text("sandbox")) ?? .preferred
        network = parameters.bool("network")
        readable = parameters.texts("readable")
        if let index = readable.firstIndex(where: { !$0.hasPrefix("/") }) {
            throw StageError(
                "a readable folder needs an absolute path, not \(readable[index])", parameter: "readable", element: index)
        }
        guard !arguments.isEmpty else { throw StageError("there is no program to run", parameter: "run") }
        guard !outputs.isEmpty else {
            throw StageError("a command without outputs makes nothing that can be kept", parameter: "outputs")
        }
        for (index, path) in outputs.enumerated() {
            func refuse(_ problem: String) -> StageError {
                StageError("the output \(path) \(problem)", parameter: "outputs", element: index)
            }
            guard FileTree.isRelative(path) else { throw refuse("is no path inside the command's folder") }
            if path == WorkFolder.inputs || path.hasPrefix(WorkFolder.inputs + "/") { throw refuse("lies among the inputs") }
            if path == WorkFolder.lineage {
                throw refuse("has the name of the file in which a command tells where bytes came from")
            }
            if outputs[..<index].contains(path) { throw refuse("is named twice") }
            if divided != nil && file == nil && !FileName.isMeant(by: path) {
                throw refuse("would be made for each file anew; expected {} or {.} in it, for the file's path")
            }
        }
        if !input.isEmpty && !FileTree.isRelative(input) {
            throw StageError("\"stdin\" is no path inside the command's folder: \(input)", parameter: "stdin")
        }
        if !output.isEmpty && !outputs.contains(output) {
            throw StageError("\"stdout\" is not among the outputs: \(output)", parameter: "stdout")
        }
    }

    public func part(_ path: String) throws -> any FolderStage { try Command(parameters, for: FileName(path), got) }

    public var confinement: String? { got.sandbox.withLock { $0?.description } }

    public func work(in folder: WorkFolder, _ context: TaskContext) throws {
        var launch = Launch(arguments, in: folder.path, environment: environment)
        launch.sandbox = SandboxRequest(
            sandbox,
            readable: readable.map { .init($0) } + [
                .init(folder.path + "/" + WorkFolder.inputs, inside: Command.folderInSandbox + "/" + WorkFolder.inputs)
            ],
            writable: [.init(folder.path, inside: Command.folderInSandbox)], network: network)
        launch.limits.memory = folder.memory
        launch.limits.processes = Command.mostProcesses
        launch.standardInput = input.isEmpty ? .null : .file(folder.path + "/" + input)
        launch.standardOutput = output.isEmpty ? .null : .file(folder.path + "/" + output)
        let child: ChildProcess
        do {
            child = try ChildProcess.start(launch)
        } catch {
            throw StageError("\(error)", parameter: "run")
        }
        got.sandbox.withLock { $0 = child.sandbox }
        defer { context.journal.log(Array(child.log.text.utf8)) }
        let exit = try finish(child, within: folder.timeout, context)
        guard exit.isSuccess else { throw StageError("\(arguments[0]) \(exit)\(tail(of: child.log))", isTransient: true) }
    }

    private func finish(_ child: ChildProcess, within timeout: Int?, _ context: TaskContext) throws -> ProcessExit {
        let start = ContinuousClock.now
        while true {
            if let exit = child.wait(for: .milliseconds(50)) { return exit }
            if context.isStopping {
                child.end(grace: Command.grace)
                throw StageStopped()
            }
            if let timeout, ContinuousClock.now - start > .milliseconds(timeout) {
                child.end(grace: Command.grace)
                throw StageError(
                    "\(arguments[0]) took longer than its \(timeout) ms, and was ended\(tail(of: child.log))", isTransient: true)
            }
        }
    }

    /// The end of what it said, for a message.
    private func tail(of log: BoundedLog) -> String {
        let lines = log.text.split(separator: "\n", omittingEmptySubsequences: true).suffix(Command.mostLines)
        return lines.isEmpty ? "" : "; it said last: " + lines.joined(separator: " | ")
    }

    /// Where the program finds its folder inside a sandbox: the same for each task and on each machine, so that a program that
    /// writes the path of its folder into its outputs writes the same bytes. A place that no distribution of Linux uses (it is
    /// not in the Filesystem Hierarchy Standard 3.0). Without a sandbox the folder has a name of its own in `TMPDIR`.
    private static let folderInSandbox = "/work"
    private static let mostLines = 3
    private static let grace = Duration.seconds(2)
    /// More than any build tool starts, and less than a machine can bear.
    private static let mostProcesses = 4096
}
