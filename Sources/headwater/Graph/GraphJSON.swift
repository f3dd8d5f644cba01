import HeadwaterLineage
import HeadwaterModel

/// A graph as one JSON object.
enum GraphJSON {
    /// `{"title","nodes":[{"kind","title","details":[…]}],"edges":[{"from","to","label"}],"omitted"}`; `from` and `to` count nodes
    /// from 0.
    static func of(_ graph: Graph) -> JSON {
        [
            "title": .string(graph.title),
            "nodes": .array(
                graph.nodes.map { node in
                    [
                        "kind": .string(node.kind.rawValue), "title": .string(node.title),
                        "details": .array(node.details.map { .string($0) }),
                    ]
                }),
            "edges": .array(
                graph.edges.map { edge in
                    ["from": .integer(edge.from), "to": .integer(edge.to), "label": .string(edge.label)]
                }), "omitted": .integer(graph.omitted),
        ]
    }
}
