import Foundation
import Glibc
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// Brings what a run published up to date when it is redone, where the file that lies there is still the one that it wrote.
struct PublishedAgain {
    let store: Store
    let host: any ErasureHost

    /// Writes what the redone run has for what the old one wrote.
    func bringUpToDate(_ affected: AffectedRun, _ redone: RunManifest) throws {
        for old in affected.run.publications {
            let new = redone.publications.first { $0.name == old.name && $0.path == old.path }
            if let new, new.file == old.file, new.map == old.map { continue }
            guard let publication = try place(of: old, affected) else { continue }
            guard let new else {
                try withdraw(old, at: publication.path, affected)
                continue
            }
            if old.isFolder {
                try writeFolder(old, publication, affected, redone)
            } else {
                try writeFile(old, new, at: publication.path)
            }
        }
    }

    /// Removes what a run that is forgotten wrote of what is erased.
    func withdraw(_ affected: AffectedRun) throws {
        for old in affected.run.publications {
            guard affected.publications.contains(where: { $0.publication == old }) else { continue }
            let path = try place(of: old, affected)?.path ?? host.place(of: affected.run).map { Self.path(old.path, beside: $0) }
            if let path { try withdraw(old, at: path, affected) }
        }
    }

    private func writeFile(_ old: RunManifest.Publication, _ new: RunManifest.Publication, at path: String) throws {
        let there = AtomicFile.digest(of: path)
        guard there == old.file else {
            if there != nil, there != new.file {
                host.warned("\(path) is not what the run wrote, and is left as it is; see yourself whether it has erased text")
            }
            return
        }
        let content = try PublishedContent(new, store: store)
        try AtomicFile.write(to: path, digest: new.file) { write in
            try content.forEachPart { try write(try store.blob($0.bytes)) }
        }
        host.said("wrote \(URL(fileURLWithPath: path).standardizedFileURL.path) anew")
    }

    /// A folder is that of the latest run which published it: an older one's files are gone from it.
    private func writeFolder(
        _ old: RunManifest.Publication, _ publication: Publication, _ affected: AffectedRun, _ redone: RunManifest
    ) throws {
        var latest: RunID?
        _ = try History(store: store).forEachRun { run in
            guard run.pipeline == affected.run.pipeline, run.publications.contains(where: { $0.isFolder && $0.path == old.path })
            else { return true }
            latest = run.id
            return false
        }
        guard latest == affected.run.id || latest == redone.id, let artifact = redone.stage(publication.stage)?.artifact,
            FileManager.default.fileExists(atPath: publication.path)
        else { return }
        let folders = PublishedFolders(pipeline: redone.pipeline, store: store) { [host] in host.warned($0) }
        _ = try Publisher(store: store, stages: redone.stages, folders: folders).publish(publication, artifact: artifact)
        host.said("brought \(URL(fileURLWithPath: publication.path).standardizedFileURL.path) up to date")
    }

    private func withdraw(_ old: RunManifest.Publication, at path: String, _ affected: AffectedRun) throws {
        let files = affected.publications.first { $0.publication == old }?.files ?? []
        func remove(_ path: String, _ digest: Digest) {
            guard files.contains(digest), AtomicFile.digest(of: path) == digest else { return }
            if unlink(path) == 0 {
                host.said("removed \(path)")
            } else {
                host.warned("\(path) cannot be removed; it has erased text")
            }
        }
        if !old.isFolder { return remove(path, old.file) }
        try PublishedContent(old, store: store).forEachFile { file, _, _ in remove(path + "/" + file.path, file.digest) }
    }

    /// The publication with the place where it lies on this machine; nil if that is not known.
    private func place(of old: RunManifest.Publication, _ affected: AffectedRun) throws -> Publication? {
        guard let file = host.place(of: affected.run) else { return nil }
        let pipeline = try? RecordedSources(of: affected.run, in: store).pipeline(
            at: file, workingDirectory: FileManager.default.currentDirectoryPath,
            plugins: host.plugins(for: affected.run).declarations)
        return pipeline?.publications.first { $0.name == old.name && $0.text == old.path }
    }

    private static func path(_ text: String, beside file: String) -> String {
        URL(fileURLWithPath: text, relativeTo: URL(fileURLWithPath: file).deletingLastPathComponent()).standardizedFileURL.path
    }
}
