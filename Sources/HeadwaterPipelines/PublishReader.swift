import HeadwaterModel

/// Reads `publish`: which files are written from which stages.
struct PublishReader {
    let formats: [String]
    /// Nil if nobody can say which stages the file has.
    let stageNames: StageNames?
    let with: WithReader
    let faults: FaultLog

    static let defaultFormat = "markdown"

    func read(_ node: YAMLNode) -> [Publication] {
        guard case .mapping(let entries) = node.content else {
            if !node.isFaulty {
                faults.report(node.range, "\"publish\" cannot be \(node.summary)", expected: "a mapping of names to publications")
            }
            return []
        }
        var lines: [String: Int] = [:]
        return entries.compactMap { entry in
            guard let (publication, pathRange) = publication(entry) else { return nil }
            if let line = lines[publication.path] {
                faults.report(
                    pathRange, "the publication on line \(line) is written to the same file", expected: "a path of its own")
            } else {
                lines[publication.path] = publication.position.line
            }
            return publication
        }
    }

    private func publication(_ entry: YAMLEntry) -> (Publication, pathRange: Range<Int>)? {
        if !NameRule.thing.allows(entry.key) {
            faults.report(
                entry.keyRange, "\(Wording.quoted(entry.key)) cannot be the name of a publication",
                expected: NameRule.thing.description)
        }
        guard let reader = MappingReader(entry.value, "a publication", keys: ["from", "format", "to"], faults) else { return nil }
        let stage = stage(reader, entry)
        let format = format(reader["format"], entry)
        let path = path(reader, entry)
        guard let stage, let format, let path, let pathRange = reader["to"]?.range else { return nil }
        let position = faults.source.position(of: entry.keyRange)
        let text = reader["to"]?.scalar?.value.string ?? path
        let publication = Publication(
            name: entry.key, stage: stage, format: format, text: text, path: path, position: position,
            pathPosition: faults.source.position(of: pathRange))
        return (publication, pathRange)
    }

    private func stage(_ reader: MappingReader, _ entry: YAMLEntry) -> String? {
        guard let node = reader["from"] else {
            guard reader.lacks("from") else { return nil }
            faults.report(
                entry.keyRange, "the publication does not say what is written",
                expected: "a key \"from\" with the name of a stage")
            return nil
        }
        guard let stageNames else { return nil }
        return stageNames.name(at: node, "\"from\"", faults)
    }

    private func format(_ node: YAMLNode?, _ entry: YAMLEntry) -> String? {
        guard let name = node.map({ $0.scalar?.value.string }) ?? PublishReader.defaultFormat, formats.contains(name) else {
            if node?.isFaulty == true { return nil }
            let given = node?.summary ?? Wording.quoted(PublishReader.defaultFormat)
            faults.report(
                node?.range ?? entry.keyRange, "\"format\" cannot be \(given)", expected: Wording.oneOf(formats),
                suggestion: node?.scalar?.value.string.flatMap { NearestName.of($0, among: formats) })
            return nil
        }
        return name
    }

    private func path(_ reader: MappingReader, _ entry: YAMLEntry) -> String? {
        guard let node = reader["to"] else {
            guard reader.lacks("to") else { return nil }
            faults.report(
                entry.keyRange, "the publication does not say where it is written",
                expected: "a key \"to\" with the path of a file")
            return nil
        }
        if node.isFaulty { return nil }
        guard let scalar = node.scalar, let text = scalar.value.string, !text.isEmpty, !text.utf8.contains(0) else {
            faults.report(node.range, "\"to\" cannot be \(node.summary)", expected: "the path of a file")
            return nil
        }
        if text.hasSuffix("/") || [".", ".."].contains(text.split(separator: "/").last ?? "") {
            faults.report(node.range, "\"to\" cannot be \(node.summary), which is a folder", expected: "the path of a file")
            return nil
        }
        return PathText.absolute(text, from: with.base(of: scalar))
    }
}
