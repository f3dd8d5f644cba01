import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines

/// Draws the stages that a pipeline file declares, what they read and what is published.
enum PipelineGraph {
    /// - Parameter limit: boxes that are drawn; stages come before what they read and what is published.
    static func of(_ pipeline: Pipeline, limit: Int) -> Graph {
        var graph = Graph(title: "Pipeline \(pipeline.name)")
        func hasRoom() -> Bool {
            if graph.nodes.count < limit { return true }
            graph.omitted += 1
            return false
        }
        var nodes: [String: Int] = [:]
        for stage in pipeline.stages where hasRoom() {
            let plugin = "plugin \(stage.plugin) \(stage.declaration.version)"
            nodes[stage.name] = graph.add(.stage, stage.name, [plugin])
            for input in stage.inputs {
                if let from = nodes[input.stage], let to = nodes[stage.name] { graph.connect(from, to, input.role) }
            }
        }
        for stage in pipeline.stages where stage.inputs.isEmpty {
            for (parameter, places) in stage.places.sorted(by: { $0.key < $1.key }) {
                for place in places {
                    guard let node = nodes[stage.name], hasRoom() else { continue }
                    graph.connect(graph.add(.source, place.text), node, parameter)
                }
            }
        }
        for publication in pipeline.publications {
            guard let node = nodes[publication.stage], hasRoom() else { continue }
            graph.connect(node, graph.add(.file, publication.text, [publication.name]), publication.format.name)
        }
        return graph
    }
}
