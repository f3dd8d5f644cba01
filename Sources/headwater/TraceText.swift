import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines

/// A trace as a person reads it, and as JSON.
enum TraceText {
    static func show(_ trace: Trace) {
        let style = Style.standardOutput
        let text = String(decoding: trace.record.text[trace.bytes], as: UTF8.self)
        Console.line(
            style.bold("\(VisibleText.of(trace.record.kind)) \(trace.record.id.short)")
                + ", bytes \(trace.bytes.lowerBound)–\(trace.bytes.upperBound) of its text")
        Console.line("  “\(VisibleText.lines(of: text))”")
        Console.line()
        for origin in trace.origins { show(origin) }
        show(trace.steps)
    }

    /// The stages on the way.
    static func show(_ steps: [Trace.Step]) {
        Console.line("made by")
        for step in steps {
            let parameters = step.stage.parameters.isEmpty ? "" : " \(JSON.object(step.stage.parameters))"
            Console.line(
                VisibleText.of(
                    "  \(step.stage.name.padded(12)) \(step.kind) \(step.record.short), plugin \(step.stage.plugin) "
                        + "\(step.stage.version)\(parameters)"))
            Console.line("  \("".padded(12)) run:\(step.run), task key \(step.task?.short ?? "unknown")")
        }
    }

    private static func show(_ origin: Trace.Origin) {
        guard let source = origin.source else {
            Console.line("text bytes \(origin.text.lowerBound)–\(origin.text.upperBound): \(origin.mode), no source")
            Console.line()
            return
        }
        show(source, ", \(origin.mode)")
    }

    /// - Parameter mode: how the text came from these bytes, where it did.
    static func show(_ source: Trace.Origin.Source, _ mode: String = "") {
        let style = Style.standardOutput
        let end = source.range.end ?? source.range.start
        Console.line(
            "\(style.bold(VisibleText.of(source.locator))), line \(source.excerpt.line), column \(source.excerpt.column), "
                + "bytes \(source.range.start)–\(end)\(mode)")
        let before = VisibleText.of(source.excerpt.before)
        let marked = VisibleText.of(source.excerpt.marked)
        Console.line("  | " + before + style.marked(marked) + VisibleText.of(source.excerpt.after))
        if !style.isOn {
            let width = max(1, DisplayWidth.of(marked))
            Console.line("  | " + String(repeating: " ", count: DisplayWidth.of(before)) + String(repeating: "^", count: width))
        }
        Console.line("  \(source.digest)")
        if let container = source.container {
            Console.line(VisibleText.of("  part \(container.number) of \(container.file), \(container.way)"))
            Console.line("  \(container.digest)")
        }
        Console.line()
    }

    /// One object: the record, the bytes asked for, `origins` and `steps`.
    static func json(_ trace: Trace) -> JSON {
        [
            "record": .string(trace.record.id.description),
            "kind": .string(trace.record.kind),
            "bytes": [.integer(trace.bytes.lowerBound), .integer(trace.bytes.upperBound)],
            "text": .string(String(decoding: trace.record.text[trace.bytes], as: UTF8.self)),
            "origins": .array(trace.origins.map(json)),
            "steps": json(trace.steps),
        ]
    }

    static func json(_ steps: [Trace.Step]) -> JSON {
        .array(
            steps.map { step in
                [
                    "run": .string(step.run.description), "stage": .string(step.stage.name),
                    "plugin": .string(step.stage.plugin),
                    "version": .string(step.stage.version), "parameters": .object(step.stage.parameters),
                    "artifact": .string(step.artifact.description), "record": .string(step.record.description),
                    "kind": .string(step.kind),
                    "task": step.task.map { .string($0.description) } ?? .null,
                ]
            })
    }

    private static func json(_ origin: Trace.Origin) -> JSON {
        var members: [String: JSON] = [
            "text": [.integer(origin.text.lowerBound), .integer(origin.text.upperBound)],
            "mode": .string(origin.mode.description),
        ]
        if let source = origin.source { members["source"] = json(source) }
        return .object(members)
    }

    static func json(_ source: Trace.Origin.Source) -> JSON {
        let start = source.excerpt.before.utf8.count
        var told: [String: JSON] = [
            "digest": .string(source.digest.description), "locator": .string(source.locator),
            "offset": .integer(source.range.start),
            "length": .integer(source.range.length), "line": .integer(source.excerpt.line),
            "column": .integer(source.excerpt.column),
            "excerpt": .string(source.excerpt.text),
            "marked": [.integer(start), .integer(start + source.excerpt.marked.utf8.count)],
        ]
        if let container = source.container { told["container"] = container.json }
        return .object(told)
    }
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
