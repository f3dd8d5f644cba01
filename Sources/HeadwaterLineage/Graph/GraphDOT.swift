/// A graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html).
public enum GraphDOT {
    public static func render(_ graph: Graph) -> String {
        var out = "digraph \(quoted([graph.title])) {\n  rankdir=LR;\n  node [fontname=\"monospace\", fontsize=11];\n"
        out += "  edge [fontname=\"monospace\", fontsize=10];\n"
        if let remark = graph.remark { out += "  label=\(quoted([remark]));\n" }
        for (index, node) in graph.nodes.enumerated() {
            out += "  n\(index) [shape=\(shape(node.kind)), label=\(quoted([node.title] + node.details))];\n"
        }
        for edge in graph.edges { out += "  n\(edge.from) -> n\(edge.to) [label=\(quoted([edge.label]))];\n" }
        return out + "}\n"
    }

    private static func shape(_ kind: Graph.Kind) -> String {
        switch kind {
        case .source: "folder"
        case .stage: "component"
        case .artifact: "box3d"
        case .record: "box"
        case .file: "note"
        }
    }

    /// In a string of the language a quotation mark is escaped; in a label a backslash begins an escape as well.
    private static func quoted(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            VisibleText.of(line).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        }
        return "\"" + escaped.joined(separator: "\\n") + "\""
    }
}
