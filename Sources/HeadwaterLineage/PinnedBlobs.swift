import HeadwaterModel

/// What a pinned answer of the network leads to.
struct PinnedBlobs {
    /// The bytes that were answered; nil where there was no answer but a failure.
    var source: Digest?
    /// The exchange as it went over the wire, where it was kept.
    var archive: Digest?
    /// It was asked for as a list of sources.
    var isList: Bool
    /// It is a failure that stands.
    var isFailure: Bool
    /// A server said something. What robots.txt forbids, or lies at an address that is refused, is never asked for.
    var wasAnswered: Bool

    init(json: JSON) {
        source = json["digest"]?.string.flatMap { Digest($0) }
        archive = json["archive"]?.string.flatMap { Digest($0) }
        isList = json["list"]?.bool ?? false
        isFailure = json["failure"]?.object != nil
        let cause = json["failure"]?["cause"]?.string
        wasAnswered = source != nil || archive != nil || cause.map { !PinnedBlobs.unasked.contains($0) } ?? true
    }

    /// Causes of failures for which nothing went over the wire.
    private static let unasked: Set<String> = ["robots", "url", "address"]

    var all: [Digest] { [source, archive].compactMap { $0 } }
}
