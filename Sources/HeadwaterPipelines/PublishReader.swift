import HeadwaterModel

/// Reads `publish`: which files are written from which stages.
struct PublishReader {
    let stages: StagesReader.Result
    let with: WithReader
    let faults: FaultLog

    private static let keys = ["from", "notes", "kinds", "format", "fields", "to"]

    /// - Parameter node: as it is written: the instances of a stage are published each with its own values.
    func read(_ node: YAMLNode, _ substituter: inout Substituter) -> [Publication] {
        guard case .mapping(let entries) = node.content else {
            if !node.isFaulty {
                faults.report(node.range, "\"publish\" cannot be \(node.summary)", expected: "a mapping of names to publications")
            }
            return []
        }
        var publications: [(Publication, Range<Int>)] = []
        for entry in entries {
            for (instance, isOneOfMany) in instances(of: entry, &substituter) {
                substituter.local = instance.values
                var node = substituter.substitute(entry.value)
                if isOneOfMany { node = node.replacing("from", with: instance.name) }
                let entry = YAMLEntry(key: entry.key, keyRange: entry.keyRange, value: node)
                let labels = isOneOfMany ? instance.name.drop { $0 != "@" } : ""
                if let found = publication(entry, labels: String(labels)) { publications.append(found) }
            }
        }
        substituter.local = [:]
        var places = PublishedPlaces()
        for (publication, pathRange) in publications {
            if let (fault, expected) = places.fault(adding: publication) {
                faults.report(pathRange, fault, expected: expected)
            }
        }
        return publications.map(\.0)
    }

    /// The instances that a publication is of, and whether it is of all those of a stage; one without values where the stage
    /// has no matrix.
    private func instances(of entry: YAMLEntry, _ substituter: inout Substituter) -> [(StageMatrix.Instance, Bool)] {
        let plain = StageMatrix.Instance(name: "", labels: [:], values: [:])
        guard let names = stages.names, let from = entry.value.value(of: "from"), case .scalar(let scalar) = from.content,
            let text = scalar.value.string, !SubstitutionText.isNeeded(for: text)
        else { return [(plain, false)] }
        if let instance = names.instance(text) { return [(instance, false)] }
        let instances = names.instances(of: text)
        return instances.isEmpty ? [(plain, false)] : instances.map { ($0, true) }
    }

    private func publication(_ entry: YAMLEntry, labels: String) -> (Publication, pathRange: Range<Int>)? {
        if !NameRule.thing.allows(entry.key) {
            faults.report(
                entry.keyRange, "\(Wording.quoted(entry.key)) cannot be the name of a publication",
                expected: NameRule.thing.description)
        }
        guard let reader = MappingReader(entry.value, "a publication", keys: PublishReader.keys, faults) else { return nil }
        let stage = stage(reader, entry)
        let format = format(reader["format"], entry)
        let path = path(reader, entry, format)
        let isFolder = format.map { !$0.writesFile } ?? false || reader["to"]?.scalar?.value.string?.hasSuffix("/") ?? false
        let fields = reader["fields"].map { self.fields($0, format, isFolder: isFolder) } ?? .some(nil)
        let notes = reader["notes"].map { self.notes($0, format) } ?? .some(nil)
        let kinds = reader["kinds"].map { self.kinds($0, format, withNotes: reader["notes"] != nil) } ?? .some(nil)
        guard let stage, let format, let path, let fields, let notes, let kinds, let pathRange = reader["to"]?.range else {
            return nil
        }
        guard isContent(of: stage, format, entry, reader) else { return nil }
        let position = faults.position(of: entry.keyRange)
        let text = reader["to"]?.scalar?.value.string ?? path
        let publication = Publication(
            name: entry.key + labels, stage: stage, format: format, fields: fields, notes: notes, kinds: kinds, text: text,
            path: path, isFolder: isFolder, position: position,
            pathPosition: faults.position(of: pathRange))
        return (publication, pathRange)
    }

    /// Whether what the stage makes can be written in this format.
    private func isContent(
        of stage: String, _ format: PublicationFormat, _ entry: YAMLEntry, _ reader: MappingReader
    ) -> Bool {
        let rounds = stages.stages.first { $0.name == stage }?.declaration.rounds
        let makesFiles = rounds == .folder
        if makesFiles != (format == .files) {
            faults.report(
                reader["format"]?.range ?? entry.keyRange,
                "the stage \(Wording.quoted(stage)) makes \(makesFiles ? "files" : "records"), which cannot be written as \(format.name)",
                expected: makesFiles ? "\"format: files\"" : "another format")
            return false
        }
        if format == .text, rounds == .read {
            faults.report(
                reader["from"]?.range ?? entry.keyRange, "the records of \(Wording.quoted(stage)) hold no text of their own",
                expected: "a stage behind it, or another format")
            return false
        }
        return true
    }

    private func stage(_ reader: MappingReader, _ entry: YAMLEntry) -> String? {
        guard let node = reader["from"] else {
            guard reader.lacks("from") else { return nil }
            faults.report(
                entry.keyRange, "the publication does not say what is written",
                expected: "a key \"from\" with the name of a stage")
            return nil
        }
        guard let stageNames = stages.names else { return nil }
        return stageNames.reference(at: node, "\"from\"", faults)
    }

    private func format(_ node: YAMLNode?, _ entry: YAMLEntry) -> PublicationFormat? {
        guard let node else { return .markdown }
        if let format = node.scalar?.value.string.flatMap(PublicationFormat.init) { return format }
        if node.isFaulty { return nil }
        let names = PublicationFormat.allCases.map(\.name)
        faults.report(
            node.range, "\"format\" cannot be \(node.summary)", expected: Wording.oneOf(names),
            suggestion: node.scalar?.value.string.flatMap { NearestName.of($0, among: names) })
        return nil
    }

    /// Nil, with the fault recorded, if they cannot be.
    private func fields(_ node: YAMLNode, _ format: PublicationFormat?, isFolder: Bool) -> [String]?? {
        if let format, !format.takesFields || isFolder && format != .json {
            faults.report(
                node.range, "the format \(format.name) shows what it shows, and takes no \"fields\"",
                expected: "no \"fields\", or \(isFolder ? "a file as \"to\"" : "another format")")
            return nil
        }
        return names(node, "fields", "field", expected: PublishReader.fieldsExpected)
    }

    /// Nil, with the fault recorded, if they cannot be.
    private func kinds(_ node: YAMLNode, _ format: PublicationFormat?, withNotes: Bool) -> [String]?? {
        if withNotes {
            faults.report(
                node.range, "\"kinds\" chooses among records, and with \"notes\" none are written", expected: "no \"kinds\"")
            return nil
        }
        if let format, !format.takesKinds {
            faults.report(
                node.range, "the format \(format.name) writes no records, and takes no \"kinds\"", expected: "no \"kinds\"")
            return nil
        }
        return names(node, "kinds", "kind", expected: "kinds of records, such as [quotation, claim]")
    }

    private func names(_ node: YAMLNode, _ key: String, _ one: String, expected: String) -> [String]?? {
        if node.isFaulty { return nil }
        // One text stands for a list of it.
        let nodes = if case .sequence(let nodes) = node.content { nodes } else { [node] }
        if nodes.isEmpty {
            faults.report(node.range, "\"\(key)\" cannot be an empty list", expected: expected)
            return nil
        }
        var names: [String] = []
        for node in nodes {
            if node.isFaulty { return nil }
            guard let name = node.scalar?.value.string, !name.isEmpty else {
                faults.report(node.range, "a \(one) cannot be \(node.summary)", expected: expected)
                return nil
            }
            if names.contains(name) {
                faults.report(node.range, "the \(one) \(Wording.quoted(name)) is named twice", expected: "each \(one) once")
            }
            names.append(name)
        }
        return names
    }

    /// Nil, with the fault recorded, if there are none of that kind.
    private func notes(_ node: YAMLNode, _ format: PublicationFormat?) -> String?? {
        if node.isFaulty { return nil }
        guard let kind = node.scalar?.value.string, !kind.isEmpty else {
            faults.report(node.range, "\"notes\" cannot be \(node.summary)", expected: PublishReader.notesExpected)
            return nil
        }
        if let format, format == .text || format == .files {
            faults.report(
                node.range, "notes have no text of their own, and cannot be written as \(format.name)", expected: "another format"
            )
            return nil
        }
        return kind
    }

    private static let notesExpected = "the kind of some notes of the stage, such as syndication"

    private static let fieldsExpected = "names of fields, such as [text, speaker]; each record has id, kind, text and sources"

    private func path(_ reader: MappingReader, _ entry: YAMLEntry, _ format: PublicationFormat?) -> String? {
        guard let node = reader["to"] else {
            guard reader.lacks("to") else { return nil }
            faults.report(
                entry.keyRange, "the publication does not say where it is written",
                expected: "a key \"to\" with the path of a file or folder")
            return nil
        }
        if node.isFaulty { return nil }
        guard let scalar = node.scalar, let text = scalar.value.string, !text.isEmpty, !text.utf8.contains(0) else {
            faults.report(node.range, "\"to\" cannot be \(node.summary)", expected: "the path of a file or folder")
            return nil
        }
        let isFolder = text.hasSuffix("/") || [".", ".."].contains(text.split(separator: "/").last ?? "")
        if isFolder, let format, !format.writesFolder {
            faults.report(
                node.range, "\"to\" cannot be \(node.summary), which is a folder: \(format.name) is one file",
                expected: "the path of a file")
            return nil
        }
        return PathText.absolute(text, from: with.base(of: scalar, at: node.range))
    }
}
