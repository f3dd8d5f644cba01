import HeadwaterModel

/// Reads a pipeline file with all that it includes, each file once, and puts their sections together.
struct IncludedFiles {
    private let faults: FaultLog
    /// Gives the bytes of a file by its absolute path.
    private let read: (_ path: String) throws(PipelineFaults) -> [UInt8]
    /// The absolute folders of the files, in the order of the fault log: the file itself first.
    private(set) var folders: [String]
    private(set) var sections: [String: FileSection] = [:]
    private var known: Set<String>
    private var bytes = 0

    static let sectionKeys = ["parameters", "defaults", "stages", "publish"]
    static let keys = ["headwater", "include"] + sectionKeys
    private static let deepest = 16
    private static let mostFiles = 100
    private static let mostBytes = 8 << 20

    /// - Parameters:
    ///   - reader: the file itself.
    ///   - path: its absolute path.
    init(
        _ reader: MappingReader, path: String, _ faults: FaultLog,
        reading read: @escaping (_ path: String) throws(PipelineFaults) -> [UInt8]
    ) {
        self.faults = faults
        self.read = read
        folders = [PathText.folder(of: path)]
        known = [PathText.plain(path)]
        sections = take(reader, named: faults.source.file, path: path, trail: [PathText.plain(path)])
    }

    /// The sections of a file and of what it includes.
    private mutating func take(_ reader: MappingReader, named name: String, path: String, trail: [String]) -> [String:
        FileSection]
    {
        var out: [String: FileSection] = [:]
        for node in elements(of: reader["include"]) {
            guard let included = include(node, from: name, path: path, trail: trail) else { continue }
            for (key, section) in included.sorted(by: { $0.key < $1.key }) {
                out[key, default: FileSection(key)].add(section, faults)
            }
        }
        for key in IncludedFiles.sectionKeys {
            guard let node = reader[key] else { continue }
            out[key, default: FileSection(key)].addOwn(node, faults)
        }
        return out
    }

    private func elements(of node: YAMLNode?) -> [YAMLNode] {
        guard let node else { return [] }
        if case .sequence(let nodes) = node.content { return nodes }
        return [node]
    }

    private mutating func include(_ node: YAMLNode, from name: String, path: String, trail: [String]) -> [String: FileSection]? {
        if node.isFaulty { return nil }
        guard let text = node.scalar?.value.string, !text.isEmpty, !text.utf8.contains(0) else {
            faults.report(node.range, "\"include\" cannot be \(node.summary)", expected: "the path of a file, or a list of them")
            return nil
        }
        if SubstitutionText.isNeeded(for: text) {
            faults.report(
                node.range, "what is included cannot depend on parameters, which it may declare itself",
                expected: "the path itself")
            return nil
        }
        let place = PathText.absolute(text, from: PathText.folder(of: path))
        let plain = PathText.plain(place)
        if trail.contains(plain) {
            faults.report(
                node.range, "the files include each other in a circle", expected: "a file that does not include this one")
            return nil
        }
        // What two files include is there once.
        guard known.insert(plain).inserted else { return nil }
        guard trail.count <= IncludedFiles.deepest, known.count <= IncludedFiles.mostFiles else {
            faults.report(
                node.range, "too much is included here",
                expected: "at most \(IncludedFiles.mostFiles) files, \(IncludedFiles.deepest) deep")
            return nil
        }
        let shown = text.hasPrefix("/") ? text : IncludedFiles.folder(of: name) + text
        guard let content = content(of: place, shown, node) else { return nil }
        let source = faults.include(file: shown, bytes: content)
        folders.append(PathText.folder(of: place))
        guard let root = YAMLComposer.compose(source, faults),
            let reader = MappingReader(root, "an included file", keys: IncludedFiles.keys, faults)
        else { return nil }
        if let version = reader["headwater"], version.scalar?.value != .integer(PipelineReader.formatVersion) {
            faults.report(
                version.range, "the version of the format cannot be \(version.summary)",
                expected: "\"headwater: \(PipelineReader.formatVersion)\", or nothing")
        }
        return take(reader, named: shown, path: place, trail: trail + [plain])
    }

    private mutating func content(of place: String, _ shown: String, _ node: YAMLNode) -> [UInt8]? {
        do {
            let content = try read(place)
            bytes += content.count
            if content.count <= PipelineFile.mostBytes, bytes <= IncludedFiles.mostBytes { return content }
            faults.report(
                node.range, "what is included is too large",
                expected: "files of at most \(PipelineFile.mostBytes >> 20) MiB, and \(IncludedFiles.mostBytes >> 20) MiB in all")
        } catch {
            let fault = error.diagnostics.first
            faults.report(
                node.range, "cannot include \(Wording.quoted(shown)): \(fault?.message ?? "it cannot be read")",
                expected: fault?.expected.map { $0.replacing("a pipeline file", with: "a file of stages") })
        }
        return nil
    }

    /// The folder as the user names it, with a slash behind it; nothing for the current one.
    private static func folder(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    }
}

/// A section of a pipeline file, such as `stages`, with what included files add to it.
struct FileSection {
    private let key: String
    private var entries: [YAMLEntry] = []
    private var isMapping = false
    /// Stands for the section where no file has one that can be read.
    private var other: YAMLNode?
    private var range: Range<Int>?

    init(_ key: String) { self.key = key }

    var node: YAMLNode? {
        guard isMapping, let range else { return other }
        return YAMLNode(content: .mapping(entries), range: range)
    }

    /// Adds what an included file has, whose names are its own.
    mutating func add(_ section: FileSection, _ faults: FaultLog) {
        guard let node = section.node else { return }
        take(node, faults, overrides: false)
    }

    /// Adds what the including file itself has: of parameters and defaults its word is the last.
    mutating func addOwn(_ node: YAMLNode, _ faults: FaultLog) {
        take(node, faults, overrides: key == "parameters" || key == "defaults")
    }

    private mutating func take(_ node: YAMLNode, _ faults: FaultLog, overrides: Bool) {
        range = overrides || range == nil ? node.range : range
        guard case .mapping(let added) = node.content else {
            other = other ?? node
            // Whoever reads the section says what is wrong with it, unless it is lost among others that are right.
            if isMapping, !node.isFaulty {
                faults.report(node.range, "\"\(key)\" cannot be \(node.summary)", expected: "a mapping")
            }
            return
        }
        if let other, !isMapping, !other.isFaulty {
            faults.report(other.range, "\"\(key)\" cannot be \(other.summary)", expected: "a mapping")
        }
        isMapping = true
        FileSection.merge(
            added, into: &entries, FileSection.nouns[key] ?? key, overrides, depth: key == "defaults" ? 2 : 0, faults)
    }

    private static let nouns = ["parameters": "parameter", "stages": "stage", "publish": "publication", "defaults": "default"]

    /// - Parameter depth: how many levels of mappings are merged, and not replaced.
    private static func merge(
        _ added: [YAMLEntry], into entries: inout [YAMLEntry], _ noun: String, _ overrides: Bool, depth: Int, _ faults: FaultLog
    ) {
        var places = Dictionary(entries.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in added {
            guard let place = places[entry.key] else {
                places[entry.key] = entries.count
                entries.append(entry)
                continue
            }
            if depth > 0, case .mapping(var inner) = entries[place].value.content, case .mapping(let more) = entry.value.content {
                merge(more, into: &inner, noun, overrides, depth: depth - 1, faults)
                entries[place].value.content = .mapping(inner)
            } else if overrides {
                entries[place] = entry
            } else {
                let other = faults.position(of: entries[place].keyRange)
                faults.report(
                    entry.keyRange, "the \(noun) \(Wording.quoted(entry.key)) is there already, at \(other)",
                    expected: "each name once in all files")
            }
        }
    }
}
