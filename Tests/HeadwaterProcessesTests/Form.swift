import Foundation
import HeadwaterTesting
import Testing

@testable import HeadwaterProcesses

/// The two ways in which every law of children is checked.
enum Form: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case open, sandboxed

    var testDescription: String { rawValue }

    /// Those that this machine can do.
    static let possible: [Form] = if case .bubblewrap = sandbox { allCases } else { [.open] }

    static let sandbox = Sandbox.tried(on: Launch.standardPath)

    func start(
        _ arguments: [String], in folder: String = "/", environment: [String: String] = [:],
        limits: ProcessLimits = ProcessLimits(),
        change: (inout Launch) -> Void = { _ in }
    ) throws -> ChildProcess {
        var launch = Launch(arguments, in: folder, environment: environment)
        launch.limits = limits
        launch.sandbox.mode = self == .open ? .off : .required
        if folder != "/" { launch.sandbox.writable = [.init(folder)] }
        change(&launch)
        return try ChildProcess.start(launch)
    }

    func shell(_ script: String, in folder: String = "/", limits: ProcessLimits = ProcessLimits()) throws -> ChildProcess {
        try start(["sh", "-c", script], in: folder, limits: limits)
    }
}

extension ChildProcess {
    /// Everything on standard output until its end, and how the child ended.
    func finish(sourceLocation: SourceLocation = #_sourceLocation) throws -> (output: String, exit: ProcessExit) {
        input?.close()
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let descriptor = try #require(output).descriptor
        while true {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waited, 1, 60_000)
            try #require(ready == 1, "the child says nothing for a minute", sourceLocation: sourceLocation)
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EAGAIN { continue }
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        let exit = try #require(wait(for: .seconds(60)), "the child does not end", sourceLocation: sourceLocation)
        return (String(decoding: bytes, as: UTF8.self), exit)
    }
}

extension TemporaryFolder {
    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: self(name))) }

    func read(_ name: String) throws -> String { try String(contentsOfFile: self(name), encoding: .utf8) }
}

/// A command that waits, with a mark by which its process can be found on the whole machine.
struct Marked {
    let seconds = "\(Int.random(in: 100_000_000...999_999_999))"
    var command: String { "sleep \(seconds)" }

    /// How many processes with the mark run, as `/proc` tells it.
    var count: Int {
        let numbers = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { Int($0) != nil }
        return numbers.count {
            guard let line = FileManager.default.contents(atPath: "/proc/\($0)/cmdline") else { return false }
            return line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) } == ["sleep", seconds]
        }
    }

    func waitUntilRunning(_ wanted: Int = 1) throws {
        for _ in 0..<2000 {
            if count >= wanted { return }
            usleep(5000)
        }
        Issue.record("the marked process never ran")
    }
}
