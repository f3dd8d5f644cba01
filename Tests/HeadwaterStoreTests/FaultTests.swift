import HeadwaterModel
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterStore

/// What is left when any one step of a writer fails, its process is killed there, or the power is cut off.
@Suite struct FaultTests {
    private let workload = Workload()

    /// All steps of an undisturbed writer, in a store below `folder`.
    private func undisturbed(_ folder: TemporaryFolder) throws -> (steps: [Disk.Step], Workload.Progress) {
        let log = DiskLog()
        var progress = Workload.Progress()
        try workload.run(at: folder("store"), log, &progress)
        return (log.steps, progress)
    }

    @Test(
        "Whatever step fails, what was written is there for the next writer, who needs no flag", arguments: DiskLog.Fault.allCases
    )
    func failingSteps(_ fault: DiskLog.Fault) throws {
        let count = try undisturbed(try TemporaryFolder(inMemory: true)).steps.count
        #expect(count > 60)
        for number in 0..<count {
            let folder = try TemporaryFolder(inMemory: true)
            var progress = Workload.Progress()
            let log = DiskLog(fault, at: number)
            try? workload.run(at: folder("store"), log, &progress)
            try workload.checkAfter(
                folder("store"), has: progress.done,
                "\(fault) at step \(number) (\(log.steps.last.map { "\($0)".prefix(200) } ?? ""))")
        }
    }

    @Test("What another writer sealed and has not made durable is made durable by a commit that relies on it")
    func relyingOnOthers() throws {
        for bytes in [noise(900, seed: 1), Workload.large] {
            let origin = try TemporaryFolder(inMemory: true)
            let path = origin("store")
            try Store.open(at: path, .write).close()
            let state = Mutex(try CrashState(origin.path))
            let log = DiskLog()
            let reliance = Binding(kind: .run, key: "relies", value: Digest(of: bytes))
            let hasCommitted = Mutex(false)
            var settings = Store.Settings()
            settings.fullPack = 100
            // Between the renaming and the syncing of the folder, another writer comes, finds the blob and commits.
            settings.disk = Disk(watch: { step in
                if case .syncFolder = step, !hasCommitted.withLock({ $0 }) {
                    hasCommitted.withLock { $0 = true }
                    var settings = Store.Settings()
                    settings.disk = log.disk
                    let other = try? Store.open(at: path, .write, settings)
                    #expect(other?.contains(reliance.value) == true)
                    #expect(throws: Never.self) {
                        try other?.bind(reliance)
                        try other?.commit()
                    }
                    state.withLock { state in for step in log.steps { state.take(step) } }
                }
                return log.disk.watch?(step)
            })
            let store = try Store.open(at: path, .write, settings)
            try store.put(bytes)
            try store.close()
            #expect(hasCommitted.withLock { $0 })
            let folder = try TemporaryFolder(inMemory: true)
            var generator = SplitMix(seed: 1)
            try state.withLock { try $0.leave(.none, in: folder.path, &generator) }
            let after = try Store.open(at: folder("store"), .write)
            #expect(try after.bindings(.run) == [reliance])
            #expect(try after.blob(reliance.value) == bytes)
        }
    }

    @Test(
        "Wherever a writer is killed or the power is cut off, everything committed is there", arguments: CrashState.Cut.allCases)
    func crashes(_ cut: CrashState.Cut) throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("crashes, \(cut): seed \(seed)")
        var generator = SplitMix(seed: seed)
        let origin = try TemporaryFolder(inMemory: true)
        var state = try CrashState(origin.path)
        let (steps, progress) = try undisturbed(origin)
        for number in 0...steps.count {
            let promised = progress.promises.last { $0.step <= number }?.acts ?? 0
            for round in 0..<(cut == .some ? 2 : 1) {
                let folder = try TemporaryFolder(inMemory: true)
                try state.leave(cut, in: folder.path, &generator)
                try workload.checkAfter(
                    folder("store"), has: promised, "seed \(seed), \(cut) after \(number) steps, round \(round)")
            }
            if number < steps.count { state.take(steps[number]) }
        }
    }
}
