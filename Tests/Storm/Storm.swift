import Dispatch
import Foundation
import HeadwaterStore
import HeadwaterTesting

/// Starts processes that use one store, kills them with SIGKILL at random moments, and checks what they left; again and
/// again. By default they are writers and a collector of this program; any commands may be given instead.
@main
struct Storm {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            switch words.first {
            case "write": try StormWriter().run()
            case "collect": try StormCollector().run()
            case "check": try StormCheck().run()
            case "prepare-runs": try StormRuns().prepare()
            case "check-runs": try StormRuns().check()
            case "runs": try Storm(Options(Array(words.dropFirst()), ofRuns: true)).run()
            default: try Storm(Options(words)).run()
            }
        } catch {
            Storm.say("\(words.first ?? "storm"): \(error)")
            exit(1)
        }
    }

    /// Where the store and the journals of a storm are, as its processes are told in their environment.
    struct Place {
        var folder = ProcessInfo.processInfo.environment["STORM_FOLDER"] ?? "."
        var number = Int(ProcessInfo.processInfo.environment["STORM_NUMBER"] ?? "") ?? 0
        var seed = UInt64(ProcessInfo.processInfo.environment["STORM_SEED"] ?? "") ?? 0
        var store: String { folder + "/store" }
    }

    struct Options {
        var kills = 3000
        var writers = 8
        /// The longest that a process lives, in milliseconds.
        var longest = 400
        var seed = UInt64.random(in: 0 ... .max)
        var folder = FileManager.default.temporaryDirectory.path + "/headwater-storm-\(getpid())"
        /// What is started in each round, by the shell; and what must succeed when all of it is dead.
        var commands: [String] = []
        var check: String
        /// What is done once before the first round; nothing if empty.
        var prepare = ""

        /// - Parameter ofRuns: whether runs of pipelines are killed, and not writers of this program.
        init(_ words: [String], ofRuns: Bool = false) throws {
            let own = "'\(CommandLine.arguments[0])'"
            check = "\(own) check"
            if ofRuns {
                prepare = "\(own) prepare-runs"
                check = "\(own) check-runs"
                commands = StormRuns.commands
            }
            var words = words[...]
            while let option = words.popFirst() {
                guard let value = words.popFirst() else { throw Failure("\(option) needs a value") }
                switch option {
                case "--kills": kills = Int(value) ?? kills
                case "--writers": writers = Int(value) ?? writers
                case "--longest": longest = max(1, Int(value) ?? longest)
                case "--seed": seed = UInt64(value) ?? seed
                case "--folder": folder = value
                case "--command": commands.append(value)
                case "--check": check = value
                default:
                    throw Failure(
                        "usage: storm [runs] [--kills N] [--writers N] [--longest MILLISECONDS] [--seed N] [--folder DIR] "
                            + "[--command COMMAND]... [--check COMMAND]")
                }
            }
            if commands.isEmpty { commands = Array(repeating: "\(own) write", count: writers) + ["\(own) collect"] }
        }
    }

    /// Milliseconds, to tell what came first.
    private static var now: String { "\(DispatchTime.now().uptimeNanoseconds / 1_000_000)" }

    /// Prints at once, also where nobody looks until the end.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    private let options: Options
    init(_ options: Options) { self.options = options }

    private func run() throws {
        Storm.say("seed \(options.seed), in \(options.folder)")
        try FileManager.default.createDirectory(atPath: options.folder, withIntermediateDirectories: true)
        var generator = SplitMix(seed: options.seed)
        let log = StormJournal(options.folder, "log")
        var killed = 0
        var ended = 0
        var rounds = 0
        if !options.prepare.isEmpty {
            let preparation = try start(options.prepare, 0, seed: generator.next())
            preparation.waitUntilExit()
            if preparation.terminationStatus != 0 { throw Failure("seed \(options.seed): it could not begin") }
        }
        while killed < options.kills {
            rounds += 1
            try log.append(Storm.now, "round \(rounds)")
            var processes = try options.commands.enumerated().map { number, command in
                (
                    process: try start(command, number, seed: generator.next()),
                    life: Int.random(in: 1...options.longest, using: &generator)
                )
            }
            for (number, (process, life)) in processes.enumerated() {
                try log.append(Storm.now, "process \(process.processIdentifier), command \(number), has \(life) ms")
            }
            processes.sort { $0.life < $1.life }
            var time = 0
            for (process, life) in processes {
                usleep(UInt32(life - time) * 1000)
                time = life
                // Dead already, it has ended by itself: a signal then goes nowhere.
                kill(process.processIdentifier, SIGKILL)
            }
            for (process, _) in processes {
                process.waitUntilExit()
                try log.append(Storm.now, "process \(process.processIdentifier) ended with \(process.terminationStatus)")
                if process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL {
                    killed += 1
                } else if process.terminationReason == .exit && process.terminationStatus == 0 {
                    ended += 1
                } else {
                    throw Failure("round \(rounds), seed \(options.seed): a process ended with \(process.terminationStatus)")
                }
            }
            let check = try start(options.check, 0, seed: generator.next())
            check.waitUntilExit()
            if check.terminationStatus != 0 { throw Failure("round \(rounds), seed \(options.seed): the check failed") }
            if rounds % 50 == 0 { Storm.say("\(rounds) rounds, \(killed) killed, \(ended) ended by themselves") }
        }
        Storm.say("\(rounds) rounds, \(killed) killed, \(ended) ended by themselves, no failure")
        try FileManager.default.removeItem(atPath: options.folder)
    }

    private func start(_ command: String, _ number: Int, seed: UInt64) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec " + command]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["STORM_FOLDER": options.folder, "STORM_NUMBER": "\(number)", "STORM_SEED": "\(seed)"], uniquingKeysWith: { $1 })
        try process.run()
        return process
    }
}
