import HeadwaterModel
import HeadwaterPluginKit

/// Sources of a few bytes that say they are so large that each has a partition of its own.
struct TinySource: SourceStage {
    static let declaration = PluginDeclaration(
        name: "tiny-source", version: "1", summary: "Finds as many sources as it is told.", inputs: [], rounds: .read,
        parameters: [ParameterDeclaration("count", .integer(1...10_000_000), help: "how many")], emits: ["document"])

    private let count: Int

    init(parameters: Parameters) { count = parameters.integer("count") }

    func locate(_ places: Places) throws -> FoundSources {
        try FoundSources(
            (0..<count).lazy.map { number in
                let digits = String(number)
                let locator = "source-" + String(repeating: "0", count: 8 - digits.count) + digits
                let stamp = FileStamp(size: 16, modified: 0, changed: 0, inode: UInt64(number))
                return FoundSource(locator: locator, place: .file(path: Array(locator.utf8), stamp: stamp), size: 4 << 20)
            })
    }

    func retrieve(_ found: FoundSource) -> Retrieved {
        guard case .file(let path, let stamp) = found.place else { return Retrieved(bytes: []) }
        return Retrieved(bytes: path, stamp: stamp)
    }

    func describe(_ source: RetrievedSource, to output: any StageOutput) throws {
        try output.emit(
            RecordDraft(
                describing: source, fields: ["locator": .string(source.locator), "mediaType": "text/plain", "charset": "utf-8"]))
    }
}

/// Gives every record on as it is.
struct TinyPass: Stage {
    static let declaration = PluginDeclaration(
        name: "tiny-pass", version: "1", summary: "Gives records on.", inputs: [.init("documents")], emits: ["document"])

    init(parameters: Parameters) {}

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] { try output.pass(document) }
    }
}
