public import HeadwaterModel
public import HeadwaterStore

extension History {
    /// The one file of an input that a file of a tree was made from, by its path; nil where the stage was not carried out file by file.
    public func origin(ofFile path: String, in stage: RunManifest.Stage) throws -> String? {
        for task in try tasks(of: stage) where task.phase == .apply && !task.partition.isEmpty {
            guard case .tree(let tree) = try TaskResult(json: JSON(parsing: store.blob(task.result))) else { return nil }
            if tree.file(at: path) != nil { return task.partition }
        }
        return nil
    }
}

extension FileTree {
    /// A file as if it were a record whose text are its bytes: with the segments of its map, or with none where it tells nothing.
    ///
    /// - Parameter number: among the files, from 0; nil is the answer if there are fewer.
    public func record(_ number: Int, in store: Store) throws -> Record? {
        let files = files
        guard files.indices.contains(number) else { return nil }
        let file = files[number].file
        let bytes = try store.blob(file.digest)
        guard let map = file.map else { return Record(kind: "file", text: bytes) }
        return try FileMap(json: JSON(parsing: store.blob(map))).asRecord(of: bytes)
    }
}
