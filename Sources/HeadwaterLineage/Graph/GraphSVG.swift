/// A graph as a picture (SVG 1.1) that needs nothing but itself: no script, no font, no other file.
public enum GraphSVG {
    // Type of 12 pixels in a monospaced face; its characters are six tenths of that wide in nearly all of them.
    private static let columnWidth = 7.2
    private static let lineHeight = 16
    private static let padding = 8
    /// Characters of a line that are drawn; all of it is in the box's title, which a browser shows on hovering.
    private static let longest = 44

    public static func render(_ graph: Graph) -> String {
        let lines = graph.nodes.map { node in ([node.title] + node.details).map(drawn) }
        let sizes = lines.map { lines in
            (width: width(lines.map(columns).max() ?? 0) + 2 * padding, height: lines.count * lineHeight + padding)
        }
        let layout = LayeredLayout(graph, sizes: sizes, labelWidths: graph.edges.map { width(columns(drawn($0.label))) })
        let remark = graph.remark
        let top = 36
        let headings = [graph.title, remark ?? ""].map { 40 + GraphSVG.width(columns($0)) }
        let across = max(layout.width, headings[0], headings[1])
        let height = layout.height + top + (remark == nil ? 0 : 24)
        var out = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(across)" height="\(height)" viewBox="0 0 \(across) \(height)" \
            font-family="ui-monospace, 'DejaVu Sans Mono', monospace" font-size="12" role="img">
            <title>\(text(graph.title))</title>
            <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">\
            <path d="M0 0 L8 4 L0 8 z" fill="#5a6270"/></marker></defs>
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="20" y="24" font-weight="bold" fill="#1c2128">\(text(graph.title))</text>
            <g transform="translate(0 \(top))">

            """
        let entries = entries(graph, layout)
        for (index, edge) in graph.edges.enumerated() {
            out += path(edge, layout, bends: layout.bends[index], to: entries[index])
        }
        // Arrows that lead to one box under one label share it.
        var labelled: Set<[String]> = []
        for (index, edge) in graph.edges.enumerated()
        where !edge.label.isEmpty && labelled.insert(["\(edge.to)", edge.label]).inserted {
            out += """
                <text x="\(layout.boxes[edge.to].x - 12)" y="\(entries[index] - 5)" text-anchor="end" fill="#57606a" font-size="11" \
                paint-order="stroke" stroke="#ffffff" stroke-width="3">\(text(drawn(edge.label)))</text>

                """
        }
        for (index, node) in graph.nodes.enumerated() {
            let box = layout.boxes[index]
            let (fill, stroke, radius) = look(node.kind)
            out += "<g><title>\(text(([node.kind.rawValue + " " + node.title] + node.details).joined(separator: "\n")))</title>"
            out += """
                <rect x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="\(radius)" fill="\(fill)" stroke="\(stroke)"/>
                """
            for (number, line) in lines[index].enumerated() {
                let weight = number == 0 ? " font-weight=\"bold\"" : ""
                out += """
                    <text x="\(box.x + padding)" y="\(box.y + (number + 1) * lineHeight)" fill="#1c2128"\(weight) \
                    xml:space="preserve">\(text(line))</text>
                    """
            }
            out += "</g>\n"
        }
        out += "</g>\n"
        if let remark {
            out += "<text x=\"20\" y=\"\(height - 12)\" fill=\"#9a3412\">\(text(remark))</text>\n"
        }
        return out + "</svg>\n"
    }

    /// By edge: at which height it enters its box. Arrows of one label enter at one place.
    private static func entries(_ graph: Graph, _ layout: LayeredLayout) -> [Int] {
        var out = [Int](repeating: 0, count: graph.edges.count)
        for (node, edges) in Dictionary(grouping: graph.edges.indices, by: { graph.edges[$0].to }) {
            let labels = Dictionary(grouping: edges) { graph.edges[$0].label }
            /// Where the arrows of a label come from, on the mean.
            func origin(_ edges: [Int]) -> Int {
                edges.reduce(0) { $0 + (layout.bends[$1].last?.y ?? layout.boxes[graph.edges[$1].from].middle) } / edges.count
            }
            let box = layout.boxes[node]
            let order = labels.sorted { (origin($0.value), $0.key) < (origin($1.value), $1.key) }
            for (place, edges) in order.enumerated() {
                for edge in edges.value { out[edge] = box.y + box.height * (place + 1) / (order.count + 1) }
            }
        }
        return out
    }

    private static func path(_ edge: Graph.Edge, _ layout: LayeredLayout, bends: [(x: Int, y: Int)], to entry: Int) -> String {
        let (from, to) = (layout.boxes[edge.from], layout.boxes[edge.to])
        var point = (x: from.x + from.width, y: from.middle)
        var out = "<path d=\"M\(point.x) \(point.y)"
        for next in bends + [(x: to.x, y: entry)] {
            let middle = (point.x + next.x) / 2
            out += " C\(middle) \(point.y) \(middle) \(next.y) \(next.x) \(next.y)"
            point = next
        }
        return out + "\" fill=\"none\" stroke=\"#8c959f\" marker-end=\"url(#arrow)\"/>\n"
    }

    private static func look(_ kind: Graph.Kind) -> (fill: String, stroke: String, radius: Int) {
        switch kind {
        case .source: ("#eef6ec", "#5b8c5a", 2)
        case .stage: ("#eaf1fb", "#4a77b4", 8)
        case .artifact: ("#f3eefb", "#7d5fb2", 2)
        case .record: ("#fdf6e3", "#b58a2a", 2)
        case .file: ("#fbeeee", "#b25f5f", 2)
        }
    }

    private static func drawn(_ line: String) -> String {
        let line = VisibleText.of(line).replacing("\t", with: " ")
        return line.count <= longest ? line : line.prefix(longest / 2) + "…" + line.suffix(longest / 2 - 1)
    }

    /// How many columns a line takes: two for a character of the blocks that are drawn wide.
    private static func columns(_ line: String) -> Int {
        line.reduce(0) { $0 + (($1.unicodeScalars.first?.value ?? 0) >= 0x1100 && !$1.isASCII && $1 != "…" ? 2 : 1) }
    }

    private static func width(_ columns: Int) -> Int { Int((Double(columns) * columnWidth).rounded(.up)) }

    /// As an element's content. What no XML may hold was spelled out, but for two characters that stand for none.
    private static func text(_ line: String) -> String {
        HTMLText.of(line).replacing("\u{FFFE}", with: "\u{FFFD}").replacing("\u{FFFF}", with: "\u{FFFD}")
    }
}
