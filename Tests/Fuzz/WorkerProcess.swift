import Foundation
import Glibc

/// A process of this program that tries cases, and what became of it.
struct WorkerProcess {
    enum Kind: Equatable {
        case crash, time, law
    }

    /// What went wrong.
    struct Fault: CustomStringConvertible {
        var kind: Kind
        var message: String

        var description: String { "\(kind): \(message)" }

        /// Whether it is probably the same thing: the same words, whatever numbers and names stand in them.
        func same(as other: Fault) -> Bool { Fault.words(message) == Fault.words(other.message) }

        private static func words(_ text: String) -> [UInt8] {
            var out: [UInt8] = []
            var isQuoted = false
            for byte in text.utf8.prefix(300) {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { isQuoted.toggle() }
                let isHex = 0x30...0x39 ~= byte || 0x61...0x66 ~= byte
                if !isQuoted, !isHex { out.append(byte) }
            }
            return out
        }
    }

    /// Nil where nothing did.
    var fault: Fault?

    /// Without a new case for so long, something waits for what never comes.
    private static let silence = 120.0

    /// Runs one to its end.
    static func run(_ words: [String], folder: String) throws -> WorkerProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = words
        let log = folder + "/log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SWIFT_BACKTRACE": "enable=no", "TMPDIR": folder], uniquingKeysWith: { $1 })
        try process.run()
        var count = -1
        var since = ContinuousClock.now
        while process.isRunning {
            usleep(2_000)
            let now = WorkerFile.count(in: folder)
            if now != count { (count, since) = (now, ContinuousClock.now) }
            if (ContinuousClock.now - since) / .seconds(1) > silence {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                return WorkerProcess(fault: Fault(kind: .time, message: "nothing happened for \(Int(silence)) s"))
            }
        }
        process.waitUntilExit()
        let said = String(decoding: WorkerFile.bytes(of: "log", in: folder).suffix(2000), as: UTF8.self)
        let status = process.terminationStatus
        switch (process.terminationReason, status) {
        case (.exit, 0): return WorkerProcess(fault: nil)
        case (.exit, Worker.lawBroken): return WorkerProcess(fault: Fault(kind: .law, message: said))
        case (.exit, _): throw Fuzz.Failure("a worker ended with \(status): \(said)")
        case (_, SIGPROF): return WorkerProcess(fault: Fault(kind: .time, message: "it takes longer than it may"))
        default: return WorkerProcess(fault: Fault(kind: .crash, message: "signal \(status); \(said)"))
        }
    }
}

/// The files by which a worker tells what it does: there also when it is dead.
struct WorkerFile {
    private let descriptor: Int32

    init(_ name: String, in folder: String) throws {
        descriptor = open(folder + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        guard descriptor >= 0 else { throw Fuzz.Failure("cannot write \(folder)/\(name)") }
    }

    func write(_ bytes: [UInt8]) {
        ftruncate(descriptor, 0)
        pwrite(descriptor, bytes, bytes.count, 0)
    }

    static func bytes(of name: String, in folder: String) -> [UInt8] {
        FileManager.default.contents(atPath: folder + "/" + name).map { Array($0) } ?? []
    }

    /// How many cases the worker has begun.
    static func count(in folder: String) -> Int { Int(String(decoding: bytes(of: "count", in: folder), as: UTF8.self)) ?? 0 }
}
