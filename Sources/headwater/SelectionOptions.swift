import ArgumentParser
import HeadwaterPipelines

/// Options by which `plan` and `run` take part of a pipeline.
struct SelectionOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only this stage and what it needs; may be repeated.", valueName: "stage"))
    var stage: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Only this stage, all that comes of it, and what these need; may be repeated.", valueName: "stage"))
    var from: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only this stage and what it needs; with --from only what lies between. May be repeated.", valueName: "stage"))
    var until: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Carry this stage out even where its results are known; may be repeated.", valueName: "stage"))
    var force: [String] = []

    @Flag(name: .long, help: "After a failure go on with what does not depend on it; a plan always does.")
    var keepGoing = false

    /// - Throws: `ExitStatus.usage`, with every fault shown.
    func selection(of pipeline: Pipeline) throws -> StageSelection {
        do throws(PipelineFaults) {
            return try StageSelection(.init(stages: stage, from: from, until: until, forced: force), of: pipeline)
        } catch {
            Console.plain(DiagnosticText.render(error, color: Style.standardError.isOn), end: "")
            throw ExitStatus.usage
        }
    }
}
