import Foundation
import Glibc
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// Writes a tree of files to a folder, as it is. The store keeps the bytes once: the publication's parts are the files' own blobs.
struct TreePublication {
    let store: Store
    let folders: PublishedFolders

    func publish(_ publication: Publication, artifact: Digest) throws -> RunManifest.Publication {
        guard let tree = try DatasetReader(store: store).artifact(artifact).tree else {
            throw TaskFault("\(publication.stage) has records and no files")
        }
        var map = PublishedMap(artifact: artifact, stage: publication.stage)
        // A part has bytes, so an empty file goes with the next one that is not.
        var empty: [PublishedPart.File] = []
        for (number, (path, file)) in tree.files.enumerated() {
            let found = PublishedPart.File(path: path, length: file.byteCount, digest: file.digest)
            if file.byteCount == 0 { empty.append(found) } else { try append(empty + [found], number, to: &map, &empty) }
        }
        if !empty.isEmpty { try appendLast(empty, to: &map) }
        let digest = try store.put(map.json.canonical)
        let kept = RunManifest.Publication(
            name: publication.name, stage: publication.stage, format: publication.format.name, path: publication.text,
            file: digest,
            map: digest)
        try folders.write(try PublishedContent(kept, store: store), to: publication, store: store, tree: tree)
        for entry in tree.entries { try finish(entry, in: publication.path) }
        return kept
    }

    private func append(
        _ files: [PublishedPart.File], _ number: Int, to map: inout PublishedMap, _ empty: inout [PublishedPart.File]
    ) throws {
        guard let last = files.last else { return }
        let part = PublishedPart(files: files, runs: [.init(length: last.length, record: 0)])
        map.parts.append(
            .init(length: last.length, firstRecord: number, bytes: last.digest, map: try store.put(part.json.canonical)))
        empty = []
    }

    /// Empty files with none behind them: a part of their own, of no bytes.
    private func appendLast(_ files: [PublishedPart.File], to map: inout PublishedMap) throws {
        let part = PublishedPart(files: files)
        map.parts.append(.init(length: 0, firstRecord: 0, bytes: try store.put([]), map: try store.put(part.json.canonical)))
    }

    /// What is more than bytes: folders that hold nothing, links, and whether a file can be run.
    private func finish(_ entry: FileTree.Entry, in folder: String) throws {
        let path = folder + "/" + entry.path
        switch entry.kind {
        case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        case .file(let file):
            var status = stat()
            guard stat(path, &status) == 0 else { return }
            let all = mode_t(S_IXUSR | S_IXGRP | S_IXOTH)
            // Whoever may read it may run it.
            let readers = (status.st_mode & mode_t(S_IRUSR | S_IRGRP | S_IROTH)) >> 2
            chmod(path, status.st_mode & 0o7777 & ~all | (file.isExecutable ? readers : 0))
        case .link(let target):
            if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == target { return }
            guard symlink(target, path) == 0 else {
                throw TaskFault(
                    "cannot make the link \(path): \(String(cString: strerror(errno))); move what is in the way elsewhere")
            }
        }
    }
}
