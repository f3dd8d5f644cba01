/// A graph as an indented list: from each box that leads nowhere up to where it came from.
public enum GraphText {
    /// Each box is described once; where it occurs again, only its title is given.
    public static func render(_ graph: Graph) -> String {
        var out = VisibleText.of(graph.title) + "\n"
        let leads = Set(graph.edges.map(\.from))
        let above = Dictionary(grouping: graph.edges, by: \.to)
        var described: Set<Int> = []
        // Of boxes that all lead somewhere, as only a made-up manifest has them, the first is begun with.
        let ends = graph.nodes.indices.filter { !leads.contains($0) }
        for end in ends.isEmpty ? Array(graph.nodes.indices.prefix(1)) : ends {
            var pending: [(node: Int, label: String, depth: Int)] = [(end, "", 0)]
            while let (node, label, depth) = pending.popLast() {
                let indent = String(repeating: "  ", count: depth)
                let box = graph.nodes[node]
                let isNew = described.insert(node).inserted
                let by = label.isEmpty ? "" : "  <- \(label)"
                let details = isNew ? box.details.map { ", " + $0 }.joined() : ", as above"
                out += indent + VisibleText.of("\(box.kind.rawValue) \(box.title)\(details)\(by)") + "\n"
                if isNew { pending += (above[node] ?? []).reversed().map { ($0.from, $0.label, depth + 1) } }
            }
        }
        if let remark = graph.remark { out += remark + "\n" }
        return out
    }
}
