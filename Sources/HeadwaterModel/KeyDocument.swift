/// All that decides what a task produces, as one canonical JSON object. Its digest is the task key; since the
/// document itself is stored, two keys can be compared and the difference named.
public struct KeyDocument: Hashable, Sendable {
    /// Raised when the same document would no longer mean the same result.
    public static let protocolVersion = 1

    public let json: JSON

    /// Which part of a stage a task carries out.
    public enum Phase: String, Sendable, CaseIterable {
        case sketch, combine, examine, decide, apply
    }

    /// - Parameters:
    ///   - digest: of the files that make up a plugin from outside; none for built-in ones, whose version says it.
    ///   - inputs: digests or ids by role, in order where order matters.
    ///   - environment: declared environment values that the plugin reads.
    ///   - libraries: versions of linked libraries that can change the output.
    public init(
        plugin: String, version: String, digest: Digest? = nil, phase: Phase, parameters: [String: JSON],
        inputs: [String: JSON], environment: [String: String] = [:], libraries: [String: String] = [:]
    ) {
        self = Form(
            plugin: plugin, version: version, digest: digest, phase: phase, parameters: parameters, environment: environment,
            libraries: libraries
        ).document(inputs: .object(inputs))
    }

    /// All of a key document but its inputs: what the tasks of one phase of a stage have in common, written once.
    public struct Form: Sendable {
        private let members: [String: JSON]
        /// The canonical bytes before the inputs and behind them.
        private let head: [UInt8]
        private let tail: [UInt8]

        private static let inputs = "inputs"

        /// Of what `KeyDocument` is made.
        public init(
            plugin: String, version: String, digest: Digest? = nil, phase: Phase, parameters: [String: JSON],
            environment: [String: String] = [:], libraries: [String: String] = [:]
        ) {
            var identity: [String: JSON] = ["name": .string(plugin), "version": .string(version)]
            if let digest { identity["digest"] = .string(digest.description) }
            members = [
                "protocol": .integer(KeyDocument.protocolVersion),
                "plugin": .object(identity),
                "phase": .string(phase.rawValue),
                "parameters": .object(parameters),
                "environment": .object(environment.mapValues { .string($0) }),
                "libraries": .object(libraries.mapValues { .string($0) }),
            ]
            // Written as two objects, one with the members before the inputs and one with those behind, and joined there.
            let before = JSON.object(members.filter { $0.key < Form.inputs }).canonical
            let behind = JSON.object(members.filter { $0.key > Form.inputs }).canonical
            head = before.dropLast() + Array(",\"\(Form.inputs)\":".utf8)
            tail = Array(",".utf8) + behind.dropFirst()
        }

        public func document(inputs: JSON) -> KeyDocument {
            KeyDocument(json: .object(members.merging([Form.inputs: inputs]) { $1 }))
        }

        /// The canonical bytes of the document with these inputs.
        public func bytes(inputs: JSON) -> [UInt8] { head + inputs.canonical + tail }
    }

    public init(json: JSON) { self.json = json }

    /// The task key.
    public var digest: Digest { json.digest }

    /// One place where two key documents differ. `old` or `new` is nil where only the other has the member.
    public struct Difference: Equatable, Sendable {
        /// `parameters.similarity`, `inputs.documents[0]`
        public var path: String
        public var old: JSON?
        public var new: JSON?

        public init(path: String, old: JSON?, new: JSON?) {
            self.path = path
            self.old = old
            self.new = new
        }

        public var json: JSON {
            var members: [String: JSON] = ["path": .string(path)]
            if let old { members["old"] = old }
            if let new { members["new"] = new }
            return .object(members)
        }
    }

    /// Every difference from an earlier document, in the order of their paths; empty if and only if the keys are equal.
    public func differences(from old: KeyDocument) -> [Difference] {
        KeyDocument.compare(old.json, json, "")
    }

    private static func compare(_ old: JSON?, _ new: JSON?, _ path: String) -> [Difference] {
        if old == new { return [] }
        var inside: [Difference] = []
        if case .object(let before)? = old, case .object(let after)? = new {
            inside = Set(before.keys).union(after.keys).sorted().flatMap {
                compare(before[$0], after[$0], path.isEmpty ? $0 : path + "." + $0)
            }
        } else if case .array(let before)? = old, case .array(let after)? = new, before.count == after.count {
            inside = before.indices.flatMap { compare(before[$0], after[$0], "\(path)[\($0)]") }
        }
        // Names that differ in their normal form only are found by each other, so that all members may look equal.
        if !inside.isEmpty { return inside }
        return [Difference(path: path, old: old, new: new)]
    }
}
