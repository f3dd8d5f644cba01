public import HeadwaterModel
import HeadwaterStore

/// What differs between two runs: which stages, why, and what of their artifacts; and which published files.
///
/// Stages belong together by their names. What is equal by its digest is not read.
public struct RunDifference: Sendable {
    public let before: RunManifest
    public let after: RunManifest
    /// The stages of the later run in their order, and then those that only the earlier has.
    public let stages: [StageDifference]
    public let publications: [PublicationDifference]

    /// Whether the pipeline file, or a file that it includes, has other bytes. That alone makes no difference to a run.
    public var hasOtherFile: Bool { before.file != after.file || before.included != after.included }

    /// Whether the stages were told and made the same, and the same was published.
    public var isEqual: Bool { publications.isEmpty && !stages.contains(where: \.isDifferent) }

    /// - Parameters:
    ///   - stage: only this one and those that it needs are compared, and nothing that was published.
    ///   - looksInside: whether artifacts and published files are read, or only told apart by their digests.
    public init(
        _ before: RunManifest, _ after: RunManifest, upTo stage: String? = nil, looksInside: Bool = true, history: History
    ) throws {
        (self.before, self.after) = (before, after)
        let wanted = stage.map { RunDifference.needed($0, before).union(RunDifference.needed($0, after)) }
        var succession = RecordSuccession()
        var changed: Set<String> = []
        var stages: [StageDifference] = []
        let names = after.stages.map(\.name) + before.stages.map(\.name).filter { after.stage($0) == nil }
        for name in names where wanted?.contains(name) ?? true {
            let difference = try StageDifference(
                name, before.stage(name), after.stage(name), changed: changed, looksInside: looksInside, history, &succession)
            if difference.before?.artifact != difference.after?.artifact { changed.insert(name) }
            stages.append(difference)
        }
        self.stages = stages
        publications = stage == nil && looksInside ? try PublicationDifference.all(before, after, store: history.store) : []
    }

    /// A stage and all that it reads, directly or not.
    private static func needed(_ stage: String, _ run: RunManifest) -> Set<String> {
        var out: Set<String> = []
        var pending = [stage]
        while let name = pending.popLast() {
            if out.insert(name).inserted { pending += run.stage(name)?.inputs.map(\.stage) ?? [] }
        }
        return out
    }
}
