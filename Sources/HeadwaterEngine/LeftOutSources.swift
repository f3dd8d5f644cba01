import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore
import Synchronization

/// Sources that a run leaves out since they were erased once: it is as if they were not there. What they are is told to nobody,
/// only how many.
final class LeftOutSources: Sendable {
    private let suppressions: Suppressions
    /// By stage, the digests of their locators, so that one that is met twice counts once.
    private let met = Mutex<[Int: Set<Digest>]>([:])

    /// - Parameter others: stores that the run takes what it needs from: what was erased there is left out as well.
    init(of store: Store, and others: [Store]) throws {
        suppressions = try ([store] + others).reduce(into: Suppressions()) { $0.add(try Suppressions(of: $1)) }
    }

    /// Whether nothing was ever erased.
    var isNothing: Bool { suppressions.isEmpty }

    /// How many there were, by stage.
    var counts: [Int: Int] { met.withLock { $0.mapValues(\.count) } }

    /// Whether nothing is read there, whatever it is.
    func has(locator: String, stage: Int) -> Bool {
        guard suppressions.covers(locator: locator) else { return false }
        note(locator, stage)
        return true
    }

    /// Whether these bytes are not taken in, wherever they were found.
    func has(_ digest: Digest, locator: String, stage: Int) -> Bool {
        guard suppressions.covers(digest) else { return false }
        note(locator, stage)
        return true
    }

    private func note(_ locator: String, _ stage: Int) {
        met.withLock { _ = $0[stage, default: []].insert(Digest(of: locator.utf8)) }
    }

    /// What was found without those of them that can be told now, so that partitions end where they would without them. A file
    /// is read if its size is that of one of them; an answer of the network cannot be told before it is there.
    func without(_ found: FoundSources, stage: Int, _ source: any SourceStage) throws -> FoundSources {
        if isNothing { return found }
        var left = FoundSourceList()
        try found.forEach { found in
            if has(locator: found.locator, stage: stage) { return }
            switch found.place {
            case .request: break
            case .file, .member:
                // What cannot be read now is met again by who has to read it.
                if suppressions.mayCover(size: found.size), let read = try? source.retrieve(found),
                    has(Digest(of: read.bytes), locator: found.locator, stage: stage)
                {
                    return
                }
            }
            try left.append(found)
        }
        return left.count == found.count ? found : try left.sorted()
    }
}
