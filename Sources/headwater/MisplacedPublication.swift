import Foundation
import HeadwaterPipelines
import HeadwaterPluginKit

/// Finds publications that would be written over what a pipeline reads or keeps: its own file, its store, its sources.
enum MisplacedPublication {
    /// - Parameter store: the store's folder.
    static func all(of pipeline: Pipeline, store: String) -> [Diagnostic] {
        let file = resolved(pipeline.file)
        let included = pipeline.included.map { resolved($0.file) }
        let store = resolved(store)
        return pipeline.publications.compactMap { publication in
            let path = resolved(publication.path)
            if path == file {
                return fault(
                    publication, of: pipeline, "would be written over the pipeline file itself",
                    expected: "the path of a file of its own")
            }
            if included.contains(path) {
                return fault(
                    publication, of: pipeline, "would be written over a file that the pipeline includes",
                    expected: "the path of a file of its own")
            }
            if publication.isFolder, file.hasPrefix(path + "/") || store.hasPrefix(path + "/") {
                return fault(
                    publication, of: pipeline,
                    "is a folder with \(file.hasPrefix(path + "/") ? "the pipeline file" : "the store") in it",
                    expected: "a folder of its own, such as ../out/\(publication.name)/")
            }
            if path == store || path.hasPrefix(store + "/") {
                return fault(
                    publication, of: pipeline, "lies in the store \(ConsoleReporter.relative(store))",
                    expected: "a path outside the store's folder, such as ../out/\(publication.name).md")
            }
            guard let (stage, parameter, element) = finder(of: sample(publication), in: pipeline) else { return nil }
            return fault(
                publication, of: pipeline,
                "would be a source of the stage \(stage) in the next run: '\(element)' in \"\(parameter)\" finds it",
                expected: "a path that no source stage reads, or an exclusion such as '!\(publication.text)' in \"\(parameter)\"")
        }
    }

    /// The file, or one as the folder may hold.
    private static func sample(_ publication: Publication) -> String {
        publication.isFolder ? publication.path + "/record" + publication.format.fileEnding : publication.path
    }

    private static func fault(
        _ publication: Publication, of pipeline: Pipeline, _ message: String, expected: String
    ) -> Diagnostic {
        pipeline.diagnostic(at: publication.pathPosition, "the publication \(publication.name) \(message)", expected: expected)
    }

    /// The first source stage that would find the file, and the element that does.
    private static func finder(of path: String, in pipeline: Pipeline) -> (stage: String, parameter: String, element: String)? {
        for stage in pipeline.stages {
            let places = Places(stage.places.mapValues { $0.map { Places.Place(text: $0.text, base: $0.base) } })
            if let found = BuiltIns.sourceStage(stage)?.element(finding: Array(path.utf8), in: places) {
                return (stage.name, found.parameter, places[found.parameter][found.element].text)
            }
        }
        return nil
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
