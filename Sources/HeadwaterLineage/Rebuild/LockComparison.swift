public import HeadwaterModel

/// Where what a lock file says and what was made again differ, and what is to blame for it.
public struct LockComparison: Sendable {
    /// What went into the two, in the order of the file.
    public private(set) var inputs: [Difference] = []
    /// What came of it.
    public private(set) var outputs: [Difference] = []
    /// The stages that made something else, in the pipeline's order.
    public private(set) var stages: [Stage] = []
    /// How many lines are the same.
    public private(set) var equalCount = 0

    /// One thing that is not the same; nil where only one of both has it.
    public struct Difference: Sendable {
        public var kind: LockFile.Kind
        public var subject: String
        public var expected: String?
        public var found: String?
        fileprivate var place: Place
    }

    public struct Stage: Sendable {
        public var name: String
        public var plugin: String
        public var cause: Cause
        /// The partitions or files that differ.
        public var parts: [String]
    }

    public enum Cause: Sendable, Equatable {
        /// Plugin, parameters and all inputs are the same, and what it makes is not.
        case plugin
        /// The plugin is another one, or its libraries or environment are.
        case otherPlugin
        /// The pipeline or its parameters are not the same.
        case pipeline
        case sources
        /// It follows from these stages.
        case follows([String])
    }

    public var isEqual: Bool { inputs.isEmpty && outputs.isEmpty }

    /// - Parameter run: the run that was locked again, for which stage reads which.
    public init(_ expected: LockFile, _ found: LockFile, of run: RunManifest) {
        var old = LockComparison.values(expected)
        let new = LockComparison.values(found)
        var differences: [Difference] = []
        for line in expected.lines {
            let place = Place(line)
            guard let value = old.removeValue(forKey: place) else { continue }
            if value == new[place] { equalCount += 1 } else { differences.append(place.difference(value, new[place])) }
        }
        let known = LockComparison.values(expected)
        differences += found.lines.map { (Place($0), LockComparison.value($0)) }.filter { known[$0.0] == nil }.map {
            $0.difference(nil, $1)
        }
        let made: Set<LockFile.Kind> = [.artifact, .part, .published]
        inputs = differences.filter { !made.contains($0.kind) }
        outputs = differences.filter { made.contains($0.kind) && $0.kind != .part }
        let isOtherPipeline = inputs.contains { [.pipeline, .include, .parameter].contains($0.kind) }
        for stage in run.stages where differences.contains(where: { $0.kind == .artifact && $0.subject == stage.name }) {
            let parts = differences.filter { $0.kind == .part && $0.place.names.first == stage.name }
            let upstream = stage.inputs.map(\.stage).filter { name in stages.contains { $0.name == name } }
            let isOther = inputs.contains { difference in
                switch difference.kind {
                case .plugin, .library: difference.place.names.first == stage.plugin
                case .environment: true
                default: false
                }
            }
            let hasOtherSources = inputs.contains { $0.kind == .source && $0.place.names.first == stage.name }
            let cause: Cause =
                if isOther { .otherPlugin } else if hasOtherSources { .sources } else if !upstream.isEmpty {
                    .follows(Array(Set(upstream)).sorted())
                } else if isOtherPipeline { .pipeline } else { .plugin }
            stages.append(
                Stage(
                    name: stage.name, plugin: stage.plugin, cause: cause, parts: parts.map { $0.place.names.dropFirst().joined() }
                ))
        }
    }

    private static func values(_ lock: LockFile) -> [Place: String] {
        Dictionary(lock.lines.map { (Place($0), value($0)) }, uniquingKeysWith: { "\($0) \($1)" })
    }

    /// What a line says of its place.
    private static func value(_ line: LockFile.Line) -> String {
        line.kind == .plugin ? "\(line.names[1]) \(line.value)" : line.value
    }

    /// What a line is about.
    fileprivate struct Place: Hashable {
        var kind: LockFile.Kind
        var names: [String]

        init(_ line: LockFile.Line) {
            // A plugin is known by its name, and an included file by nothing but its bytes.
            kind = line.kind
            names = line.kind == .plugin ? [line.names[0]] : line.kind == .include ? [line.value] : line.names
        }

        func difference(_ expected: String?, _ found: String?) -> Difference {
            Difference(kind: kind, subject: names.joined(separator: ": "), expected: expected, found: found, place: self)
        }
    }
}
