import HeadwaterModel
import HeadwaterPluginKit

/// Gives each document's text on as one slice: what is left is what it takes to tell a stage in another process of a record,
/// and to hear of one from it.
@main struct PassOn: Stage {
    static let declaration = PluginDeclaration(
        name: "pass-on", version: "1", summary: "Give texts on.", inputs: [.init("documents")], emits: ["text"])

    static func main() throws { try PluginServer.serve(PassOn.self) }

    init(parameters: Parameters) {}

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] {
            try output.emit(RecordDraft(kind: "text", text: try document.text(), parents: [document.id]))
        }
    }
}
