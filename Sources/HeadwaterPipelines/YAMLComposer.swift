import HeadwaterModel

/// Makes nodes of a text's events: anchors, aliases and merge keys resolved, scalars valued, hostile files refused.
struct YAMLComposer {
    private let source: SourceText
    private let faults: FaultLog
    private let events: YAMLEvents
    private var anchors: [String: Composed] = [:]
    private var openAnchors: Set<String> = []
    /// Nodes so far, each alias counted as all that it stands for.
    private var expandedCount = 0

    static let mostNodes = 100_000
    static let deepestNesting = 64

    /// A node with how many nodes it is once aliases are expanded, and how many collections deep.
    private struct Composed {
        var node: YAMLNode
        var size: Int
        var height: Int
    }

    /// The rest of the file cannot be read; the reason is recorded.
    private struct Halt: Error {}

    private init(_ source: SourceText, _ faults: FaultLog) {
        self.source = source
        self.faults = faults
        events = YAMLEvents(source)
    }

    /// The root node of the only document; nil, with the fault recorded, if there is none that could be read to its end.
    static func compose(_ faults: FaultLog) -> YAMLNode? { compose(faults.source, faults) }

    static func compose(_ source: SourceText, _ faults: FaultLog) -> YAMLNode? {
        guard YAMLCharacters.areAllowed(source, faults) else { return nil }
        var composer = YAMLComposer(source, faults)
        return try? composer.document()
    }

    private mutating func document() throws(Halt) -> YAMLNode {
        var root: YAMLNode?
        while true {
            let event = try next()
            switch event.kind {
            case .streamEnd:
                if let root { return root }
                faults.report(source.base..<source.base, "the file is empty", expected: "\"headwater: 1\", then name and stages")
                throw Halt()
            case .documentStart where root != nil:
                faults.report(
                    event.range, "a second document begins here", expected: "one pipeline in a file, so no further \"---\"")
                throw Halt()
            case .documentStart: root = try node(try next(), depth: 0).node
            default: break
            }
        }
    }

    private func next() throws(Halt) -> YAMLEvents.Event {
        do {
            var event = try events.next()
            event.range = source.base + event.range.lowerBound..<source.base + event.range.upperBound
            return event
        } catch {
            let offset = source.base + error.offset
            faults.report(offset..<offset + 1, error.message, expected: error.expected)
            throw Halt()
        }
    }

    private mutating func node(_ event: YAMLEvents.Event, depth: Int) throws(Halt) -> Composed {
        try count(1, at: event.range)
        let anchor: String?
        if case .alias = event.kind { anchor = nil } else { anchor = event.anchor }
        if let anchor { openAnchors.insert(anchor) }
        var composed: Composed
        switch event.kind {
        case .alias: return try alias(event, depth: depth)
        case .scalar(let text, let style): composed = Composed(node: scalar(text, style, event), size: 1, height: 0)
        case .sequenceStart(let isFlow):
            try enter(depth: depth + 1, at: event.range)
            composed = try sequence(event, isFlow: isFlow, depth: depth + 1)
        case .mappingStart(let isFlow):
            try enter(depth: depth + 1, at: event.range)
            composed = try mapping(event, isFlow: isFlow, depth: depth + 1)
        case .documentStart, .documentEnd, .streamEnd, .sequenceEnd, .mappingEnd, .other:
            composed = Composed(node: YAMLNode(content: .faulty, range: event.range), size: 1, height: 0)
        }
        if let anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = composed
        }
        return composed
    }

    private mutating func alias(_ event: YAMLEvents.Event, depth: Int) throws(Halt) -> Composed {
        let name = event.anchor ?? ""
        if openAnchors.contains(name) {
            faults.report(
                event.range, "the alias *\(name) lies inside the very value that it names",
                expected: "a value that ends before it")
        } else if let target = anchors[name] {
            try count(target.size - 1, at: event.range)
            try enter(depth: depth + target.height, at: event.range)
            return target
        } else {
            faults.report(
                event.range, "no anchor &\(name) stands before this alias", expected: "&\(name) at the value to repeat",
                suggestion: NearestName.of(name, among: anchors.keys.sorted()).map { "*" + $0 })
        }
        return Composed(node: YAMLNode(content: .faulty, range: event.range), size: 1, height: 0)
    }

    private mutating func sequence(_ start: YAMLEvents.Event, isFlow: Bool, depth: Int) throws(Halt) -> Composed {
        var elements: [YAMLNode] = []
        var out = Composed(node: YAMLNode(content: .faulty, range: start.range), size: 1, height: 0)
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind {
                out.node = collection(start, end: event, isFlow: isFlow, "seq", .sequence(elements))
                out.height += 1
                return out
            }
            let element = try node(event, depth: depth)
            elements.append(element.node)
            out.size += element.size
            out.height = max(out.height, element.height)
        }
    }

    private mutating func mapping(_ start: YAMLEvents.Event, isFlow: Bool, depth: Int) throws(Halt) -> Composed {
        var entries: [YAMLEntry] = []
        var merged: [YAMLEntry] = []
        var places: [String: Int] = [:]
        var out = Composed(node: YAMLNode(content: .faulty, range: start.range), size: 1, height: 0)
        while true {
            let event = try next()
            if case .mappingEnd = event.kind {
                for entry in merged where places[entry.key] == nil {
                    places[entry.key] = entries.count
                    entries.append(entry)
                }
                out.node = collection(start, end: event, isFlow: isFlow, "map", .mapping(entries))
                out.height += 1
                return out
            }
            let key = try node(event, depth: depth)
            let value = try node(try next(), depth: depth)
            out.size += key.size + value.size
            out.height = max(out.height, key.height, value.height)
            if let scalar = key.node.scalar, scalar.style == .plain, scalar.text == "<<" {
                merged += mergedEntries(value.node, keyRange: key.node.range)
            } else if let name = name(of: key.node) {
                if let first = places[name] {
                    let firstRange = entries[first].keyRange
                    faults.report(
                        key.node.range,
                        "the key \(Wording.quoted(name)) is given twice; the first one is on line \(source.position(of: firstRange).line)",
                        expected: "each key once in a mapping")
                } else {
                    places[name] = entries.count
                    entries.append(YAMLEntry(key: name, keyRange: key.node.range, value: value.node))
                }
            }
        }
    }

    /// The entries that a merge key brings: an earlier mapping's before a later one's.
    private func mergedEntries(_ value: YAMLNode, keyRange: Range<Int>) -> [YAMLEntry] {
        switch value.content {
        case .mapping(let entries): return entries
        case .sequence(let nodes):
            return nodes.flatMap { node in
                if case .mapping(let entries) = node.content { return entries }
                reportMerge(node, at: node.range)
                return []
            }
        case .scalar, .faulty:
            reportMerge(value, at: keyRange)
            return []
        }
    }

    private func reportMerge(_ node: YAMLNode, at range: Range<Int>) {
        guard !node.isFaulty else { return }
        faults.report(
            range, "the merge key << cannot take in \(node.summary)", expected: "an alias of a mapping, or a list of such aliases"
        )
    }

    private func name(of key: YAMLNode) -> String? {
        guard let scalar = key.scalar else {
            if !key.isFaulty { faults.report(key.range, "a key cannot be \(key.summary)", expected: "a text") }
            return nil
        }
        if let name = scalar.value.string { return name }
        if scalar.text.isEmpty {
            faults.report(key.range, "a key is missing here", expected: "\"key: value\"")
        } else {
            faults.report(
                key.range, "the key \(scalar.text) is \(scalar.value.typeName), not a text",
                expected: "\"\(scalar.text)\" in quotes")
        }
        return nil
    }

    private func scalar(_ text: String, _ style: YAMLScalar.Style, _ event: YAMLEvents.Event) -> YAMLNode {
        var node = YAMLNode(content: .faulty, range: event.range)
        let prefix = "tag:yaml.org,2002:"
        guard event.tag == nil || event.tag?.hasPrefix(prefix) == true else {
            reportTag(event)
            return node
        }
        let type = event.tag?.dropFirst(prefix.count)
        if type == "str" || (type == nil && style != .plain) {
            node.content = .scalar(YAMLScalar(value: .string(text), text: text, style: style))
            return node
        }
        let value: JSON
        do {
            value = try YAMLCoreSchema.value(of: text)
        } catch {
            faults.report(event.range, error.message, expected: error.expected)
            return node
        }
        switch (type, value) {
        case (nil, _), ("int", .integer), ("float", .decimal), ("bool", .bool), ("null", .null):
            node.content = .scalar(YAMLScalar(value: value, text: text, style: style))
        case ("float", .integer(let integer)):
            node.content = .scalar(YAMLScalar(value: .decimal(Double(integer)), text: text, style: style))
        case ("int", _), ("float", _), ("bool", _), ("null", _):
            faults.report(
                event.range, "\(Wording.quoted(text)) is not what its tag !!\(type ?? "") says",
                expected: "another value, or no tag")
        default: reportTag(event)
        }
        return node
    }

    private func collection(
        _ start: YAMLEvents.Event, end: YAMLEvents.Event, isFlow: Bool, _ type: String, _ content: YAMLNode.Content
    ) -> YAMLNode {
        let range =
            start.range.lowerBound..<(isFlow ? max(start.range.lowerBound, end.range.upperBound) : start.range.lowerBound + 1)
        guard start.tag == nil || start.tag == "tag:yaml.org,2002:" + type else {
            reportTag(start)
            return YAMLNode(content: .faulty, range: range)
        }
        return YAMLNode(content: content, range: range)
    }

    private func reportTag(_ event: YAMLEvents.Event) {
        faults.report(
            event.range.lowerBound..<event.range.lowerBound + 1, "the tag \(Wording.quoted(event.tag ?? "")) has no meaning here",
            expected: "no tag; a value that begins with ! stands in quotes")
    }

    private mutating func count(_ nodes: Int, at range: Range<Int>) throws(Halt) {
        expandedCount += nodes
        guard expandedCount > YAMLComposer.mostNodes else { return }
        faults.report(
            range, "the file has more than \(YAMLComposer.mostNodes) values, each alias counted as all that it stands for",
            expected: "a smaller file, or fewer aliases of aliases")
        throw Halt()
    }

    private func enter(depth: Int, at range: Range<Int>) throws(Halt) {
        guard depth > YAMLComposer.deepestNesting else { return }
        faults.report(
            range.lowerBound..<range.lowerBound + 1, "lists and mappings are nested too deep here",
            expected: "at most \(YAMLComposer.deepestNesting) of them inside each other")
        throw Halt()
    }
}
