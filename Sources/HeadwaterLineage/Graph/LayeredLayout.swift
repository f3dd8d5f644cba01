/// Where the boxes of a graph lie, in layers from left to right: no arrow leads to the left, few of them cross.
///
/// After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (IEEE SMC-11, 1981):
/// a box lies one layer behind the last of those that lead to it, an arrow over several layers has a place in each, and each layer is put
/// in the order of the middle of its neighbours, back and forth. All in whole pixels, so that equal graphs are drawn equally.
struct LayeredLayout {
    struct Box {
        var x = 0
        var y = 0
        var width: Int
        var height: Int

        var middle: Int { y + height / 2 }
    }

    /// By node.
    private(set) var boxes: [Box]
    /// By edge: the points in the layers that it passes through.
    private(set) var bends: [[(x: Int, y: Int)]]
    private(set) var width = 0
    private(set) var height = 0

    private static let margin = 20
    private static let rowGap = 18
    /// Between layers, beside what the labels there need.
    private static let layerGap = 56
    private static let rounds = 8

    /// A box, or the place where an arrow passes through a layer.
    private struct Item {
        var height: Int
        var y = 0
        var left: [Int] = []
        var right: [Int] = []
    }

    /// - Parameters:
    ///   - sizes: of the boxes, by node.
    ///   - labelWidths: by edge.
    init(_ graph: Graph, sizes: [(width: Int, height: Int)], labelWidths: [Int]) {
        boxes = sizes.map { Box(width: $0.width, height: $0.height) }
        let layers = LayeredLayout.layers(graph)
        var items = sizes.map { Item(height: $0.height) }
        let count = (layers.max() ?? 0) + 1
        var rows = [[Int]](repeating: [], count: count)
        for node in graph.nodes.indices { rows[layers[node]].append(node) }
        // What passes through a layer is an item there.
        var passes = [[Int]](repeating: [], count: graph.edges.count)
        for (index, edge) in graph.edges.enumerated() {
            var last = edge.from
            if layers[edge.to] > layers[edge.from] + 1 {
                for layer in layers[edge.from] + 1..<layers[edge.to] {
                    items.append(Item(height: 0))
                    rows[layer].append(items.count - 1)
                    passes[index].append(items.count - 1)
                    items[last].right.append(items.count - 1)
                    items[items.count - 1].left.append(last)
                    last = items.count - 1
                }
            }
            items[last].right.append(edge.to)
            items[edge.to].left.append(last)
        }
        LayeredLayout.order(&rows, items)
        LayeredLayout.place(rows, &items)
        // Columns.
        var x = LayeredLayout.margin
        var columns: [Int] = []
        for layer in rows.indices {
            let label = graph.edges.indices.filter { layers[graph.edges[$0].to] == layer }.map { labelWidths[$0] }.max() ?? 0
            if layer > 0 { x += LayeredLayout.layerGap + label }
            columns.append(x)
            x += rows[layer].compactMap { $0 < sizes.count ? sizes[$0].width : nil }.max() ?? 0
        }
        for node in graph.nodes.indices { (boxes[node].x, boxes[node].y) = (columns[layers[node]], items[node].y) }
        bends = passes.enumerated().map { index, places in
            places.enumerated().map { (columns[layers[graph.edges[index].from] + 1 + $0], items[$1].y) }
        }
        width = x + LayeredLayout.margin
        height = (items.map { $0.y + $0.height }.max() ?? 0) + LayeredLayout.margin
    }

    /// The longest way from a box without arrows to it. Boxes on a ring, as only a made-up manifest has one, are in the first
    /// layer that is left for them.
    private static func layers(_ graph: Graph) -> [Int] {
        var waiting = graph.nodes.indices.map { node in graph.edges.count { $0.to == node } }
        var layers = [Int](repeating: 0, count: graph.nodes.count)
        let below = Dictionary(grouping: graph.edges, by: \.from)
        var ready = graph.nodes.indices.filter { waiting[$0] == 0 }
        while let node = ready.popLast() {
            for edge in below[node] ?? [] {
                layers[edge.to] = max(layers[edge.to], layers[node] + 1)
                waiting[edge.to] -= 1
                if waiting[edge.to] == 0 { ready.append(edge.to) }
            }
        }
        return layers
    }

    private static func order(_ rows: inout [[Int]], _ items: [Item]) {
        var positions = [Int](repeating: 0, count: items.count)
        func number(_ row: [Int]) { for (place, item) in row.enumerated() { positions[item] = place } }
        for row in rows { number(row) }
        func sort(_ layer: Int, _ neighbours: (Item) -> [Int]) {
            // The mean, in thousandths of a place; without neighbours an item stays where it is.
            let keys = rows[layer].map { item -> Int in
                let places = neighbours(items[item]).map { positions[$0] }
                return places.isEmpty ? positions[item] * 1000 : places.reduce(0, +) * 1000 / places.count
            }
            rows[layer] = rows[layer].indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { rows[layer][$0] }
            number(rows[layer])
        }
        for round in 0..<rounds {
            if round.isMultiple(of: 2) {
                for layer in rows.indices.dropFirst() { sort(layer) { $0.left } }
            } else {
                for layer in rows.indices.dropLast().reversed() { sort(layer) { $0.right } }
            }
        }
    }

    /// Gives each item a height on the page near the mean of its neighbours', without changing the order of a layer.
    private static func place(_ rows: [[Int]], _ items: inout [Item]) {
        for row in rows {
            var y = margin
            for item in row {
                items[item].y = y
                y += items[item].height + rowGap
            }
        }
        for round in 0..<rounds {
            let layers = round.isMultiple(of: 2) ? Array(rows.indices.dropFirst()) : Array(rows.indices.dropLast().reversed())
            for layer in layers {
                let row = rows[layer]
                let wanted = row.map { item -> Int in
                    let around = round.isMultiple(of: 2) ? items[item].left : items[item].right
                    if around.isEmpty { return items[item].y }
                    return around.reduce(0) { $0 + items[$1].y + items[$1].height / 2 } / around.count - items[item].height / 2
                }
                // Pushed down where the one above is in the way, then as far up again as that leaves room: the mean of both is
                // fair to all.
                var down = wanted
                for index in row.indices.dropFirst() {
                    down[index] = max(down[index], down[index - 1] + items[row[index - 1]].height + rowGap)
                }
                var up = wanted
                for index in row.indices.dropLast().reversed() {
                    up[index] = min(up[index], up[index + 1] - items[row[index]].height - rowGap)
                }
                for index in row.indices { items[row[index]].y = (down[index] + up[index]) / 2 }
            }
        }
        let top = items.map(\.y).min() ?? 0
        for index in items.indices { items[index].y += margin - top }
    }
}
