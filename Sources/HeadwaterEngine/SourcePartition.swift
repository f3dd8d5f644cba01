import HeadwaterModel
import HeadwaterPluginKit

/// One partition of sources whose bytes are in the store: the input of a task of a source stage.
struct SourcePartition: Sendable {
    struct Source: Sendable {
        var locator: String
        /// Nil for a source that could not be had; the facts say why.
        var digest: Digest?
        var facts: [String: String]
        /// The bytes, where they were read just now.
        var bytes: [UInt8]?
        /// Of what parts an answer of the network is made, for the stage that takes it apart.
        var parts: String?
        /// Whether the store does not have the bytes, so that they have to be held until they are taken apart.
        var isUnstored = false

        init(
            locator: String, digest: Digest?, facts: [String: String], bytes: [UInt8]? = nil, parts: String? = nil,
            isUnstored: Bool = false
        ) {
            self.locator = locator
            self.digest = digest
            self.facts = facts
            self.bytes = bytes
            self.parts = parts
            self.isUnstored = isUnstored
        }

        init(locator: String, missed failure: SourceFailure) {
            self.locator = locator
            facts = failure.facts.merging(["reason": failure.reason, "cause": failure.cause]) { $1 }
        }

        /// `[locator, digest]`, and the facts if there are any: what a task key holds of a source. The digest is null where
        /// there is none.
        var keyJSON: JSON {
            var out: [JSON] = [.string(locator), digest.map { .string($0.description) } ?? .null]
            if !facts.isEmpty { out.append(.object(facts.mapValues { .string($0) })) }
            return .array(out)
        }
    }

    var sources: [Source]
    /// Where those lay that are parts of answers of the network, a line of JSON each.
    var containers: [UInt8] = []

    /// The locator of the first source, by which the partition is called.
    var first: String { sources.first?.locator ?? "" }
}
