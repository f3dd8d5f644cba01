import HeadwaterModel

/// Which stages of a pipeline somebody asks for by name.
public struct StageSelection: Sendable {
    /// Stages to come to, each with what it needs; empty for all of the pipeline.
    public private(set) var wanted: Set<String> = []
    /// Stages to carry out even where their results are known.
    public private(set) var forced: Set<String> = []

    /// What is said on a command line: names of stages.
    public struct Request: Sendable {
        /// Each of them with what it needs.
        public var stages: [String]
        /// Each of them with all that comes of it.
        public var from: [String]
        /// Nothing that none of them needs.
        public var until: [String]
        public var forced: [String]

        public init(stages: [String] = [], from: [String] = [], until: [String] = [], forced: [String] = []) {
            self.stages = stages
            self.from = from
            self.until = until
            self.forced = forced
        }
    }

    /// - Throws: every name that no stage has, each with the nearest that one has; and what leaves nothing to do.
    public init(_ request: Request, of pipeline: Pipeline) throws(PipelineFaults) {
        var faults: [Diagnostic] = []
        func resolved(_ names: [String], _ option: String) -> Set<String> {
            var found: Set<String> = []
            for name in names {
                let stages = pipeline.stages(named: name)
                found.formUnion(stages.map(\.name))
                guard stages.isEmpty else { continue }
                let known = pipeline.referableStages
                faults.append(
                    Diagnostic(
                        position: SourcePosition(file: "\(option) \(name)"), message: "no stage is named \(Wording.quoted(name))",
                        expected: Wording.oneOf(known), suggestion: NearestName.of(name, among: known)))
            }
            return found
        }
        let stages = resolved(request.stages, "--stage")
        let from = resolved(request.from, "--from")
        let until = resolved(request.until, "--until")
        forced = resolved(request.forced, "--force")
        if !faults.isEmpty { throw PipelineFaults(faults) }

        wanted = stages
        if from.isEmpty {
            wanted.formUnion(until)
        } else {
            var between = pipeline.downstream(of: from)
            if !until.isEmpty { between.formIntersection(pipeline.upstream(of: until)) }
            if between.isEmpty {
                let fault = Diagnostic(
                    position: SourcePosition(file: "--from " + request.from.joined(separator: " --from ")),
                    message: "nothing that comes of it is needed by "
                        + request.until.map(Wording.quoted).joined(separator: " or "),
                    expected: "a stage that lies before it")
                throw PipelineFaults([fault])
            }
            wanted.formUnion(between)
        }
        let idle = forced.subtracting(pipeline.upstream(of: wanted)).sorted()
        if !wanted.isEmpty, !idle.isEmpty {
            let faults = idle.map { name in
                Diagnostic(
                    position: SourcePosition(file: "--force \(name)"),
                    message: "the stage \(Wording.quoted(name)) is not among those that are asked for", expected: "one that is")
            }
            throw PipelineFaults(faults)
        }
    }
}

extension Pipeline {
    /// The stages of this name: all instances of one with a matrix.
    func stages(named name: String) -> [PipelineStage] { stages.filter { $0.name == name || $0.matrix?.stage == name } }

    /// The names by which stages can be asked for, in the order of the pipeline.
    var referableStages: [String] {
        var seen: Set<String> = []
        return stages.map { $0.matrix?.stage ?? $0.name }.filter { seen.insert($0).inserted }
            + stages.filter { $0.matrix != nil }.map(\.name)
    }

    /// These stages and all that needs them.
    func downstream(of names: Set<String>) -> Set<String> {
        var out = names
        for stage in stages where stage.inputs.contains(where: { out.contains($0.stage) }) { out.insert(stage.name) }
        return out
    }

    /// These stages and all that they need.
    public func upstream(of names: Set<String>) -> Set<String> {
        var out = names
        for stage in stages.reversed() where out.contains(stage.name) { out.formUnion(stage.inputs.map(\.stage)) }
        return out
    }
}
