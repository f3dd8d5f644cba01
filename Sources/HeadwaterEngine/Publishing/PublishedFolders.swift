import Foundation
import Glibc
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// Brings published folders up to date: what belongs there is written, what an earlier run wrote and no longer belongs is
/// removed, and what somebody else put there is neither overwritten nor removed.
struct PublishedFolders {
    private let pipeline: String
    /// Where it is noted what is being written, so that a run that is killed leaves no files that nobody owns.
    private let notes: String
    /// Told of files that are left where they are.
    private let warn: @Sendable (String) -> Void

    init(pipeline: String, store: Store, warn: @escaping @Sendable (String) -> Void) {
        self.pipeline = pipeline
        notes = store.path + "/hints/\(pipeline).folders"
        self.warn = warn
    }

    /// - Parameter tree: what is published, if that is a tree, of which `content` has the files.
    func write(
        _ content: PublishedContent, to publication: Publication, store: Store, tree: FileTree? = nil
    ) throws {
        let owned = try earlier(publication, store)
        let stale = tree.map { StaleEntries(of: owned.trees(store), beside: $0, in: publication.path) }
        var present: Set<UInt64> = []
        try content.forEachFile { file, _, _ in present.insert(PublishedNames.mark(file.path)) }
        try refuseStrangers(content, owned, stale, in: publication)
        try note(owned.maps + [content.publication.map], of: publication)
        try store.commit()
        // A file that takes the place of a link would be written to where the link leads.
        stale?.removeLinks()
        var held: (blob: Digest, bytes: [UInt8])?
        try content.forEachFile { file, blob, range in
            try AtomicFile.write(to: publication.path + "/" + file.path, digest: file.digest, isDurable: false) { write in
                let bytes = try held?.blob == blob ? held?.bytes ?? [] : store.blob(blob)
                held = (blob, bytes)
                try write(Array(bytes[range]))
            }
        }
        try makeFolder(publication.path)
        for map in owned.contents {
            try map.forEachFile { file, _, _ in
                if !present.contains(PublishedNames.mark(file.path)) { remove(file, from: publication.path) }
            }
        }
        stale?.removeFolders()
        try note([content.publication.map], of: publication)
    }

    // MARK: What earlier runs wrote

    private struct Owned {
        var contents: [PublishedContent] = []
        var maps: [Digest] { contents.map(\.publication.map) }
        /// The marks of the paths of all files.
        var paths: Set<UInt64> = []

        /// What is collected or damaged is not known any more: its links and folders are left where they are.
        func trees(_ store: Store) -> [FileTree] {
            contents.compactMap { (try? DatasetReader(store: store).artifact($0.map.artifact))?.tree }
        }
    }

    /// What the latest run that published the folder wrote there, and what runs since then began to.
    private func earlier(_ publication: Publication, _ store: Store) throws -> Owned {
        var owned = Owned()
        func add(_ map: Digest) {
            guard !owned.maps.contains(map) else { return }
            let kept = RunManifest.Publication(
                name: publication.name, stage: publication.stage, format: publication.format.name, path: publication.text,
                file: map, map: map)
            // What is collected or damaged is not known any more: its files are left where they are.
            guard let content = try? PublishedContent(kept, store: store) else { return }
            var paths: Set<UInt64> = []
            guard (try? content.forEachFile { file, _, _ in paths.insert(PublishedNames.mark(file.path)) }) != nil else { return }
            owned.contents.append(content)
            owned.paths.formUnion(paths)
        }
        _ = try History(store: store).forEachRun { run in
            guard run.pipeline == pipeline,
                let found = run.publications.first(where: { $0.isFolder && $0.path == publication.text })
            else { return true }
            add(found.map)
            return false
        }
        for map in noted()[publication.path] ?? [] { add(map) }
        return owned
    }

    /// The maps that were noted, by the folder's path.
    private func noted() -> [String: [Digest]] {
        guard let data = FileManager.default.contents(atPath: notes), let json = try? JSON(parsing: Array(data)),
            let folders = json.object
        else { return [:] }
        return folders.mapValues { ($0.array ?? []).compactMap { $0.string.flatMap { Digest($0) } } }
    }

    private func note(_ maps: [Digest], of publication: Publication) throws {
        var folders = noted()
        folders[publication.path] = maps
        let json = JSON.object(folders.mapValues { .array($0.map { .string($0.description) }) })
        let bytes = json.canonical
        try AtomicFile.write(to: notes, digest: Digest(of: bytes)) { try $0(bytes) }
    }

    /// A file that is in the way and that no run wrote is somebody's own.
    private func refuseStrangers(
        _ content: PublishedContent, _ owned: Owned, _ stale: StaleEntries?, in publication: Publication
    ) throws {
        try content.forEachFile { file, _, _ in
            let path = publication.path + "/" + file.path
            var status = stat()
            guard !owned.paths.contains(PublishedNames.mark(file.path)), lstat(path, &status) == 0,
                AtomicFile.digest(of: path) != file.digest, stale?.leads(to: file.path) != true
            else { return }
            throw TaskFault(
                "\(shown(path)) is in the way, and no run of \(pipeline) has written it; move it elsewhere and run again")
        }
    }

    /// A path for people, without `..` where it can do without.
    private func shown(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    // MARK: What no longer belongs

    /// Removes a file that is as it was written, and folders that are empty without it.
    private func remove(_ file: PublishedPart.File, from folder: String) {
        let path = folder + "/" + file.path
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard AtomicFile.digest(of: path) == file.digest else {
            return warn("\(shown(path)) no longer belongs to what is published, and was changed since; it is left there")
        }
        guard unlink(path) == 0 else {
            return warn(
                "\(shown(path)) no longer belongs to what is published, and cannot be removed: \(String(cString: strerror(errno)))"
            )
        }
        var components = file.path.split(separator: "/").dropLast()
        while !components.isEmpty, rmdir(folder + "/" + components.joined(separator: "/")) == 0 { components.removeLast() }
    }

    /// A folder without files is there, too.
    private func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw TaskFault("cannot make the folder \(shown(path)); check who owns it and how its file system is mounted")
        }
    }
}
