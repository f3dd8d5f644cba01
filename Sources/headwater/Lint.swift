import ArgumentParser
import HeadwaterModel
import HeadwaterPipelines

struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a pipeline file and report all its faults at once.",
        discussion: """
            EXAMPLES:
              headwater lint pipelines/quickstart.yaml
              headwater lint pipelines/quickstart.yaml --set corpus=saved-pages
              headwater lint pipelines/quickstart.yaml --json    for editors
            """)

    @OptionGroup var options: PipelineOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        if output.json { return try runAsJSON() }
        let pipeline = try options.load().pipeline
        Console.line("\(options.pipeline): \(counted(pipeline.stages.count, "stage")), no faults")
    }

    private func runAsJSON() throws {
        do throws(PipelineFaults) {
            _ = try options.read()
        } catch {
            Console.line(json(error.diagnostics).description)
            throw ExitStatus.usage
        }
        Console.line(json([]).description)
    }

    /// `{"file":…,"faults":[{"file","line","column","length","message","expected","suggestion"}]}`; line 0 is the file as a whole.
    private func json(_ faults: [Diagnostic]) -> JSON {
        [
            "file": .string(options.pipeline),
            "faults": .array(
                faults.map {
                    [
                        "file": .string($0.file), "line": .integer($0.line), "column": .integer($0.column),
                        "length": .integer($0.length), "message": .string($0.message),
                        "expected": $0.expected.map { .string($0) } ?? .null,
                        "suggestion": $0.suggestion.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}
