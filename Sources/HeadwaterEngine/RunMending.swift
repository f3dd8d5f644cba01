import Dispatch
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Damage that a task meets is mended on the spot where it can be: what made the damaged blob is carried out again, or
/// the source read again, and the task has another try.
extension Run {
    /// Carries out `body`, mending what it finds damaged or lost.
    ///
    /// Called from a task's own queue and inside its slot; never from the run's.
    func mending<Value>(_ body: (TaskRunner) throws -> Value) throws -> Value {
        var tried: Set<Digest> = []
        return try mending(&tried, runner, body)
    }

    private func mending<Value>(_ tried: inout Set<Digest>, _ runner: TaskRunner, _ body: (TaskRunner) throws -> Value) throws
        -> Value
    {
        while true {
            do {
                return try body(runner)
            } catch {
                guard !options.isDry, let digest = (error as? StoreError)?.lostBlob, tried.insert(digest).inserted,
                    try mend(digest, &tried)
                else { throw error }
                queue.async { self.reporter.warned("\(error) It was mended: what made it was carried out again.") }
            }
        }
    }

    /// Whether the blob is whole again.
    private func mend(_ digest: Digest, _ tried: inout Set<Digest>) throws -> Bool {
        let located = queue.sync { self.located }
        for stage in stages.indices {
            var maker: TaskID?
            try forEachTask(of: stage) { id, entry in
                if let located = located[stage], try restoreSource(digest, id, entry, located) {
                    maker = id
                } else if entry.result == digest || entry.key == digest || holds(entry, digest) {
                    try repeatTask(id, located[stage], &tried)
                    maker = id
                }
                return maker == nil
            }
            if maker != nil { return isWhole(digest) }
        }
        return false
    }

    private func isWhole(_ digest: Digest) -> Bool { (try? store.blob(digest)) != nil }

    private func holds(_ entry: TaskEntry, _ digest: Digest) -> Bool {
        guard let bytes = try? store.blob(entry.result), let result = try? TaskResult(reading: bytes)
        else { return false }
        return result.blobs.contains(digest)
    }

    /// Reads the source again if it is one of this task's and has not changed since.
    private func restoreSource(_ digest: Digest, _ id: TaskID, _ entry: TaskEntry, _ located: LocatedSources) throws -> Bool {
        guard let bytes = try? store.blob(entry.key), let sources = try? JSON(parsing: bytes)["inputs"]?["sources"]?.array,
            let locator = sources.first(where: { $0.array?.dropFirst().first?.string == digest.description })?.array?.first?
                .string
        else { return false }
        if let recorded = located.recorded {
            // From the store that is damaged there is nothing to be had.
            guard recorded.store.path != store.path, let bytes = try? recorded.store.blob(digest) else { return false }
            try store.put(bytes)
            return true
        }
        var found = try located.partition(id.index)
        let (_, source) = try sourceStage(id.stage)
        let snapshot = snapshot(id.stage, source)
        if let place = found.first(where: { $0.locator.hasSameBytes(as: locator) }), try snapshot.restore(place, digest) {
            return true
        }
        // A part of an answer is stored again when the answer is taken apart again.
        return try snapshot.opened(snapshot.take(&found)).sources.contains { $0.digest == digest }
    }

    private func repeatTask(_ id: TaskID, _ located: LocatedSources?, _ tried: inout Set<Digest>) throws {
        var repeating = runner
        repeating.repeats = true
        if let located {
            let (_, source) = try sourceStage(id.stage)
            let partition = try located.recorded?.partition(id.index) ?? read(located.partition(id.index), id.stage, source)
            _ = try mending(&tried, repeating) { runner in try runner.run(source: id, partition, source) }
        } else if let spec = queue.sync(execute: { self.state.spec(of: id) }) {
            _ = try mending(&tried, repeating) { runner in try runner.run(spec, self.silentContext()) }
        }
    }
}

extension Run {
    private func read(_ found: [FoundSource], _ stage: Int, _ source: any SourceStage) throws -> SourcePartition {
        var found = found
        let snapshot = snapshot(stage, source)
        return try snapshot.opened(snapshot.take(&found))
    }
}

extension StoreError {
    /// The blob that could not be read, if that is the error.
    fileprivate var lostBlob: Digest? {
        switch kind {
        case .damaged(let digest): digest
        case .missingBlob(let digest): digest
        default: nil
        }
    }
}
