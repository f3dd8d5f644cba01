import Foundation
import HeadwaterModel
import HeadwaterTesting

/// A folder of its own with a pipeline and pages, and the built command to run there, as a user would.
final class Workspace {
    let folder: TemporaryFolder

    /// What a command said and how it ended.
    struct Answer {
        var status: Int32
        var output: String
        var errors: String

        /// Standard output as JSON values, one a line.
        var json: [JSON] { (try? JSONLines.decode(Array(output.utf8))) ?? [] }
    }

    init() throws { folder = try TemporaryFolder() }

    var path: String { folder.path }

    /// The repository's folder, found from where this file lies.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The command as the package builds it, beside the tests themselves.
    static let command: String = {
        let tests = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("headwater").path
    }()

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path).appendingPathComponent(name)))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    /// The sample pages and the quickstart, copied here.
    func copySamples() throws {
        try FileManager.default.createDirectory(atPath: path + "/pipelines", withIntermediateDirectories: true)
        for name in ["pipelines/samples", "pipelines/quickstart.yaml"] {
            try FileManager.default.copyItem(atPath: Workspace.repository + "/" + name, toPath: path + "/" + name)
        }
    }

    /// Copies a folder of the repository here.
    func copy(_ folder: String, to name: String) throws {
        let target = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder, toPath: target.path)
    }

    /// Whether bubblewrap works here: where namespaces are forbidden it does not.
    static let hasSandbox: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return false
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// A folder that has Python and nothing else, for a `PATH` on which no bubblewrap is found.
    func pathWithoutSandbox() throws -> String {
        let tools = path + "/tools"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: tools + "/python3", withDestinationPath: "/usr/bin/python3")
        return tools
    }

    /// Starts the command here without waiting for its end.
    func start(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (process: Process, output: Pipe, errors: Pipe) {
        try start(Workspace.command, arguments, environment)
    }

    /// Runs another program here, found as a shell finds it.
    func execute(_ arguments: String...) throws -> Answer {
        Workspace.answer(try start("/usr/bin/env", arguments, [:]))
    }

    /// Starts any program here without waiting for its end.
    func start(
        _ executable: String, _ arguments: [String], _ environment: [String: String]
    ) throws -> (process: Process, output: Pipe, errors: Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        var all = ProcessInfo.processInfo.environment
        all.merge(environment) { $1 }
        process.environment = all
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return (process, output, errors)
    }

    @discardableResult
    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Answer {
        let started = try start(arguments, environment: environment)
        return Workspace.answer(started)
    }

    static func answer(_ started: (process: Process, output: Pipe, errors: Pipe)) -> Answer {
        // Both pipes are read at once: a command that fills one must not wait for the other.
        let errors = Reading(started.errors)
        let output = started.output.fileHandleForReading.readDataToEndOfFile()
        started.process.waitUntilExit()
        return Answer(
            status: started.process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors.wait(), as: UTF8.self))
    }

    /// Reads a pipe to its end on a thread of its own.
    private final class Reading: @unchecked Sendable {  // `data` is written before `done` is signalled, and read after
        private var data = Data()
        private let done = DispatchSemaphore(value: 0)

        init(_ pipe: Pipe) {
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread {
                self.data = handle.readDataToEndOfFile()
                self.done.signal()
            }
        }

        func wait() -> Data {
            done.wait()
            return data
        }
    }
}
