import Foundation
import HeadwaterDedupe
import HeadwaterModel
import HeadwaterPluginKit

/// `dedupe-benchmark documents FILE [NAME=VALUE ...]`: takes the stage through its rounds over the documents of a file,
/// a JSON object with `id` and `text` a line, and prints what it left out and noted, a JSON object a line.
///
/// `dedupe-benchmark planted FOLDER COUNT [NAME=VALUE ...]`: over so many made documents with planted duplicates, and then over one more.
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
            var rounds = try StageRounds(stage(arguments.dropFirst(2)), documents, folder: NSTemporaryDirectory())
            try rounds.run { result in
                for drop in result.drops { print(documents.line(drop).description) }
                for note in result.notes { print(documents.line(note).description) }
            }
        case ("planted", let folder?, let count?):
            guard let count = Int(count), count > 1 else { return usage() }
            let stage = try stage(arguments.dropFirst(3))
            for count in [count, count + 1] {
                var rounds = try StageRounds(stage, PlantedDocuments(count: count), folder: folder)
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
struct StageRounds {
    private let stage: Dedupe
    private let documents: any BenchmarkDocuments
    private let folder: String
    private var time = processorTime()

    init(_ stage: Dedupe, _ documents: any BenchmarkDocuments, folder: String) throws {
        (self.stage, self.documents, self.folder) = (stage, documents, folder)
    }

    mutating func run(_ body: (Result) -> Void) throws {
        time = processorTime()
        var making = 0
        let sketches = try SpooledParts(folder + "/sketches")
        for index in 0..<documents.partitionCount {
            let before = processorTime()
            let partition = documents.partition(index)
            making += processorTime() - before
            try sketches.append(try stage.sketch(Partition(["documents": partition])))
        }
        time += making
        report("sketch", "\(sketches.size) bytes")
        guard
            case .groups(let groups, let carry) = try stage.combine(
                Sketches(count: documents.partitionCount) { try sketches[$0] })
        else { return }
        report("combine", "\(groups.count) groups, \(carry.count) bytes")
        let verdicts = try SpooledParts(folder + "/verdicts")
        making = 0
        for group in groups {
            let before = processorTime()
            let members = group.members.compactMap(documents.document)
            making += processorTime() - before
            try verdicts.append(try stage.examine(Partition(["documents": members])))
        }
        time += making
        report("examine", "\(verdicts.size) bytes")
        let slices = try stage.decide(
            Verdicts(partitionCount: documents.partitionCount, carry: carry, count: groups.count) {
                (groups[$0], try verdicts[$0])
            })
        report("decide", "\(slices.reduce(0) { $0 + $1.count }) bytes")
        making = 0
        for (index, slice) in slices.enumerated() where !slice.isEmpty {
            let before = processorTime()
            let partition = documents.partition(index)
            making += processorTime() - before
            let result = Result()
            try stage.apply(Partition(["documents": partition]), slice: slice, to: result)
            body(result)
        }
        time += making
        report("apply", "peak \(peakMemory())")
    }

    private mutating func report(_ round: String, _ rest: String) {
        let now = processorTime()
        let line = "\(round): \(Double((now - time) / 1000) / 1000) s, \(rest)\n"
        FileHandle.standardError.write(Data(line.utf8))
        time = processorTime()
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

/// Parts of one file, each read when it is asked for.
final class SpooledParts: @unchecked Sendable {
    // Written by one thread before others read.
    private let file: FileHandle
    private var ends: [Int] = []

    var size: Int { ends.last ?? 0 }

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
