import Foundation
import FoundationXML
import HeadwaterLineage
import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct GraphTests {
    /// Names that have a meaning in one of the languages, or steer a terminal.
    private static let hostile = [
        "a\"b", "c\\", "d|e", "<f>&g;", "h#35;", "`i`", "]j", "n0 --> n1", "k\u{1B}[31m", "l\nm", "\u{202E}o", "end", "日本語",
    ]

    private static func graph(seed: UInt64) -> Graph {
        var random = SplitMix(seed: seed)
        var graph = Graph(title: hostile.randomElement(using: &random) ?? "")
        for number in 0..<Int.random(in: 1...12, using: &random) {
            let node = graph.add(
                Graph.Kind.allCases.randomElement(using: &random) ?? .stage,
                "\(number) \(hostile.randomElement(using: &random) ?? "")",
                [hostile.randomElement(using: &random) ?? ""])
            for earlier in 0..<node where Int.random(in: 0..<4, using: &random) == 0 {
                graph.connect(earlier, node, hostile.randomElement(using: &random) ?? "")
            }
        }
        return graph
    }

    /// A reader of as much of DOT as is written: a header, and statements that end with a semicolon; strings with escapes.
    private static func statements(ofDOT text: String) throws -> (nodes: [String], edges: [String]) {
        var (nodes, edges): ([String], [String]) = ([], [])
        var current = ""
        var (inString, isEscaped) = (false, false)
        try #require(text.hasPrefix("digraph \"") && text.hasSuffix("}\n"))
        for character in text.dropLast(2) {
            if inString {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    inString = false
                }
                current.append("_")
            } else if character == "\"" {
                inString = true
            } else if character == "{" {
                current = ""
            } else if character == ";" {
                let statement = current.trimmingCharacters(in: .whitespacesAndNewlines)
                if statement.hasPrefix("n"), !statement.hasPrefix("node") {
                    if statement.contains("->") { edges.append(statement) } else { nodes.append(statement) }
                }
                current = ""
            } else {
                current.append(character)
            }
        }
        #expect(!inString && current.allSatisfy(\.isWhitespace))
        return (nodes, edges)
    }

    @Test("DOT has a statement for each box and arrow, whatever their names", arguments: 1...40)
    func dot(seed: UInt64) throws {
        let graph = GraphTests.graph(seed: seed)
        let read = try GraphTests.statements(ofDOT: GraphDOT.render(graph))
        #expect(read.nodes.count == graph.nodes.count && read.edges.count == graph.edges.count, "seed \(seed)")
        for (index, edge) in graph.edges.enumerated() {
            #expect(read.edges[index].hasPrefix("n\(edge.from) -> n\(edge.to) [label="), "seed \(seed)")
        }
    }

    @Test("Mermaid has a line for each box and arrow, and nothing in quotation marks but text", arguments: 1...40)
    func mermaid(seed: UInt64) throws {
        let graph = GraphTests.graph(seed: seed)
        let lines = GraphMermaid.render(graph).split(separator: "\n").map(String.init)
        try #require(lines[0] == "---" && lines[2] == "---" && lines[3] == "flowchart LR")
        #expect(lines.count == 4 + graph.nodes.count + graph.edges.count, "seed \(seed)")
        for line in lines.dropFirst(4) {
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            #expect(parts.count == 3, "one string a line: \(line), seed \(seed)")
            // Entity codes are all that a mark or bracket may be part of.
            let text = parts[1].replacing("<br/>", with: "").replacing(/#\d+;/, with: "")
            #expect(!text.contains(where: { "<>&#`\"".contains($0) }), "\(line), seed \(seed)")
        }
    }

    /// Counts elements of XML, and fails where it is none.
    private final class Elements: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var texts: [String] = []
        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            counts[name, default: 0] += 1
            for value in ["x", "y", "width", "height"].compactMap({ attributes[$0] }) where value != "100%" {
                if Int(value).map({ $0 < 0 }) ?? true { texts.append("\(name) at \(value)") }
            }
        }
    }

    @Test("SVG is XML with a box and a path for each box and arrow, drawn the same each time", arguments: 1...40)
    func svg(seed: UInt64) throws {
        let graph = GraphTests.graph(seed: seed)
        let text = GraphSVG.render(graph)
        let parser = XMLParser(data: Data(text.utf8))
        let elements = Elements()
        parser.delegate = elements
        #expect(parser.parse(), "\(String(describing: parser.parserError)), seed \(seed)")
        #expect(
            elements.counts["rect"] == graph.nodes.count + 1 && elements.counts["path"] == graph.edges.count + 1, "seed \(seed)")
        #expect(elements.counts["title"] == graph.nodes.count + 1)
        #expect(elements.texts.isEmpty, "nothing lies outside of the picture: \(elements.texts), seed \(seed)")
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        #expect(text == GraphSVG.render(graph))
    }

    /// Where the boxes of a picture lie, in order.
    private static func boxes(_ svg: String) -> [(x: Range<Int>, y: Range<Int>)] {
        svg.matches(of: /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/).compactMap { match in
            guard let x = Int(match.1), let y = Int(match.2), let width = Int(match.3), let height = Int(match.4) else {
                return nil
            }
            return (x..<x + width, y..<y + height)
        }
    }

    @Test("no two boxes overlap, and every arrow leads to the right", arguments: 1...40)
    func layout(seed: UInt64) {
        let graph = GraphTests.graph(seed: seed)
        let boxes = GraphTests.boxes(GraphSVG.render(graph))
        #expect(boxes.count == graph.nodes.count)
        for (index, box) in boxes.enumerated() {
            for other in boxes[..<index] {
                #expect(!(box.x.overlaps(other.x) && box.y.overlaps(other.y)), "seed \(seed)")
            }
        }
        for edge in graph.edges { #expect(boxes[edge.from].x.upperBound < boxes[edge.to].x.lowerBound, "seed \(seed)") }
    }

    @Test("text names each box once in full, and the cut of a graph is told in every form")
    func cut() {
        var graph = Graph(title: "t")
        let (a, b, c) = (graph.add(.source, "a"), graph.add(.record, "b", ["detail"]), graph.add(.file, "c"))
        graph.connect(a, b, "x 1")
        graph.connect(b, c, "y 2")
        graph.connect(a, c, "z 3")
        graph.omitted = 7
        #expect(
            GraphText.render(graph) == """
                t
                file c
                  record b, detail  <- y 2
                    source a  <- x 1
                  source a, as above  <- z 3
                cut at 3 boxes: there are at least 7 more

                """)
        for text in [GraphDOT.render(graph), GraphMermaid.render(graph), GraphSVG.render(graph)] {
            #expect(text.contains("cut at 3 boxes: there are at least 7 more"))
        }
    }

    @Test("a ring, as only a made-up manifest has one, is drawn all the same")
    func ring() {
        var graph = Graph(title: "ring")
        let (a, b) = (graph.add(.stage, "a"), graph.add(.stage, "b"))
        graph.connect(a, b, "")
        graph.connect(b, a, "")
        #expect(GraphText.render(graph).contains("stage a") && GraphSVG.render(graph).contains("</svg>"))
    }
}
