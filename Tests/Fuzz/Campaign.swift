import Foundation
import Glibc
import HeadwaterTesting

/// Lets workers try case after case of each subject until the time is up, and takes up what they find.
struct Campaign {
    struct Options {
        var seconds = 60.0
        var seed = UInt64.random(in: 0 ... .max)
        /// Those tried; all of them where none are named.
        var subjects: [String] = []
        /// Where finds are kept.
        var found = FileManager.default.currentDirectoryPath + "/found"
        /// How long one subject is tried before the next one is.
        var turn = 20.0

        init(_ words: [String]) throws {
            var words = words[...]
            while let option = words.popFirst() {
                guard let value = words.popFirst() else { throw Fuzz.Failure("\(option) needs a value") }
                switch option {
                case "--minutes": seconds = (Double(value) ?? 1) * 60
                case "--seconds": seconds = Double(value) ?? seconds
                case "--turn": turn = max(0.1, Double(value) ?? turn)
                case "--seed": seed = UInt64(value) ?? seed
                case "--subject": subjects.append(value)
                case "--found": found = value
                default:
                    throw Fuzz.Failure(
                        "usage: fuzz [--minutes N] [--seconds N] [--turn SECONDS] [--seed N] [--subject NAME]... [--found FOLDER]"
                    )
                }
            }
            let known = Subject.all.map(\.name)
            for name in subjects where Subject.named(name) == nil {
                throw Fuzz.Failure("no subject \(name); there are \(known.joined(separator: ", "))")
            }
            if subjects.isEmpty { subjects = known }
        }
    }

    private let options: Options
    init(_ options: Options) { self.options = options }

    /// Returns whether nothing was found.
    func run() throws -> Bool {
        Fuzz.say("seed \(options.seed), \(Int(options.seconds)) s, \(options.subjects.joined(separator: " "))")
        let folder = try TemporaryFolder(inMemory: true)
        var generator = SplitMix(seed: options.seed)
        var finds: [Find] = []
        var counts: [String: Int] = [:]
        let start = ContinuousClock.now
        var left = options.seconds
        while left > 0 {
            for subject in options.subjects {
                let seconds = min(options.turn, max(0.5, options.seconds / Double(options.subjects.count)))
                let turn = try WorkerProcess.run(
                    ["work", subject, "\(generator.next())", "\(seconds)", folder.path], folder: folder.path)
                counts[subject, default: 0] += WorkerFile.count(in: folder.path)
                guard let fault = turn.fault else { continue }
                let bytes = WorkerFile.bytes(of: "case", in: folder.path)
                let find = Find(subject: subject, fault: fault, bytes: bytes)
                // The same place is met again and again: one case of it is enough.
                let isKnown = finds.contains { $0.subject == subject && $0.fault.kind == fault.kind && $0.fault.same(as: fault) }
                finds.append(find)
                if isKnown { continue }
                Fuzz.say("\(subject): \(fault)")
                try find.keep(in: options.found, number: finds.count)
            }
            left = options.seconds - (ContinuousClock.now - start) / .seconds(1)
        }
        for subject in options.subjects { Fuzz.say("\(subject): \(counts[subject] ?? 0) cases") }
        Fuzz.say("\(counts.values.reduce(0, +)) cases, \(finds.isEmpty ? "no" : "\(finds.count)") finds")
        return finds.isEmpty
    }
}

/// An input that something is wrong with.
struct Find {
    var subject: String
    var fault: WorkerProcess.Fault
    var bytes: [UInt8]

    /// Writes the case, and the smallest one that does the same.
    func keep(in folder: String, number: Int) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let name = "\(folder)/\(subject)-\(number)"
        try Data(bytes).write(to: URL(fileURLWithPath: name))
        let work = try TemporaryFolder(inMemory: true)
        func fails(_ bytes: [UInt8]) throws -> Bool {
            try Data(bytes).write(to: URL(fileURLWithPath: work("one")))
            let tried = try WorkerProcess.run(["try", subject, work("one"), work.path], folder: work.path)
            return tried.fault.map { $0.kind == fault.kind && (fault.kind != .law || $0.same(as: fault)) } ?? false
        }
        guard try fails(bytes) else {
            Fuzz.say("  \(name), \(bytes.count) bytes; alone it does no harm")
            return
        }
        let small = try Minimizer(fails: fails).minimized(bytes, tries: fault.kind == .time ? 40 : 400)
        try Data(small).write(to: URL(fileURLWithPath: name + ".min"))
        Fuzz.say("  \(name).min, \(small.count) of \(bytes.count) bytes: fuzz try \(subject) \(name).min")
    }
}

/// Leaves out of a case whatever is not needed for what it does (Zeller and Hildebrandt, "Simplifying and isolating
/// failure-inducing input", 2002, without the subsets).
struct Minimizer {
    let fails: ([UInt8]) throws -> Bool

    func minimized(_ whole: [UInt8], tries: Int) throws -> [UInt8] {
        var bytes = whole
        var left = tries
        var size = max(1, bytes.count / 2)
        while size > 0, left > 0 {
            var start = 0
            while start < bytes.count, left > 0 {
                let without = Array(bytes[..<start] + bytes[min(start + size, bytes.count)...])
                left -= 1
                if try fails(without) { bytes = without } else { start += size }
            }
            size /= 2
        }
        return bytes
    }
}
