public import HeadwaterModel
import HeadwaterStore

/// The requests of one run with their answers, as they went over the wire: WARC records that were kept with what is pinned.
public struct ArchivedExchanges {
    /// One request that the run's sources rest on.
    public struct Exchange: Sendable, Equatable {
        public var url: String
        /// The blob with its records; nil if nothing was kept.
        public var records: Digest?
    }

    /// Sorted by URL.
    public private(set) var exchanges: [Exchange] = []

    /// What the run's sources came from, as far as they came from the network.
    public init(of run: RunManifest, history: History) throws {
        // By URL, what was answered: nil stands for a failure.
        var asked: [[UInt8]: Digest?] = [:]
        for stage in run.stages {
            for task in try history.tasks(of: stage) {
                let document = try JSON(parsing: try history.store.blob(task.key))
                for source in document["inputs"]?["sources"]?.array ?? [] {
                    guard let parts = source.array, parts.count > 1, let locator = parts[0].string else { continue }
                    asked.updateValue(parts[1].string.flatMap { Digest($0) }, forKey: Array(locator.utf8))
                }
                // What an answer holds are sources in its place.
                guard let containers = task.containers else { continue }
                for line in try JSONLines.decode(try history.store.blob(containers)) {
                    let container = try Container(json: line)
                    asked.updateValue(container.digest, forKey: Array(container.file.utf8))
                }
            }
        }
        for (locator, source) in asked.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let url = String(decoding: locator, as: UTF8.self)
            let pins = try history.store.bindings(.pin, url)
            if pins.isEmpty { continue }
            let kept = try pins.map(\.value).sorted().filter(history.store.contains).map {
                PinnedBlobs(json: try JSON(parsing: try history.store.blob($0)))
            }
            guard kept.contains(where: { $0.source == source && $0.wasAnswered }) else { continue }
            // Other answers to the same request are those of other runs.
            exchanges.append(Exchange(url: url, records: kept.first { $0.source == source && $0.archive != nil }?.archive))
        }
    }

    /// Splits what was kept of one exchange into its records, each from its version to the empty lines behind it.
    ///
    /// - Returns: nil for bytes that are no WARC records.
    public static func records(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var out: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            guard let head = headEnd(bytes, from: start), let length = contentLength(bytes[start..<head]),
                length <= bytes.count - head, bytes.count - head - length >= 4
            else { return nil }
            let end = head + length + 4
            out.append(bytes[start..<end])
            start = end
        }
        return out
    }

    private static func headEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while let lineEnd = bytes[index...].firstIndex(of: 0x0A) {
            if lineEnd - index <= 1 { return lineEnd + 1 }
            index = lineEnd + 1
        }
        return nil
    }

    private static func contentLength(_ head: ArraySlice<UInt8>) -> Int? {
        let name = "content-length:"
        for line in head.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = String(decoding: line, as: UTF8.self)
            if text.lowercased().hasPrefix(name) {
                return Int(text.dropFirst(name.count).drop { $0 == " " }).flatMap { $0 < 0 ? nil : $0 }
            }
        }
        return nil
    }
}
