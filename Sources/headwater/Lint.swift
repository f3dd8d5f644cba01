import ArgumentParser
import HeadwaterPipelines

struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a pipeline file and report all its faults at once.",
        discussion: """
            EXAMPLES:
              headwater lint pipelines/quickstart.yaml
              headwater lint pipelines/quickstart.yaml --set corpus=saved-pages
            """)

    @OptionGroup var options: PipelineOptions

    func run() throws {
        let pipeline = try options.load()
        Console.line("\(options.pipeline): \(pipeline.stages.count) stages, no faults")
    }
}
