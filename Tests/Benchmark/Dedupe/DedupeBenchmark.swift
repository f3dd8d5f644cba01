import Foundation
import HeadwaterDedupe
import HeadwaterModel
import HeadwaterPluginKit

/// `dedupe-benchmark documents FILE [NAME=VALUE ...]`: takes the stage through its rounds over the documents of a file,
/// a JSON object with `id` and `text` a line, and prints what it left out and noted, a JSON object a line.
///
/// `dedupe-benchmark planted FOLDER COUNT [NAME=VALUE ...]`: over so many made documents with planted duplicates, and then over
/// one more, with what is known from before: sketches of the same partitions, verdicts on the same groups, slices that are the same.
///
/// Sketches and verdicts lie in files, as an engine keeps them; so the memory is what the stage itself takes. What each
/// round took in processor time goes to standard error.
@main struct DedupeBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first, arguments.dropFirst(2).first) {
        case ("documents", let file?, _):
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            let documents = try LabelledDocuments(bytes)
            let rounds = try StageRounds(stage(arguments.dropFirst(2)), documents, KnownResults(folder: NSTemporaryDirectory()))
            try rounds.run { result in
                for drop in result.drops { print(documents.line(drop).description) }
                for note in result.notes { print(documents.line(note).description) }
            }
        case ("planted", let folder?, let count?):
            guard let count = Int(count), count > 1 else { return usage() }
            let stage = try stage(arguments.dropFirst(3))
            let known = try KnownResults(folder: folder)
            for count in [count, count + 1] {
                let rounds = StageRounds(stage, PlantedDocuments(count: count), known)
                var (drops, notes) = (0, 0)
                try rounds.run { result in (drops, notes) = (drops + result.drops.count, notes + result.notes.count) }
                print("\(count) documents: \(drops) dropped, \(notes) notes")
            }
        default: usage()
        }
    }

    private static func usage() {
        FileHandle.standardError.write(
            Data("usage: dedupe-benchmark documents FILE | planted FOLDER COUNT, then NAME=VALUE ...\n".utf8))
        exit(2)
    }

    private static func stage(_ settings: ArraySlice<String>) throws -> Dedupe {
        var given: [String: JSON] = [:]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            given[parts[0]] = (try? JSON(parsing: Array(parts[1].utf8))) ?? .string(parts[1])
        }
        return try Dedupe(parameters: Parameters(given, declared: Dedupe.declaration.parameters))
    }
}

/// The documents that the stage is given, partition by partition.
protocol BenchmarkDocuments {
    var partitionCount: Int { get }
    func partition(_ index: Int) -> [InputRecord]
    func document(_ member: Group.Member) -> InputRecord?
}

/// One passage of the stage through its rounds.
final class StageRounds {
    private let stage: Dedupe
    private let documents: any BenchmarkDocuments
    private let known: KnownResults
    private var time = processorTime()
    private var all = 0
    /// The time that it took to make documents, which is not the stage's.
    private var making = 0

    init(_ stage: Dedupe, _ documents: any BenchmarkDocuments, _ known: KnownResults) {
        (self.stage, self.documents, self.known) = (stage, documents, known)
    }

    func run(_ body: (Result) -> Void) throws {
        time = processorTime()
        var sketches: [Int] = []
        for index in 0..<documents.partitionCount {
            let partition = made { documents.partition(index) }
            sketches.append(
                try known.result("sketch", of: partition.map(\.id)) { try stage.sketch(Partition(["documents": partition])) })
        }
        report("sketch", "\(known.counts) carried out")
        guard
            case .groups(let groups, let carry) = try stage.combine(
                Sketches(count: sketches.count) { [known, sketches] in try known.bytes(sketches[$0]) })
        else { return }
        report("combine", "\(groups.count) groups, \(carry.count) bytes")
        var verdicts: [Int] = []
        for group in groups {
            verdicts.append(
                try known.result("examine", of: group.members.map(\.record)) {
                    let members = made { group.members.compactMap(documents.document) }
                    return try stage.examine(Partition(["documents": members]))
                })
        }
        report("examine", "\(known.counts) carried out")
        let slices = try stage.decide(
            Verdicts(partitionCount: documents.partitionCount, carry: carry, count: groups.count) { [known, verdicts] in
                (groups[$0], try known.bytes(verdicts[$0]))
            })
        report("decide", "\(slices.reduce(0) { $0 + $1.count }) bytes")
        for (index, slice) in slices.enumerated() {
            let partition = made { documents.partition(index) }
            _ = try known.result("apply", of: partition.map(\.id) + [RecordID(Digest(of: slice))]) {
                let result = Result()
                try stage.apply(Partition(["documents": partition]), slice: slice, to: result)
                body(result)
                return []
            }
        }
        report("apply", "\(known.counts) carried out")
        FileHandle.standardError.write(Data("all: \(Double(all / 1000) / 1000) s, peak \(peakMemory())\n".utf8))
    }

    private func made<Value>(_ make: () -> Value) -> Value {
        let before = processorTime()
        defer { making += processorTime() - before }
        return make()
    }

    private func report(_ round: String, _ rest: String) {
        let taken = processorTime() - time - making
        all += taken
        FileHandle.standardError.write(Data("\(round): \(Double(taken / 1000) / 1000) s, \(rest)\n".utf8))
        (time, making) = (processorTime(), 0)
    }

    final class Result: StageOutput {
        var records: [RecordDraft] = []
        var drops: [Drop] = []
        var notes: [Note] = []

        func emit(_ draft: RecordDraft) throws -> RecordID {
            records.append(draft)
            return draft.parents.first ?? RecordID(Digest(of: [UInt8]()))
        }
        func pass(_ record: InputRecord) throws {}
        func drop(_ drop: Drop) { drops.append(drop) }
        func note(_ note: Note) { notes.append(note) }
    }
}

/// What rounds came to, by what they were carried out on, as an engine knows it.
final class KnownResults: @unchecked Sendable {
    // Used by one thread at a time.
    private let parts: SpooledParts
    private var places: [Digest: Int] = [:]
    /// How many results were not known, since this was asked last.
    private var new = 0

    init(folder: String) throws { parts = try SpooledParts(folder + "/dedupe-benchmark") }

    var counts: Int {
        defer { new = 0 }
        return new
    }

    /// - Returns: the number of the result.
    func result(_ round: String, of ids: [RecordID], _ make: () throws -> [UInt8]) throws -> Int {
        let key = Digest(of: Array(round.utf8) + ids.flatMap(\.bytes))
        if let known = places[key] { return known }
        new += 1
        try parts.append(try make())
        places[key] = parts.count - 1
        return parts.count - 1
    }

    func bytes(_ number: Int) throws -> [UInt8] { try parts[number] }
}

/// Parts of one file, each read when it is asked for.
final class SpooledParts: @unchecked Sendable {
    // Written by one thread before others read.
    private let file: FileHandle
    private var ends: [Int] = []

    var count: Int { ends.count }
    private var size: Int { ends.last ?? 0 }

    init(_ path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: path)
    }

    func append(_ bytes: [UInt8]) throws {
        try file.write(contentsOf: Data(bytes))
        ends.append(size + bytes.count)
    }

    subscript(_ index: Int) -> [UInt8] {
        get throws {
            guard ends.indices.contains(index) else { throw StageError("no part \(index)") }
            let start = index == 0 ? 0 : ends[index - 1]
            return try [UInt8](unsafeUninitializedCapacity: ends[index] - start) { buffer, count in
                count = pread(file.fileDescriptor, buffer.baseAddress, buffer.count, off_t(start))
                guard count == buffer.count else { throw StageError("the spooled file is cut short") }
            }
        }
    }
}

/// User and system time of this process, in microseconds.
private func processorTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
}

/// The most memory that the process ever had, as the kernel says it.
private func peakMemory() -> String {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }.map {
        $0.dropFirst(6).trimmingCharacters(in: .whitespaces)
    } ?? "unknown"
}
