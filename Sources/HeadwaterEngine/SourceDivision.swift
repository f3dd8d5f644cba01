import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Divides an input of sources into its files, for a stage that is carried out for each of them.
struct SourceDivision {
    let store: Store

    /// - Returns: a group for each source, in the order of the dataset: called by the path at which the source lies among the task's
    ///   inputs, its slice the source itself.
    func divide(_ inputs: SharedInputs) throws -> TaskResult {
        var groups: [GroupReference] = []
        var taken: [String: String] = [:]
        for (role, artifact) in inputs.artifacts.sorted(by: { $0.key < $1.key }) {
            guard case .dataset(let dataset) = artifact else { continue }
            for (partition, shard) in dataset.shards.enumerated() {
                for record in try DatasetReader(store: store).records(of: shard.digest) {
                    guard let locator = record.fields["locator"]?.string, let source = record.sources.first else { continue }
                    let path = InputFiles.path(of: locator)
                    if let other = taken.updateValue(locator, forKey: path) {
                        throw TaskFault("the sources \(other) and \(locator) would be the same file, \(path)")
                    }
                    let member = GroupReference.Member(role: role, partition: partition, record: record.id)
                    groups.append(GroupReference(key: path, members: [member], slice: source))
                }
            }
        }
        return .groups(groups, carry: try store.put([]))
    }
}
