extension Verifier {
    /// What was proven, and what was not.
    public struct Report: Sendable, Equatable {
        public var records = 0
        public var shards = 0
        public var sources = 0
        public var publishedFiles = 0
        /// Task keys that were spelled again from what the tasks work on, and came out as they are.
        public var keys = 0
        /// Everything else that is kept and was read: manifests, task lists, keys, results, sketches, slices, maps, what was
        /// left out and what was noted.
        public var documents = 0
        /// Bytes of text by how they came about.
        public var bytesByMode: [String: Int] = [:]
        /// The first of them, up to `mostFaults`.
        public private(set) var faults: [Fault] = []
        /// All that were found.
        public private(set) var faultCount = 0

        /// A damaged disk can have any number.
        public static let mostFaults = 10_000

        public var bytes: Int { bytesByMode.values.reduce(0, +) }

        /// Whether there was nothing to prove.
        public var isEmpty: Bool { records + shards + sources + publishedFiles + documents + faultCount == 0 }

        mutating func add(_ fault: Fault) {
            faultCount += 1
            if faults.count < Report.mostFaults { faults.append(fault) }
        }
    }

    /// Something that does not hold.
    public struct Fault: Sendable, Equatable {
        /// `pipeline/stage`, or what else it belongs to.
        public var place: String
        public var problem: String
        /// Whether what the store should hold is missing or not what it was.
        public var isDamage: Bool
    }
}
