/// Boxes and arrows: what a pipeline or a lineage is drawn from, before anybody says how.
///
/// Arrows lead downstream, from sources to results. Boxes and arrows keep the order in which they were added, which decides how
/// they are drawn.
public struct Graph: Sendable {
    /// What it shows, as one line.
    public var title: String
    public private(set) var nodes: [Node] = []
    public private(set) var edges: [Edge] = []
    /// How many boxes there would be at least beside those that there are.
    public var omitted = 0

    public struct Node: Sendable {
        public var kind: Kind
        public var title: String
        /// Lines below the title.
        public var details: [String]
    }

    public enum Kind: String, Sendable, CaseIterable { case source, stage, artifact, record, file }

    public struct Edge: Sendable {
        /// Indices of nodes.
        public var from: Int
        public var to: Int
        /// What made the one from the other.
        public var label: String
    }

    public init(title: String) { self.title = title }

    /// - Returns: the index of the node.
    public mutating func add(_ kind: Kind, _ title: String, _ details: [String] = []) -> Int {
        nodes.append(Node(kind: kind, title: title, details: details))
        return nodes.count - 1
    }

    /// An arrow that is there already is not added again.
    public mutating func connect(_ from: Int, _ to: Int, _ label: String) {
        guard nodes.indices.contains(from), nodes.indices.contains(to) else { return }
        if edges.contains(where: { $0.from == from && $0.to == to && $0.label == label }) { return }
        edges.append(Edge(from: from, to: to, label: label))
    }

    public mutating func addDetail(_ detail: String, to node: Int) {
        if !nodes[node].details.contains(detail) { nodes[node].details.append(detail) }
    }

    /// What to say of a graph that was cut; nil if it is whole.
    public var remark: String? {
        omitted == 0 ? nil : "cut at \(nodes.count) boxes: there are at least \(omitted) more"
    }
}
