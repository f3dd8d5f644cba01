import HeadwaterModel
public import HeadwaterStore

/// Every run leaves a pack of its own, and every command opens all packs: when there are many, they are put together.
///
/// Names grow likewise, by one binding for each run and stage. Those that were superseded are left out then, since runs
/// themselves keep which ones they follow.
public enum SmallPacks {
    /// So many packs are left as they are: opening one takes about 20 microseconds, and Linux lets a process map 65,530
    /// files (vm.max_map_count).
    public static let most = 256

    /// Puts small packs together if there are many. Nothing that any run needs goes.
    ///
    /// - Parameter store: the one that was written to, closed.
    public static func putTogether(of store: Store) throws {
        guard store.packCount > most else { return }
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
            return  // Somebody else does it.
        }
    }
}
