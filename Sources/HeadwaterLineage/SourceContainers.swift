import HeadwaterModel
import HeadwaterStore

/// Where the sources of a run lay that are parts of files.
struct SourceContainers {
    private let store: Store
    /// The tasks of stages that read sources and found parts of files, in the order of their partitions' first locators.
    private let tasks: [(first: String, containers: Digest)]

    init(of stages: [RunManifest.Stage], store: Store) throws {
        self.store = store
        let history = History(store: store)
        var tasks: [(first: String, containers: Digest)] = []
        for stage in stages where stage.inputs.isEmpty {
            for task in try history.tasks(of: stage) {
                if let containers = task.containers { tasks.append((task.partition, containers)) }
            }
        }
        self.tasks = tasks
    }

    /// Nil for a source that is no part of a file.
    func container(of locator: String) throws -> Container? {
        // A partition holds what lies from its first locator up to that of the next; of several stages each may.
        let candidates = tasks.filter { !locator.utf8.lexicographicallyPrecedes($0.first.utf8) }
        let nearest = candidates.reversed().sorted { $1.first.utf8.lexicographicallyPrecedes($0.first.utf8) }
        for task in nearest {
            for line in try JSONLines.decode(try store.blob(task.containers)) {
                let container = try Container(json: line)
                if container.source.hasSameBytes(as: locator) { return container }
            }
        }
        return nil
    }
}
