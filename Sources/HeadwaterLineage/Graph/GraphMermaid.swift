/// A graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html), which code forges draw in Markdown.
public enum GraphMermaid {
    public static func render(_ graph: Graph) -> String {
        var out = "---\ntitle: \(yaml(graph.title))\n---\nflowchart LR\n"
        for (index, node) in graph.nodes.enumerated() {
            let (open, close) = brackets(node.kind)
            out += "  n\(index)\(open)\(quoted([node.title] + node.details))\(close)\n"
        }
        for edge in graph.edges {
            out += "  n\(edge.from) -->" + (edge.label.isEmpty ? "" : "|\(quoted([edge.label]))|") + " n\(edge.to)\n"
        }
        if let remark = graph.remark { out += "  cut[\(quoted([remark]))]\n" }
        return out
    }

    private static func brackets(_ kind: Graph.Kind) -> (String, String) {
        switch kind {
        case .source: ("[/", "/]")
        case .stage: ("[[", "]]")
        case .artifact: ("[(", ")]")
        case .record: ("[", "]")
        case .file: (">", "]")
        }
    }

    /// In double quotation marks of YAML, in which the head of a flowchart is written.
    private static func yaml(_ line: String) -> String {
        "\"" + VisibleText.of(line).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// What has a meaning of its own is written as one of Mermaid's entity codes: `#` and a decimal number, or a name.
    private static func quoted(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            String(
                VisibleText.of(line).unicodeScalars.reduce(into: String.UnicodeScalarView()) { out, scalar in
                    if special.contains(scalar) {
                        out.append(contentsOf: "#\(scalar.value);".unicodeScalars)
                    } else {
                        out.append(scalar)
                    }
                })
        }
        return "\"" + escaped.joined(separator: "<br/>") + "\""
    }

    private static let special: Set<Unicode.Scalar> = ["\"", "#", "&", "<", ">", "`", "\\", "\t", ";"]
}
