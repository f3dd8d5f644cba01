import Dispatch
import Foundation
import HeadwaterModel
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterStore

/// What a collection that is disturbed leaves: all that is needed, whoever came when.
@Suite struct CollectionFaultTests {
    private static let small = (0..<6).map { noise(900, seed: UInt64($0)) }
    private static let large = [prose(1 << 20 + 24)]
    private static let forgotten: Set = ["0", "1", "2", "large 0"]

    private static let settings: Store.Settings = {
        var settings = Store.Settings()
        settings.fullPack = 2000
        return settings
    }()

    /// Runs of which half will be forgotten, in several packs, and one that a killed writer left.
    private func fill(_ path: String) throws {
        let store = try Store.open(at: path, .write, CollectionFaultTests.settings)
        for (number, bytes) in CollectionFaultTests.small.enumerated() { try Runs.record("\(number)", bytes, in: store) }
        for (number, bytes) in CollectionFaultTests.large.enumerated() { try Runs.record("large \(number)", bytes, in: store) }
        try store.close()
        let killed = try Store.open(at: path, .write)
        try Runs.record("killed", noise(300, seed: 9), in: killed)
        try killed.commit()
    }

    private static let lasting: [(String, [UInt8])] =
        (3..<6).map { ("\($0)", small[$0]) } + [("killed", noise(300, seed: 9))]
    /// What a writer needs that comes in between: some of what is forgotten, some that is kept.
    private static let revived: [(String, [UInt8])] = [
        ("revived 0", small[0]), ("revived 4", small[4]), ("revived large", large[0]),
    ]

    private func collect(_ path: String, _ disk: Disk = Disk()) throws {
        var settings = CollectionFaultTests.settings
        settings.disk = disk
        try Runs.collect(path, without: CollectionFaultTests.forgotten, settings)
    }

    /// Checks that these runs can be read; then collects, twice, and checks again.
    private func check(_ path: String, _ runs: [(String, [UInt8])], _ what: String) {
        do {
            try Store.open(at: path, .write).close()
            for round in 0..<2 {
                let store = try Store.open(at: path, .read)
                for (name, bytes) in runs {
                    guard try store.bindings(.run, name) == [Runs.binding(name, bytes)],
                        areEqual(try store.blob(Digest(of: bytes)), bytes)
                    else {
                        Issue.record("\(what), round \(round): run \(name) is not what it was")
                        continue
                    }
                }
                if !store.warnings.isEmpty { Issue.record("\(what): \(store.warnings)") }
                try collect(path)
            }
            let store = try Store.open(at: path, .read)
            let needed = Set(try store.bindings(.run).map(\.value))
            for bytes in CollectionFaultTests.small + CollectionFaultTests.large
            where !needed.contains(Digest(of: bytes)) && store.contains(Digest(of: bytes)) {
                Issue.record("\(what): something that nobody needs is left")
            }
            if try store.bindings(.run).contains(where: { CollectionFaultTests.forgotten.contains($0.key) }) {
                Issue.record("\(what): a forgotten run is left")
            }
            if let names = try Disk().names(path + "/tmp"), !names.isEmpty { Issue.record("\(what): \(names) left in tmp") }
        } catch {
            Issue.record("\(what): \(error)")
        }
    }

    @Test(
        "Whatever step of a collection fails, all that is needed is there, and the next one ends it",
        arguments: DiskLog.Fault.allCases)
    func failingSteps(_ fault: DiskLog.Fault) throws {
        var number = 0
        while true {
            let folder = try TemporaryFolder(inMemory: true)
            try fill(folder("store"))
            let log = DiskLog(fault, at: number)
            try? collect(folder("store"), log.disk)
            check(folder("store"), CollectionFaultTests.lasting, "\(fault) at step \(number)")
            if log.count <= number { break }
            number += 1
        }
        #expect(number > 30)
    }

    /// When the writer that comes in between opens the store, and how it ends.
    enum Writer: CaseIterable {
        case opensThenCloses, openedBeforeThenCloses, opensThenDies, openedBeforeThenDies, opensAndStays, openedBeforeAndStays
        /// There was a collection already while it had the store open.
        case openedLongBeforeThenCloses
        var opensBefore: Bool {
            [.openedLongBeforeThenCloses, .openedBeforeThenCloses, .openedBeforeThenDies, .openedBeforeAndStays].contains(self)
        }
        var stays: Bool { [.opensAndStays, .openedBeforeAndStays].contains(self) }
    }

    /// Collects, and has the writer come between the collection's steps `number - 1` and `number`.
    ///
    /// - Returns: how many steps the collection took; how many steps all took when the writer had committed.
    private func collect(
        _ path: String, _ writer: Writer, at number: Int, _ log: DiskLog = DiskLog()
    ) throws -> (steps: Int, committed: Int?) {
        let settings = {
            var settings = CollectionFaultTests.settings
            settings.disk = log.disk
            return settings
        }()
        let store = Mutex(writer.opensBefore ? try Store.open(at: path, .write, settings) : nil)
        if writer == .openedLongBeforeThenCloses { try collect(path) }
        let counter = Mutex(0)
        let committed = Mutex<Int?>(nil)
        let ended = DispatchSemaphore(value: 0)
        @Sendable func come() {
            defer { ended.signal() }
            #expect(throws: Never.self) {
                let own = try store.withLock { $0 } ?? Store.open(at: path, .write, settings)
                for (name, bytes) in CollectionFaultTests.revived { try Runs.record(name, bytes, in: own) }
                try own.commit()
                committed.withLock { $0 = log.count }
                if [.opensThenCloses, .openedBeforeThenCloses, .openedLongBeforeThenCloses].contains(writer) { try own.close() }
                store.withLock { $0 = writer.stays ? own : nil }
            }
        }
        try collect(
            path,
            Disk(watch: { step in
                let now = counter.withLock {
                    $0 += 1
                    return $0 - 1
                }
                if now == number {
                    if case .remove(let path) = step, path.contains("/blobs/") {
                        // The collector has that file's lock, for which the writer may have to wait.
                        DispatchQueue.global().async { come() }
                    } else {
                        come()
                    }
                }
                return log.disk.watch?(step)
            }))
        let steps = counter.withLock { $0 }
        if number < steps { ended.wait() }
        try store.withLock { $0 }?.close()
        return (steps, committed.withLock { $0 })
    }

    @Test("A writer may come between any two steps: what it relied on is there", arguments: Writer.allCases)
    func writersBetween(_ writer: Writer) throws {
        var number = 0
        while true {
            let folder = try TemporaryFolder(inMemory: true)
            try fill(folder("store"))
            let (steps, _) = try collect(folder("store"), writer, at: number)
            if number >= steps { break }
            check(folder("store"), CollectionFaultTests.lasting + CollectionFaultTests.revived, "\(writer) at step \(number)")
            number += 1
        }
        #expect(number > 30)
    }

    /// Collects, and has something happen before the step of this number.
    ///
    /// - Returns: how many steps the collection took.
    private func collect(_ path: String, at number: Int, _ body: @escaping @Sendable () -> Void) throws -> Int {
        let counter = Mutex(0)
        try collect(
            path,
            Disk(watch: { _ in
                let now = counter.withLock {
                    $0 += 1
                    return $0 - 1
                }
                if now == number { body() }
                return nil
            }))
        return counter.withLock { $0 }
    }

    /// How the one ends that takes up what a dead writer left.
    enum Heir: CaseIterable { case closes, diesBeforeItSeals }

    @Test(
        "What a dead writer relied on stays, whoever takes up what it left at whatever step of a collection",
        arguments: Heir.allCases)
    func takenUpBetween(_ heir: Heir) throws {
        var number = 0
        while true {
            let folder = try TemporaryFolder(inMemory: true)
            let path = folder("store")
            try fill(path)
            do {
                // It was there before the first list, and relies on what that list condemns.
                let dead = try Store.open(at: path, .write)
                for (name, bytes) in CollectionFaultTests.revived { try Runs.record(name, bytes, in: dead) }
                try dead.commit()
                try collect(path)
            }
            let steps = try collect(path, at: number) {
                switch heir {
                case .closes: #expect(throws: Never.self) { try Store.open(at: path, .write).close() }
                case .diesBeforeItSeals:
                    var settings = CollectionFaultTests.settings
                    settings.disk = Disk(watch: { step in
                        if case .rename(_, let new) = step, new.contains("/packs/") { Disk.Refusal(code: EIO) } else { nil }
                    })
                    _ = try? Store.open(at: path, .write, settings)
                }
            }
            check(path, CollectionFaultTests.lasting + CollectionFaultTests.revived, "\(heir) at step \(number)")
            if number >= steps { break }
            number += 1
        }
        #expect(number > 30)
    }

    @Test("Wherever the power is cut off while one collects and another writes, everything committed is there")
    func crashes() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("collection crashes: seed \(seed)")
        var generator = SplitMix(seed: seed)
        for writer in [Writer.opensThenCloses, .openedBeforeThenCloses] {
            let origin = try TemporaryFolder(inMemory: true)
            try fill(origin("store"))
            var state = try CrashState(origin.path)
            let log = DiskLog()
            let (_, committed) = try collect(origin("store"), writer, at: Int.random(in: 0..<50, using: &generator), log)
            let steps = log.steps
            for number in 0...steps.count {
                for cut in CrashState.Cut.allCases {
                    let folder = try TemporaryFolder(inMemory: true)
                    try state.leave(cut, in: folder.path, &generator)
                    let isPromised = committed.map { $0 <= number } ?? false
                    let runs = CollectionFaultTests.lasting + (isPromised ? CollectionFaultTests.revived : [])
                    check(folder("store"), runs, "seed \(seed), \(writer), \(cut) after \(number) steps")
                }
                if number < steps.count { state.take(steps[number]) }
            }
        }
    }
}
