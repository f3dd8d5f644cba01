/// What a collection did, or would do.
public struct CollectionReport: Hashable, Sendable {
    /// Copies of blobs and bindings, with the bytes that they take in packs and blob files.
    public struct Amount: Hashable, Sendable {
        public internal(set) var blobs = 0
        public internal(set) var bindings = 0
        public internal(set) var bytes = 0
    }

    /// A process that writes the store, or may do so.
    public struct Writer: Hashable, Comparable, Sendable, CustomStringConvertible {
        public var host: String
        public var process: Int32
        /// Whether it is of another host: then it cannot be told whether it still runs.
        public var isRemote: Bool

        public static func < (a: Writer, b: Writer) -> Bool { (a.host, a.process) < (b.host, b.process) }

        public var description: String { isRemote ? "process \(process) on \(host)" : "process \(process)" }
    }

    /// What was removed.
    public internal(set) var removed = Amount()
    /// What is needed.
    public internal(set) var kept = Amount()
    /// What is not needed but has to wait: a writer that works now may have relied on it, or on something else in its pack.
    public internal(set) var waiting = Amount()
    /// What is not needed and stays, since its pack holds too little of that to be written anew.
    public internal(set) var spared = Amount()
    /// The writers that what waits waits for, sorted.
    public internal(set) var writers: [Writer] = []
    /// Whether it waits, also, for writers that came and went while the collection went on: the next one has not to.
    public internal(set) var waitsForNext = false
    public internal(set) var packsBefore = 0
    public internal(set) var packsAfter = 0
    /// Packs and blob files that are damaged, and were left alone with all they hold.
    public internal(set) var damaged: [StoreError] = []
}
