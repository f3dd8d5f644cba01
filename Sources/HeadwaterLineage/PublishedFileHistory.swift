public import HeadwaterModel
import HeadwaterStore

/// A file that a run published under a name that somebody asks for, or with its bytes.
public struct PublishedFile: Sendable {
    public var publication: RunManifest.Publication
    /// As the pipeline file has it; of a file in a published folder with its path there.
    public var path: String
    public var digest: Digest
}

/// Which runs published a file.
public struct PublishedFileHistory {
    private let history: History
    /// The parts of the path that is asked for.
    private let parts: [Substring]
    /// Of the file as it is now; nil where there is none.
    private let digest: Digest?
    /// The files of folders, by the digests of their maps.
    private var folders: [Digest: [(path: String, digest: Digest)]] = [:]

    /// - Parameters:
    ///   - path: of the file, from anywhere: what it shares with a publication's path at its end counts.
    ///   - digest: of its bytes now.
    public init(of path: String, digest: Digest?, history: History) {
        parts = PublishedFileHistory.parts(path)
        self.digest = digest
        self.history = history
    }

    /// Without steps that stay or lead upwards: a pipeline's paths begin in its folder, others anywhere.
    private static func parts(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." && $0 != ".." }
    }

    /// What of it a run published, under this name or with these bytes.
    public mutating func files(of run: RunManifest) throws -> [PublishedFile] {
        var out: [PublishedFile] = []
        for publication in run.publications {
            let place = PublishedFileHistory.parts(publication.path)
            guard publication.isFolder else {
                if publication.file == digest || isNamed(place) {
                    out.append(PublishedFile(publication: publication, path: publication.path, digest: publication.file))
                }
                continue
            }
            for file in try files(of: publication)
            where file.digest == digest || isNamed(place + PublishedFileHistory.parts(file.path)) {
                out.append(
                    PublishedFile(publication: publication, path: "\(publication.path)/\(file.path)", digest: file.digest))
            }
        }
        return out
    }

    private func isNamed(_ place: [Substring]) -> Bool {
        let shared = min(parts.count, place.count)
        return shared > 0 && zip(parts.suffix(shared), place.suffix(shared)).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    private mutating func files(of folder: RunManifest.Publication) throws -> [(path: String, digest: Digest)] {
        if let known = folders[folder.map] { return known }
        var files: [(path: String, digest: Digest)] = []
        try PublishedContent(folder, store: history.store).forEachFile { file, _, _ in files.append((file.path, file.digest)) }
        folders[folder.map] = files
        return files
    }
}
