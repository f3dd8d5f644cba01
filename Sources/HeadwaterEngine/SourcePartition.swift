import HeadwaterModel

/// One partition of sources whose bytes are in the store: the input of a task of a source stage.
struct SourcePartition: Sendable {
    struct Source: Sendable {
        var locator: String
        var digest: Digest
        var facts: [String: String]
        /// The bytes, where they were read just now.
        var bytes: [UInt8]?

        /// `[locator, digest]`, and the facts if there are any: what a task key holds of a source.
        var keyJSON: JSON {
            var out: [JSON] = [.string(locator), .string(digest.description)]
            if !facts.isEmpty { out.append(.object(facts.mapValues { .string($0) })) }
            return .array(out)
        }
    }

    var sources: [Source]

    /// The locator of the first source, by which the partition is called.
    var first: String { sources.first?.locator ?? "" }
}
