public import HeadwaterModel
import HeadwaterStore

/// Which of some blobs hold or name what is erased: told from their bytes, whatever they are.
///
/// A blob is one if it is an erased source, or names one, or a record that derives from one, or an erased locator, or another
/// such blob. None of these can come about again without the source, so that their absence can be proven later on. What is
/// left out is what may: other sources, pipeline files, and runs' own manifests, which later runs name.
public struct TracesOfErased {
    public private(set) var blobs: Set<Digest> = []
    /// What each of the others names of these.
    private var named: [Digest: [Digest]] = [:]
    private let plan: ErasurePlan
    private let all: Set<Digest>

    /// - Parameters:
    ///   - candidates: blobs that will be removed.
    ///   - others: those of them that are no traces whatever they hold.
    ///   - read: gives a blob's bytes; nil where it has no copy of its own in the store.
    public init(
        of plan: ErasurePlan, among candidates: Set<Digest>, except others: Set<Digest>, _ read: (Digest) throws -> [UInt8]?
    ) throws {
        self.plan = plan
        all = candidates.subtracting(others).subtracting([ErasureTargets.empty])
        var front = plan.targets.digests.filter(candidates.contains) + plan.runs.flatMap { $0.publications.flatMap(\.files) }
        blobs.formUnion(front)
        for digest in all.sorted() where !blobs.contains(digest) {
            guard let bytes = try read(digest) else { continue }
            if names(bytes, digest) {
                blobs.insert(digest)
                front.append(digest)
            }
        }
        while let digest = front.popLast() {
            for other in named[digest] ?? [] where blobs.insert(other).inserted { front.append(other) }
        }
    }

    /// Whether the bytes name what is erased; what else they name is noted.
    private mutating func names(_ bytes: [UInt8], _ digest: Digest) -> Bool {
        var isTrace = false
        bytes.withUnsafeBytes { bytes in
            Mentions.forEachName(in: bytes) { name in
                switch name {
                case .blob(let other):
                    isTrace = plan.targets.digests.contains(other)
                    if all.contains(other), other != digest { named[other, default: []].append(digest) }
                case .record(let id): isTrace = plan.records.contains(id)
                }
                return !isTrace
            }
            if !isTrace {
                Mentions.forEachText(in: bytes) { isTrace = isTrace || plan.targets.locators.contains($0.bytes) }
            }
        }
        return isTrace
    }
}
