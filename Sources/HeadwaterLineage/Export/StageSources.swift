import HeadwaterModel
import HeadwaterStore

/// The sources that stages read, as the keys of their tasks name them.
struct StageSources {
    /// One source under one locator.
    struct Source {
        var locator: String
        var digest: Digest
        /// Where it lay, if it is a part of a file.
        var container: Container?

        var name: QualifiedName { QualifiedName(.source, digest.hex, locator) }
    }

    /// The tasks of each stage that read sources.
    private let stages: [[TaskEntry]]
    private let store: Store

    /// - Parameter stages: those of them that read no sources are passed over.
    init(of stages: [RunManifest.Stage], store: Store) throws {
        let history = History(store: store)
        self.stages = try stages.filter(\.inputs.isEmpty).map { try history.tasks(of: $0).filter { $0.phase == .apply } }
        self.store = store
    }

    /// Calls with each source once, in the order of their locators, however many of the stages read it: each stage has them in
    /// that order, so that no list of all of them is needed. What could not be had is passed over.
    func forEach(_ body: (Source) throws -> Void) throws {
        var cursors: [Cursor] = []
        for stage in stages {
            var cursor = Cursor(stage, store)
            try cursor.advance()
            cursors.append(cursor)
        }
        var last: Source?
        while let first = cursors.indices.filter({ cursors[$0].source != nil }).min(by: { cursors[$0].precedes(cursors[$1]) }) {
            guard let source = cursors[first].source else { return }
            if last?.locator.hasSameBytes(as: source.locator) != true || last?.digest != source.digest { try body(source) }
            last = source
            try cursors[first].advance()
        }
    }
}

extension StageSources {
    /// Goes through the sources of one stage, the key of one task at a time in memory.
    private struct Cursor {
        private var tasks: ArraySlice<TaskEntry>
        private var pending: ArraySlice<Source> = []
        private(set) var source: Source?
        private let store: Store

        init(_ tasks: [TaskEntry], _ store: Store) {
            self.tasks = tasks[...]
            self.store = store
        }

        /// Goes on to the next source; there is none behind the last.
        mutating func advance() throws {
            while pending.isEmpty, let task = tasks.popFirst() { pending = try StageSources.sources(of: task, store)[...] }
            source = pending.popFirst()
        }

        func precedes(_ other: Cursor) -> Bool {
            guard let source, let theirs = other.source else { return source != nil }
            if source.locator.hasSameBytes(as: theirs.locator) { return source.digest < theirs.digest }
            return source.locator.utf8.lexicographicallyPrecedes(theirs.locator.utf8)
        }
    }

    /// Those that one task read.
    static func sources(of task: TaskEntry, _ store: Store) throws -> [Source] {
        let key = try JSON(parsing: try store.blob(task.key))
        var containers: [String: Container] = [:]
        if let digest = task.containers {
            for line in try JSONLines.decode(try store.blob(digest)) {
                let container = try Container(json: line)
                containers[container.source] = container
            }
        }
        return (key["inputs"]?["sources"]?.array ?? []).compactMap { element in
            guard let parts = element.array, parts.count > 1, let locator = parts[0].string,
                let digest = parts[1].string.flatMap({ Digest($0) })
            else { return nil }
            return Source(locator: locator, digest: digest, container: containers[locator])
        }
    }
}
