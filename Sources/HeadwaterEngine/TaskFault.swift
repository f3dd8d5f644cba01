/// Why a task cannot be carried out, beyond what its plugin says.
struct TaskFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A task that did not come to its end since the run is to stop: no failure of anything.
struct TaskStopped: Error {}
