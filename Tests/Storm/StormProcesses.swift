import Foundation
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting

/// What is stored in a storm: few blobs, so that what one run no longer needs the next one often does.
enum StormBlob {
    static let count = 150

    static func bytes(_ number: Int) -> [UInt8] {
        var generator = SplitMix(seed: UInt64(number))
        // Every fiftieth is a file of its own.
        let size = number % 50 == 0 ? 1 << 20 + number + 1 : 200 + number * number
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 8)
        while bytes.count < min(size, 30_000) { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
        return Array(bytes.prefix(size)) + [UInt8](repeating: UInt8(number), count: max(0, size - bytes.count))
    }

    static let digests = (0..<count).map { Digest(of: bytes($0)) }
}

/// What processes have promised, one line each, written at once.
struct StormJournal {
    let path: String
    init(_ folder: String, _ name: String) { path = folder + "/" + name }

    func append(_ words: String...) throws { try append(words) }

    func append(_ words: [String]) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o666)
        defer { close(file) }
        let line = Array((words.joined(separator: " ") + "\n").utf8)
        guard file >= 0, write(file, line, line.count) == line.count else { throw Storm.Failure("cannot write \(path)") }
    }

    var lines: [[String]] {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
    }
}

/// Records runs of some blobs each, storing those that the store has not; promises a run when it is committed.
struct StormWriter {
    let place = Storm.Place()

    func run() throws {
        var generator = SplitMix(seed: place.seed)
        let journal = StormJournal(place.folder, "done")
        for number in 0... {
            let store = try Store.open(at: place.store, .write)
            for part in 0..<Int.random(in: 1...3, using: &generator) {
                let id = "\(place.seed)-\(number)-\(part)"
                let members = (0..<5).map { _ in Int.random(in: 0..<StormBlob.count, using: &generator) }
                for member in members where !store.contains(StormBlob.digests[member]) { try store.put(StormBlob.bytes(member)) }
                usleep(UInt32.random(in: 0...20_000, using: &generator))
                let manifest = try store.put(Array(members.map(String.init).joined(separator: " ").utf8))
                try store.bind(Binding(kind: .run, key: id, value: manifest))
                try store.commit()
                try journal.append(["done", id] + members.map(String.init))
            }
            // One that is let go stays as a killed one does.
            if Int.random(in: 0..<4, using: &generator) > 0 { try store.close() }
        }
    }
}

/// The members of a recorded run.
func stormMembers(_ manifest: Digest, _ store: Store) throws -> [Int] {
    String(decoding: try store.blob(manifest), as: UTF8.self).split(separator: " ").compactMap { Int($0) }
}

/// Forgets some of the runs and collects what only they needed, again and again.
struct StormCollector {
    let place = Storm.Place()

    func run() throws {
        var generator = SplitMix(seed: place.seed)
        let journal = StormJournal(place.folder, "forgotten")
        while !FileManager.default.fileExists(atPath: place.store + "/format") { usleep(1000) }
        while true {
            do {
                let report = try Store.collect(at: place.store) { store in
                    var forgotten = Set(journal.lines.map { $0[0] })
                    let runs = try store.bindings(.run)
                    for run in runs where !forgotten.contains(run.key) && Int.random(in: 0..<3, using: &generator) == 0 {
                        try journal.append([run.key])
                        forgotten.insert(run.key)
                    }
                    let kept = runs.filter { !forgotten.contains($0.key) }
                    var blobs = Set(kept.map(\.value))
                    for run in kept {
                        for member in try stormMembers(run.value, store) { blobs.insert(StormBlob.digests[member]) }
                    }
                    return LiveSet(blobs: blobs, bindings: Set(kept.map(\.digest)))
                }
                if !report.damaged.isEmpty { throw Storm.Failure("\(report.damaged)") }
                let word = "\(report.removed.blobs) \(report.waiting.blobs) \(report.kept.blobs) \(report.packsAfter)"
                try StormJournal(place.folder, "collected").append(["removed-waiting-kept-packs", word])
            } catch let error as StoreError where error.kind == .busy {
                usleep(1000)
            }
        }
    }
}

/// Reads everything that was promised and not forgotten, and every byte of the store.
struct StormCheck {
    let place = Storm.Place()

    func run() throws {
        guard FileManager.default.fileExists(atPath: place.store + "/format") else { return }
        // Takes up what the dead left.
        try Store.open(at: place.store, .write).close()
        let store = try Store.open(at: place.store, .read)
        let forgotten = Set(StormJournal(place.folder, "forgotten").lines.map { $0[0] })
        var blobs: Set<Int> = []
        for line in StormJournal(place.folder, "done").lines where !forgotten.contains(line[1]) {
            guard let run = try store.bindings(.run, line[1]).first else { throw Storm.Failure("run \(line[1]) is lost") }
            let members = try stormMembers(run.value, store)
            guard members.map(String.init) == Array(line[2...]) else { throw Storm.Failure("run \(line[1]) is another one") }
            blobs.formUnion(members)
        }
        for number in blobs {
            guard try store.blob(StormBlob.digests[number]) == StormBlob.bytes(number) else {
                throw Storm.Failure("blob \(number) has other bytes")
            }
        }
        let faults = try Store.inspect(at: place.store).faults
        if !faults.isEmpty { throw Storm.Failure("\(faults)") }
    }
}
