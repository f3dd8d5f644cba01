/// Why a task cannot be carried out, beyond what its plugin says.
struct TaskFault: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
