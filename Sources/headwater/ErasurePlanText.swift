import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel

/// A plan of an erasure for people, counts first, and for programs.
struct ErasurePlanText {
    let plan: ErasurePlan
    let decisions: [RunID: ErasureDecision]
    let host: ErasingConsole

    /// Lines of one kind that a person is shown; with `--json` there are more.
    private static let mostShown = 20

    private var style: Style { Style.standardOutput }
    private var forgotten: [AffectedRun] { plan.runs.filter { decisions[$0.run.id]?.reason != nil } }
    private var influenced: Int { plan.runs.reduce(0) { $0 + $1.stages.reduce(0) { $0 + $1.influenced.count } } }
    private var artifacts: Set<Digest> {
        Set(plan.runs.flatMap { $0.stages.filter { !$0.records.isEmpty || !$0.files.isEmpty }.compactMap(\.artifact) })
    }
    private var publishedFiles: Set<Digest> { Set(plan.runs.flatMap { $0.publications.flatMap(\.files) }) }

    func show() {
        let targets = plan.targets
        line("sources", "\(targets.named.count) named, in every version that a kept run has read")
        line("copies", "\(targets.copies.count) more with the same bytes elsewhere; THEY GO, TOO", if: !targets.copies.isEmpty)
        line(
            "published", "\(targets.publications.count) more that are published files with erased text; THEY GO, TOO",
            if: !targets.publications.isEmpty)
        line(
            "derive",
            "\(counted(plan.records.count, "record")) in \(counted(artifacts.count, "artifact")), "
                + counted(publishedFiles.count, "published file"))
        line("influence", "\(counted(influenced, "task")) may have been steered by them")
        line(
            "runs",
            "\(plan.runs.count - forgotten.count) are redone, \(forgotten.count) are forgotten, \(plan.untouched) stay as they are"
        )
        line("network", "\(counted(plan.pins.count, "pinned answer")) would be removed", if: !plan.pins.isEmpty)
        section("sources", targets.named.sorted().map(describe))
        section("with the same bytes", targets.copies.sorted().map(describe))
        section("published files that other runs have read", targets.publications.sorted().map(describe))
        section("pinned answers", plan.pins)
        section("files and answers that hold them", plan.containers.sorted().map(describe))
        for affected in plan.runs {
            let reason = decisions[affected.run.id]?.reason
            Console.line("")
            Console.line(
                "\(style.bold("run:\(affected.run.id)")) \(VisibleText.of(affected.run.pipeline)), \(Log.time(affected.run.started)): "
                    + VisibleText.of(reason.map { "forgotten, as \($0)" } ?? "redone"))
            for stage in affected.stages { show(stage) }
            for publication in affected.publications {
                let place =
                    host.place(of: affected.run) == nil ? ", wherever it lies: name its pipeline file with --pipeline" : ""
                Console.line(
                    "  published \(VisibleText.of(publication.publication.name)): \(VisibleText.of(publication.publication.path)), "
                        + "\(counted(publication.files.count, "file"))\(place)")
            }
        }
        Console.line("")
        Console.line("original files stay where they are, and so do copies of what was published; remove those yourself")
    }

    private func show(_ stage: AffectedRun.Stage) {
        var parts: [String] = []
        if !stage.records.isEmpty { parts.append(counted(stage.records.count, "record")) }
        if !stage.files.isEmpty { parts.append(counted(stage.files.count, "file")) }
        if !stage.deriving.isEmpty { parts.append("\(counted(stage.deriving.count, "task")) deriving") }
        if !stage.influenced.isEmpty { parts.append("\(stage.influenced.count) influenced") }
        if parts.isEmpty { return }
        Console.line("  \(VisibleText.of(stage.name)): \(parts.joined(separator: ", "))")
    }

    private func line(_ name: String, _ text: String, if isShown: Bool = true) {
        guard isShown else { return }
        Console.line("\(style.bold(name.padding(toLength: 10, withPad: " ", startingAt: 0))) \(text)")
    }

    private func section(_ title: String, _ lines: [String]) {
        if lines.isEmpty { return }
        Console.line("")
        Console.line(style.bold(title))
        for line in lines.prefix(ErasurePlanText.mostShown) { Console.line("  \(VisibleText.of(line))") }
        let rest = lines.count - ErasurePlanText.mostShown
        if rest > 0 { Console.line("  … and \(rest) more") }
    }

    private func describe(_ version: ErasureTargets.Version) -> String {
        "\(version.locator)  \(version.digest?.short ?? "could not be had")"
    }

    /// `{"counts":{…},"sources":[{"locator","digest"}],"copies":[…],"published":[…],"containers":[…],"pins":[…],"records":[…],
    /// "runs":[{"run","pipeline","redone","reason","stages":[{"name","artifact","records","files","deriving","influenced"}],
    /// "published":[{"name","path","files"}]}]}`
    var json: JSON {
        func list(_ versions: Set<ErasureTargets.Version>) -> JSON {
            .array(
                versions.sorted().map {
                    ["locator": .string($0.locator), "digest": $0.digest.map { .string($0.description) } ?? .null]
                })
        }
        return [
            "counts": [
                "sources": .integer(plan.targets.named.count), "copies": .integer(plan.targets.copies.count),
                "published": .integer(plan.targets.publications.count), "records": .integer(plan.records.count),
                "artifacts": .integer(artifacts.count), "publishedFiles": .integer(publishedFiles.count),
                "influenced": .integer(influenced), "redone": .integer(plan.runs.count - forgotten.count),
                "forgotten": .integer(forgotten.count), "untouched": .integer(plan.untouched),
                "pins": .integer(plan.pins.count),
            ],
            "sources": list(plan.targets.named), "copies": list(plan.targets.copies),
            "published": list(plan.targets.publications), "containers": list(plan.containers),
            "pins": .array(plan.pins.map { .string($0) }),
            "records": .array(plan.records.sorted().map { .string($0.description) }),
            "runs": .array(plan.runs.map(json)),
        ]
    }

    private func json(_ affected: AffectedRun) -> JSON {
        func tasks(_ tasks: [AffectedRun.Task]) -> JSON {
            .array(tasks.map { ["phase": .string($0.phase.rawValue), "partition": .string($0.partition)] })
        }
        let reason = decisions[affected.run.id]?.reason
        return [
            "run": .string(affected.run.id.description), "pipeline": .string(affected.run.pipeline),
            "redone": .bool(reason == nil), "reason": reason.map { .string($0) } ?? .null,
            "stages": .array(
                affected.stages.map { stage in
                    [
                        "name": .string(stage.name), "artifact": stage.artifact.map { .string($0.description) } ?? .null,
                        "records": .array(stage.records.map { .string($0.description) }),
                        "files": .array(stage.files.map { .string($0) }), "deriving": tasks(stage.deriving),
                        "influenced": tasks(stage.influenced),
                    ]
                }),
            "published": .array(
                affected.publications.map { published in
                    [
                        "name": .string(published.publication.name), "path": .string(published.publication.path),
                        "files": .array(published.files.sorted().map { .string($0.description) }),
                    ]
                }),
        ]
    }
}
