/// One execution of a pipeline, as it is kept: what ran, what was there already, and what came of it.
///
/// The only document that holds times; no artifact refers to it.
public struct RunManifest: Hashable, Sendable {
    public static let schema = "headwater.run/1"

    public enum State: String, Sendable { case done, failed, interrupted }

    public var id: RunID
    public var pipeline: String
    /// The pipeline file's bytes, as they were.
    public var file: Digest
    /// The files that it includes, by the paths that messages name them by.
    public var included: [String: Digest]
    public var parameters: [String: JSON]
    /// Milliseconds since 1970.
    public var started: Int
    public var finished: Int
    /// The manifests of the runs that were the pipeline's latest when this one was written down: one, none for the first
    /// run, and several where runs ended without knowing of each other.
    public var follows: [Digest]
    /// What runs are put in order by: milliseconds since 1970 when it started, and more than that of any run that it
    /// follows, so that a clock that is put back turns no order round (a hybrid clock after Kulkarni and others, "Logical
    /// Physical Clocks", OPODIS 2014).
    public var order: Int
    public var state: State
    public var stages: [Stage]
    public var publications: [Publication]
    /// In the order in which they came.
    public var failures: [Failure]
    /// Tasks that came to another result than one before with the same key.
    public var contradictions: [Contradiction]

    /// Two results under one key: the plugin does not give the same bytes twice.
    public struct Contradiction: Hashable, Sendable, CustomStringConvertible {
        public var stage: String
        public var phase: KeyDocument.Phase
        public var partition: String
        public var key: Digest
        /// The result that was there, and the one that came.
        public var earlier: Digest
        public var later: Digest

        public init(
            stage: String, phase: KeyDocument.Phase, partition: String, key: Digest, earlier: Digest, later: Digest
        ) {
            self.stage = stage
            self.phase = phase
            self.partition = partition
            self.key = key
            self.earlier = earlier
            self.later = later
        }

        public var description: String {
            let place = partition.isEmpty ? "" : " of \(partition)"
            return "stage \(stage), \(phase.rawValue)\(place): two results under one key, \(earlier.short) and \(later.short)"
        }
    }

    /// What went wrong with one task, one stage or one publication.
    public struct Failure: Hashable, Sendable, CustomStringConvertible {
        public var stage: String
        /// Which task, in words; empty if the whole stage failed.
        public var task: String
        public var message: String
        /// What the task's process wrote to standard error.
        public var log: Digest?

        public init(stage: String, task: String, message: String, log: Digest? = nil) {
            self.stage = stage
            self.task = task
            self.message = message
            self.log = log
        }

        public var description: String { "stage \(stage)\(task.isEmpty ? "" : ", \(task)"): \(message)" }
    }

    /// What one stage came to.
    public struct Stage: Hashable, Sendable {
        public var name: String
        public var plugin: String
        public var version: String
        public var parameters: [String: JSON]
        /// The stages it reads, by role.
        public var inputs: [Input]
        /// Nil if the stage did not come to its end.
        public var artifact: Digest?
        public var executed: Int
        public var hits: Int
        /// A blob with one line for each task: phase, partition, key, result, and whether it was a hit.
        public var tasks: Digest
        /// What keeps a plugin from outside from the rest of the machine, in words; nil for a stage in process, and where
        /// nothing was carried out.
        public var confinement: String?
        /// What plugins from outside counted, summed up over the tasks that were carried out.
        public var metrics: [String: Int] = [:]

        public struct Input: Hashable, Sendable {
            public var role: String
            public var stage: String
            public init(role: String, stage: String) {
                self.role = role
                self.stage = stage
            }
        }

        public init(
            name: String, plugin: String, version: String, parameters: [String: JSON], inputs: [Input], artifact: Digest?,
            executed: Int, hits: Int, tasks: Digest
        ) {
            self.name = name
            self.plugin = plugin
            self.version = version
            self.parameters = parameters
            self.inputs = inputs
            self.artifact = artifact
            self.executed = executed
            self.hits = hits
            self.tasks = tasks
        }
    }

    /// A file or folder that the run wrote for people.
    public struct Publication: Hashable, Sendable {
        public var name: String
        public var stage: String
        public var format: String
        /// As the pipeline file has it.
        public var path: String
        /// The digest of the file's bytes; of a folder that of its map, which names every file.
        public var file: Digest
        public var map: Digest

        public var isFolder: Bool { file == map }

        public init(name: String, stage: String, format: String, path: String, file: Digest, map: Digest) {
            self.name = name
            self.stage = stage
            self.format = format
            self.path = path
            self.file = file
            self.map = map
        }
    }

    public init(
        id: RunID, pipeline: String, file: Digest, included: [String: Digest] = [:], parameters: [String: JSON], started: Int,
        finished: Int, state: State,
        stages: [Stage], publications: [Publication], failures: [Failure], contradictions: [Contradiction],
        follows: [Digest] = [], order: Int? = nil
    ) {
        self.id = id
        self.pipeline = pipeline
        self.file = file
        self.included = included
        self.parameters = parameters
        self.started = started
        self.finished = finished
        self.follows = follows
        self.order = order ?? started
        self.state = state
        self.stages = stages
        self.publications = publications
        self.failures = failures
        self.contradictions = contradictions
    }

    /// Where a run stands that started then and follows those of these orders.
    public static func order(started: Int, after earlier: some Sequence<Int>) -> Int {
        earlier.reduce(started) { max($0, min($1, JSON.largestInteger - 1) + 1) }
    }

    public func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }
}

/// Names a run: 16 hex digits drawn at random, since a run is an event and not a content.
public struct RunID: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 16, Hex.decode(text.utf8) != nil else { return nil }
        description = String(text)
    }

    public init(random: UInt64) {
        let digits = String(random, radix: 16)
        description = String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension RunManifest {
    public var json: JSON {
        var members: [String: JSON] = [
            "schema": .string(RunManifest.schema),
            "id": .string(id.description),
            "pipeline": .string(pipeline),
            "file": .string(file.description),
            "parameters": .object(parameters),
            "started": .integer(started),
            "finished": .integer(finished),
            "follows": .array(follows.map { .string($0.description) }),
            "order": .integer(order),
            "state": .string(state.rawValue),
            "stages": .array(stages.map(\.json)),
            "publications": .array(publications.map(\.json)),
            "failures": .array(
                failures.map { failure in
                    var members: [String: JSON] = [
                        "stage": .string(failure.stage), "task": .string(failure.task), "message": .string(failure.message),
                    ]
                    if let log = failure.log { members["log"] = .string(log.description) }
                    return .object(members)
                }),
            "contradictions": .array(contradictions.map(\.json)),
        ]
        if !included.isEmpty { members["included"] = .object(included.mapValues { .string($0.description) }) }
        return .object(members)
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: RunManifest.schema)
        guard let id = RunID(try document.string("id")), let state = State(rawValue: try document.string("state")) else {
            throw DocumentError("a run's id or state is not valid")
        }
        var stages: [Stage] = []
        for part in try document.parts("stages") { stages.append(try Stage(document: part)) }
        var publications: [Publication] = []
        for part in try document.parts("publications") { publications.append(try Publication(document: part)) }
        var failures: [Failure] = []
        for part in try document.parts("failures") {
            failures.append(
                Failure(
                    stage: try part.string("stage"), task: try part.string("task"), message: try part.string("message"),
                    log: try part.optionalDigest("log")))
        }
        var included: [String: Digest] = [:]
        for (path, file) in json["included"] == nil ? [:] : try document.object("included") {
            guard let digest = file.string.flatMap({ Digest($0) }) else {
                throw DocumentError("a run's included file has no digest")
            }
            included[path] = digest
        }
        self.init(
            id: id, pipeline: try document.string("pipeline"), file: try document.digest("file"), included: included,
            parameters: try document.object("parameters"), started: try document.count("started"),
            finished: try document.count("finished"), state: state, stages: stages, publications: publications,
            failures: failures,
            contradictions: try document.parts("contradictions").map { (part) throws(DocumentError) in
                try Contradiction(document: part)
            },
            follows: try document.digests("follows"), order: try document.count("order"))
    }
}

extension RunManifest.Contradiction {
    public var json: JSON {
        [
            "stage": .string(stage), "phase": .string(phase.rawValue), "partition": .string(partition),
            "key": .string(key.description), "earlier": .string(earlier.description), "later": .string(later.description),
        ]
    }

    init(document: StoredDocument) throws(DocumentError) {
        guard let phase = KeyDocument.Phase(rawValue: try document.string("phase")) else {
            throw DocumentError("a contradiction names an unknown phase")
        }
        self.init(
            stage: try document.string("stage"), phase: phase, partition: try document.string("partition"),
            key: try document.digest("key"), earlier: try document.digest("earlier"), later: try document.digest("later"))
    }
}

extension RunManifest.Stage {
    var json: JSON {
        var members: [String: JSON] = [
            "name": .string(name), "plugin": .string(plugin), "version": .string(version), "parameters": .object(parameters),
            "inputs": .array(inputs.map { ["role": .string($0.role), "stage": .string($0.stage)] }),
            "executed": .integer(executed), "hits": .integer(hits), "tasks": .string(tasks.description),
        ]
        if let artifact { members["artifact"] = .string(artifact.description) }
        if let confinement { members["sandbox"] = .string(confinement) }
        if !metrics.isEmpty { members["metrics"] = .object(metrics.mapValues { .integer($0) }) }
        return .object(members)
    }

    init(document: StoredDocument) throws(DocumentError) {
        var inputs: [Input] = []
        for part in try document.parts("inputs") {
            inputs.append(Input(role: try part.string("role"), stage: try part.string("stage")))
        }
        self.init(
            name: try document.string("name"), plugin: try document.string("plugin"), version: try document.string("version"),
            parameters: try document.object("parameters"), inputs: inputs, artifact: try document.optionalDigest("artifact"),
            executed: try document.count("executed"), hits: try document.count("hits"), tasks: try document.digest("tasks"))
        if document.has("sandbox") { confinement = try document.string("sandbox") }
        if document.has("metrics") { metrics = try document.object("metrics").compactMapValues(\.integer) }
    }
}

extension RunManifest.Publication {
    var json: JSON {
        [
            "name": .string(name), "stage": .string(stage), "format": .string(format), "path": .string(path),
            "file": .string(file.description), "map": .string(map.description),
        ]
    }

    init(document: StoredDocument) throws(DocumentError) {
        self.init(
            name: try document.string("name"), stage: try document.string("stage"), format: try document.string("format"),
            path: try document.string("path"), file: try document.digest("file"), map: try document.digest("map"))
    }
}
