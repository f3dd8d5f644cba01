import Foundation
import HeadwaterModel
import HeadwaterProcesses
import HeadwaterStore

/// The private folder in which a pipeline is executed again, and the process that does it.
final class RebuildRoom {
    let path: String
    private let isKept: Bool

    /// - Parameter kept: a folder that stays; a temporary one, removed at the end, where there is none.
    init(keeping kept: String?) throws {
        isKept = kept != nil
        if let kept {
            path = URL(fileURLWithPath: kept).standardizedFileURL.path
            let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            guard found.isEmpty else {
                throw CommandFault("--keep \(kept): the folder is not empty; name one that is new or empty")
            }
        } else {
            path =
                FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/headwater-rebuild-\(UUID().uuidString)"
        }
        do {
            for name in ["", "/published", "/tmp"] {
                try FileManager.default.createDirectory(atPath: path + name, withIntermediateDirectories: true)
            }
        } catch {
            throw SystemRefusal("the folder \(path) cannot be made", error)
        }
    }

    deinit { if !isKept { try? FileManager.default.removeItem(atPath: path) } }

    /// What became of the execution.
    struct Outcome {
        var conditions: RebuildConditions
        /// With the store of the execution open.
        var run: RunID
        var store: Store
        /// What went wrong with its stages.
        var failures: [String]
    }

    /// Executes the order in a process of its own, and waits for it.
    func carryOut(_ order: RebuildOrder) throws -> Outcome {
        var order = order
        let sandbox = try Sandbox.choose(.preferred)
        if case .bubblewrap = sandbox { order.conditions.isConfined = true }
        do {
            try Data(order.json.canonical).write(to: URL(fileURLWithPath: path + "/" + RebuildOrder.name))
        } catch {
            throw SystemRefusal("the folder \(path) cannot be written to", error)
        }
        var launch = Launch(try arguments(sandbox, order.conditions), in: FileManager.default.currentDirectoryPath)
        launch.environment = environment(order.conditions)
        (launch.standardInput, launch.standardOutput) = (.null, .null)
        let child = try ChildProcess.start(launch)
        let signals = Interruption.watch { child.end(grace: .seconds(5)) }
        defer { signals.cancel() }
        var exit: ProcessExit?
        while exit == nil { exit = child.wait(for: .seconds(3600)) }
        if exit?.wasEnded == true { throw ExitStatus.interrupted }
        let data = FileManager.default.contents(atPath: path + "/" + RebuildOrder.answerName) ?? Data()
        guard let answer = try? JSON(parsing: Array(data)) else {
            throw RebuildFault("the process that rebuilds \(exit.map { "\($0)" } ?? "is gone"): \(child.log.text)")
        }
        if let fault = answer["fault"]?.string { throw RebuildFault("the pipeline cannot be executed again: \(fault)") }
        guard let run = answer["run"]?.string.flatMap({ RunID($0) }) else {
            throw RebuildFault("the process that rebuilds gave no answer that can be read")
        }
        return Outcome(
            conditions: order.conditions, run: run, store: try Store.open(at: path + "/store", .read),
            failures: (answer["failures"]?.array ?? []).compactMap(\.string))
    }

    /// All is there to be read, as plugins may lie anywhere; the private folder alone can be written to.
    private func arguments(_ sandbox: Sandbox, _ conditions: RebuildConditions) throws -> [String] {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let command = [program, "rebuild-worker", path]
        guard case .bubblewrap(let wrapper) = sandbox else { return command }
        // A sandbox inside of this one makes a /proc of its own, which the kernel allows only where it can be written to.
        let view = ["--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc", "--bind", path, path]
        return [wrapper] + view + localTime(conditions) + ["--unshare-net", "--die-with-parent", "--"] + command
    }

    /// The system's own time zone, for programs that ask no variable.
    private func localTime(_ conditions: RebuildConditions) -> [String] {
        let zone = "/usr/share/zoneinfo/" + conditions.timeZone
        let local = URL(fileURLWithPath: "/etc/localtime").resolvingSymlinksInPath().path
        guard FileManager.default.fileExists(atPath: zone), FileManager.default.fileExists(atPath: local) else { return [] }
        return ["--ro-bind", zone, local]
    }

    private func environment(_ conditions: RebuildConditions) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("LC_") && !["LANG", "LANGUAGE", "SWIFT_DETERMINISTIC_HASHING", "PYTHONHASHSEED"].contains(name)
        }
        environment["TZ"] = conditions.timeZone
        environment["LC_ALL"] = conditions.locale
        environment["TMPDIR"] = path + "/tmp"
        return environment
    }
}

/// Why nothing could be executed again, so that nothing is proven.
struct RebuildFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
