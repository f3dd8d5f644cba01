import Foundation
import Glibc
import HeadwaterTesting

/// Tries cases of one subject, one after the other, with limits that end the process.
struct Worker {
    /// The exit status where a law does not hold; which, is on standard error.
    static let lawBroken: Int32 = 3
    /// As Dispatch gives its threads.
    #if DEBUG
    // Frames of code that is not optimised are several times larger.
    private static let stack = 2 << 20
    #else
    private static let stack = 512 << 10
    #endif
    /// Address space, in bytes: what a part of an archive may unpack to is held several times at most.
    private static let memory: rlim_t = 4 << 30

    private let subject: Subject
    private let seed: UInt64
    private let seconds: Double
    private let folder: String

    /// - Parameter words: the subject's name, the seed, the seconds, and a folder for the files.
    init(_ words: ArraySlice<String>) throws {
        let words = Array(words)
        guard words.count == 4, let subject = Subject.named(words[0]), let seed = UInt64(words[1]), let seconds = Double(words[2])
        else { throw Fuzz.Failure("usage: fuzz work SUBJECT SEED SECONDS FOLDER") }
        (self.subject, self.seed, self.seconds, folder) = (subject, seed, seconds, words[3])
    }

    /// Tries one input from a file.
    static func tryOne(_ words: ArraySlice<String>) throws {
        let words = Array(words)
        guard words.count >= 2, let subject = Subject.named(words[0]), let data = FileManager.default.contents(atPath: words[1])
        else { throw Fuzz.Failure("usage: fuzz try SUBJECT FILE [FOLDER]") }
        let folder = words.count > 2 ? words[2] : FileManager.default.temporaryDirectory.path
        limited {
            let read = try subject.reader(folder)
            try timed(data.count, limit: subject.limit) { _ = try read(Array(data)) }
        }
    }

    func work() throws {
        let current = try WorkerFile("case", in: folder)
        let counted = try WorkerFile("count", in: folder)
        Worker.limited {
            let read = try subject.reader(folder)
            var mutation = Mutation(subject, seed: seed)
            var seen: Set<Int> = []
            let end = ContinuousClock.now + .seconds(seconds)
            var count = 0
            // The seeds as they are must hold as well, and so must what was found before.
            for bytes in Subject.cases(subject.name) { _ = try one(bytes) }
            for seed in mutation.seeds { seen.insert(try one(subject.packed(seed, &mutation.random))) }
            while ContinuousClock.now < end {
                let raw = mutation.next()
                let bytes = subject.packed(raw, &mutation.random)
                // What leads to an outcome of a new shape is worth more mutations.
                if seen.insert(try one(bytes)).inserted { mutation.add(raw) }
            }
            func one(_ bytes: [UInt8]) throws -> Int {
                current.write(bytes)
                count += 1
                counted.write(Array("\(count)".utf8))
                return try Worker.timed(bytes.count, limit: subject.limit) { try read(bytes) }
            }
        }
    }

    /// Ends the process by a signal where this takes more processor time than an input of so many bytes may.
    static func timed<Value>(_ count: Int, limit: Double? = nil, _ body: () throws -> Value) throws -> Value {
        #if DEBUG
        let slow = 20.0
        #else
        let slow = 1.0
        #endif
        let limit = limit ?? (2 + Double(count) / 250_000) * slow
        set(limit)
        defer { set(0) }
        func set(_ seconds: Double) {
            var timer = itimerval()
            timer.it_value.tv_sec = Int(seconds)
            timer.it_value.tv_usec = Int((seconds - seconds.rounded(.down)) * 1e6)
            setitimer(__itimer_which_t(2), &timer, nil)  // ITIMER_PROF
        }
        return try body()
    }

    /// Of processor time.
    static func seconds(_ usage: rusage) -> Double {
        Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// Runs this on a small stack and in little memory, and ends the process with it.
    static func limited(_ body: @escaping () throws -> Void) -> Never {
        var core = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(4), &core)  // RLIMIT_CORE
        var space = rlimit(rlim_cur: memory, rlim_max: memory)
        setrlimit(__rlimit_resource_t(9), &space)  // RLIMIT_AS
        nonisolated(unsafe) let body = body
        let thread = Thread {
            do {
                try body()
                exit(0)
            } catch {
                FileHandle.standardError.write(Data("\(error)\n".utf8))
                exit(error is Fuzz.Failure ? 2 : lawBroken)
            }
        }
        thread.stackSize = stack
        thread.start()
        while true { pause() }
    }
}
