import HeadwaterModel
public import HeadwaterStore

/// Each run moves the names of its pipeline and stages, and what a name stands for is told from all bindings that it ever
/// had. When these are many, those that were superseded are left out: runs themselves keep which ones they follow.
public enum SupersededNames {
    /// So many bindings of one name are left as they are: reading one takes some microseconds.
    public static let most = 1_000

    /// Leaves superseded bindings out if the pipeline's name has many. Nothing else goes.
    ///
    /// - Parameter store: the one that was written to, closed.
    public static func leaveOut(of store: Store, pipeline: String) throws {
        guard try store.bindings(.name, pipeline).count > most else { return }
        do {
            _ = try Store.collect(at: store.path) { reader in
                let names = try reader.bindings(.name)
                let superseded = Set(names.filter { !$0.key.hasPrefix(History.tagPrefix) }.flatMap(\.supersedes))
                // What a collection has forgotten is not listed, and stays so.
                let listed = Set((names + (try reader.bindings(.run))).map(\.digest)).subtracting(superseded)
                return LiveSet(
                    keepsBlob: { _ in true },
                    keepsBinding: { $0.kind != .name && $0.kind != .run || listed.contains($0.digest) })
            }
        } catch let error as StoreError where error.kind == .busy {
            return  // Somebody else collects; a later run will find the names.
        }
    }
}
