import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// What a run would do to one published file.
struct PlannedPublication {
    enum State {
        /// The file holds what would be written.
        case current
        case written(reason: String)
        /// What would be written is not known before something has run.
        case waits
    }

    var publication: Publication
    var state: State

    var wouldBeWritten: Bool { if case .written = state { true } else { false } }

    /// The publications of the stages that a dry run looked at, in the order of the file.
    static func all(of pipeline: Pipeline, after summary: Run.Summary, in history: History) throws -> [PlannedPublication] {
        try pipeline.publications.compactMap { publication in
            guard let stage = summary.stages.first(where: { $0.name == publication.stage }) else { return nil }
            guard let artifact = stage.artifact else { return PlannedPublication(publication: publication, state: .waits) }
            let expected = try latest(of: publication, artifact: artifact, in: history, of: pipeline)
            return PlannedPublication(publication: publication, state: try state(of: publication, expected, in: history.store))
        }
    }

    /// The same artifact published under the same name and format is the same file, so that the latest run that did so
    /// says what there should be. A run that cannot be read is told of, and speaks for no file.
    private static func latest(
        of publication: Publication, artifact: Digest, in history: History, of pipeline: Pipeline
    ) throws -> RunManifest.Publication? {
        var found: RunManifest.Publication?
        let unreadable = try history.forEachRun { run in
            guard run.pipeline == pipeline.name else { return true }
            found = run.publications.first {
                $0.name == publication.name && $0.format == publication.format.name && $0.stage == publication.stage
                    && run.stage($0.stage)?.artifact == artifact
            }
            return found == nil
        }
        for run in unreadable { Console.warning("\(run)") }
        return found
    }

    private static func state(of publication: Publication, _ expected: RunManifest.Publication?, in store: Store) throws -> State
    {
        guard let expected, expected.isFolder == publication.isFolder else {
            return .written(reason: "no earlier run has published this artifact")
        }
        if publication.isFolder { return try state(ofFolder: publication, expected, in: store) }
        guard FileManager.default.fileExists(atPath: publication.path) else { return .written(reason: "it is not there") }
        guard let present = FileManager.default.contents(atPath: publication.path) else {
            return .written(reason: "what is there is no file that can be read")
        }
        let isCurrent = Digest(of: Array(present)) == expected.file
        return isCurrent ? .current : .written(reason: "what is there is not what was published")
    }

    /// The first of a folder's files that is not there, or not as it was written, stands for all.
    private static func state(
        ofFolder publication: Publication, _ expected: RunManifest.Publication, in store: Store
    ) throws -> State {
        var reason: String?
        var others = 0
        try PublishedContent(expected, store: store).forEachFile { file, _, _ in
            let path = publication.path + "/" + file.path
            if let bytes = FileManager.default.contents(atPath: path), Digest(of: Array(bytes)) == file.digest { return }
            if reason != nil {
                others += 1
            } else {
                reason =
                    FileManager.default.fileExists(atPath: path)
                    ? "\(file.path) is not what was published" : "\(file.path) is not there"
            }
        }
        return reason.map { .written(reason: $0 + (others == 0 ? "" : ", and \(others) more")) } ?? .current
    }

    var json: JSON {
        var members: [String: JSON] = ["name": .string(publication.name), "path": .string(publication.text)]
        switch state {
        case .current: members["state"] = "current"
        case .waits: members["state"] = "waits"
        case .written(let reason):
            members["state"] = "written"
            members["reason"] = .string(reason)
        }
        return .object(members)
    }
}
