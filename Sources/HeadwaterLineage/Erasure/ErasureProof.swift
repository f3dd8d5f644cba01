import HeadwaterModel
import HeadwaterStore

/// Proves that what a receipt says has gone is not in a store: every byte of every file in its folder is looked at, whether it
/// counts for a reader or not.
public struct ErasureProof {
    /// Something that refers to what was erased.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// The file, relative to the store's folder.
        public var path: String
        public var fact: String
        public var description: String { "\(path): \(fact)" }
    }

    public private(set) var findings: [Finding] = []
    /// What names an erased locator and is somebody's own text: a pipeline file, or what another source says.
    public private(set) var remarks: [Finding] = []
    /// How much was looked at.
    public private(set) var blobs = 0
    public private(set) var bindings = 0
    public private(set) var files = 0

    private let receipt: ErasureReceipt
    /// What is known to be none of what was erased.
    private var cleared: Set<Mentions.Name> = []
    private var sources: Set<Digest> = []
    private var pipelineFiles: Set<Digest> = []

    /// Looks through the store in this folder.
    public init(of receipt: ErasureReceipt, at path: String) throws {
        self.receipt = receipt
        try findRoles(Store.open(at: path, .read))
        try StoreContents(at: path).forEach { thing, path in look(at: thing, path) }
    }

    /// Looks at a file outside of the store that some run published.
    public mutating func check(published path: String, _ bytes: [UInt8]) {
        files += 1
        if isErased(Digest(of: bytes)) { note(path, "it is as it was published with erased text") }
    }

    /// Sources and pipeline files may name whatever they want.
    private mutating func findRoles(_ store: Store) throws {
        let history = History(store: store)
        let (runs, _) = try history.runs()
        for run in runs { pipelineFiles.formUnion([run.file] + run.included.values) }
        try KnownSources(history: history).forEachKnown { sources.formUnion($0.compactMap(\.digest)) }
        for binding in try store.bindings(.pin) {
            let pin = (try? store.blob(binding.value)).flatMap { try? JSON(parsing: $0) }.map { PinnedBlobs(json: $0) }
            sources.formUnion(pin?.all ?? [])
        }
    }

    private mutating func note(_ path: String, _ fact: String) {
        let finding = Finding(path: path, fact: fact)
        if !findings.contains(finding) { findings.append(finding) }
    }

    // MARK: Things

    private mutating func look(at thing: StoreContents.Thing, _ path: String) {
        look(atName: path)
        switch thing {
        case .blob(let digest, let bytes):
            blobs += 1
            if isErased(digest) { note(path, "the blob \(digest) is one of those that were erased") }
            // What a source says of others is its own text.
            if !sources.contains(digest) { look(in: bytes, path, "the blob \(digest)", pipelineFiles.contains(digest)) }
        case .damagedBlob(let digest):
            blobs += 1
            if isErased(digest) { note(path, "a damaged copy of \(digest), which was erased") }
        case .binding(let binding):
            bindings += 1
            look(in: Array(binding.key.utf8), path, "the key of a binding of kind \(binding.kind.rawValue)", false)
            if isErased(locator: binding.key) {
                note(path, "a binding of kind \(binding.kind.rawValue) has an erased locator for a key")
            }
            if isErased(binding.value) {
                note(path, "a binding of kind \(binding.kind.rawValue) leads to \(binding.value), which was erased")
            }
        case .reference(let digest, let original):
            if isErased(digest) { note(path, "a reference to the original of \(digest), which was erased") }
            look(atName: String(decoding: original, as: UTF8.self), in: path)
        case .condemned(let digest): if isErased(digest) { note(path, "the condemned list names \(digest), which was erased") }
        case .file(let bytes):
            files += 1
            look(in: bytes, path, "it", false)
            lookForRaw(in: bytes, path)
        case .name: break
        }
    }

    /// A file's name, and every end of its path: a locator is one.
    private mutating func look(atName name: String, in path: String? = nil) {
        var rest = name[...]
        while true {
            if isErased(locator: String(rest)) { note(path ?? name, "the path of a file ends in an erased locator") }
            guard let slash = rest.firstIndex(of: "/") else { break }
            rest = rest[rest.index(after: slash)...]
        }
        Array(name.utf8).withUnsafeBytes { bytes in
            if let digest = erasedName(in: bytes) { note(path ?? name, "the name of a file has \(digest), which was erased") }
        }
    }

    private mutating func look(in bytes: [UInt8], _ path: String, _ what: String, _ isPipelineFile: Bool) {
        bytes.withUnsafeBytes { bytes in
            if let name = erasedName(in: bytes) { note(path, "\(what) names \(name), which was erased") }
        }
        var hasLocator = false
        bytes.withUnsafeBytes { bytes in
            Mentions.forEachText(in: bytes) { hasLocator = hasLocator || isErased(locator: $0) }
        }
        guard hasLocator else { return }
        let finding = Finding(path: path, fact: "\(what) names an erased locator")
        if isPipelineFile || isQuotation(bytes) {
            if !remarks.contains(finding) { remarks.append(finding) }
        } else {
            note(path, finding.fact)
        }
    }

    /// Whether the bytes are records, or notes on them, that speak of a locator and are not of it.
    private func isQuotation(_ bytes: [UInt8]) -> Bool {
        JSONLines.ranges(bytes).allSatisfy { line in
            guard let record = try? Record(reading: bytes, in: line) else { return false }
            return record.fields["locator"]?.string.map(isErased) != true
        }
    }

    private mutating func erasedName(in bytes: UnsafeRawBufferPointer) -> String? {
        var erased: String?
        Mentions.forEachName(in: bytes) { name in
            if !cleared.contains(name) {
                switch name {
                case .blob(let digest) where isErased(digest): erased = "\(digest)"
                case .record(let id) where receipt.records.contains(receipt.salt.digest(of: id)): erased = "the record \(id)"
                default: cleared.insert(name)
                }
            }
            return erased == nil
        }
        return erased
    }

    /// Every 32 bytes of a file that may be a digest, and every 20 that may be a record's id: for indexes and hints, which
    /// hold them as they are.
    private mutating func lookForRaw(in bytes: [UInt8], _ path: String) {
        bytes.withUnsafeBytes { bytes in
            for offset in 0..<max(0, bytes.count - RecordID.byteCount + 1) {
                if let id = RecordID(bytes: bytes[offset..<offset + RecordID.byteCount]),
                    receipt.records.contains(receipt.salt.digest(of: id))
                {
                    note(path, "at byte \(offset) it has the id of the record \(id), which was erased")
                }
                if offset + Digest.byteCount <= bytes.count, isErased(Digest(bytes, at: offset)) {
                    note(path, "at byte \(offset) it has \(Digest(bytes, at: offset)), which was erased")
                }
            }
        }
    }

    private func isErased(_ digest: Digest) -> Bool {
        let salted = receipt.salt.digest(of: digest)
        return receipt.sources.contains(salted) || receipt.blobs.contains(salted)
    }

    private func isErased(locator: String) -> Bool { receipt.locators.contains(receipt.salt.digest(of: locator)) }
}
