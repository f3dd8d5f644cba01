public import HeadwaterModel

/// Something that is not as it was written, found by reading all of a store.
public struct StoreFault: Hashable, Sendable, CustomStringConvertible {
    public enum Subject: Hashable, Sendable {
        case blob(Digest)
        /// A blob whose bytes were left in place, outside of the store.
        case original(Digest)
        /// By its identity.
        case binding(Digest)
    }

    /// The file concerned.
    public internal(set) var path: String
    /// The byte at which the damaged part begins, where that is known.
    public internal(set) var offset: Int?
    /// What is damaged, where that is known.
    public internal(set) var subject: Subject?
    /// What was found or expected, in a clause.
    public internal(set) var fact: String
    /// Whether everything can be read all the same: an undamaged copy is elsewhere, or nothing was there that is needed
    /// for reading.
    public internal(set) var isHarmless: Bool

    /// The blob that is concerned, whether its copy is damaged or its original.
    public var blob: Digest? {
        switch subject {
        case .blob(let digest)?, .original(let digest)?: digest
        case .binding?, nil: nil
        }
    }

    public var description: String {
        let place = offset.map { "\(path), at byte \($0)" } ?? path
        return "\(place): \(fact)" + (isHarmless ? "; nothing is lost by it" : "")
    }
}

/// What an inspection read, and what it found.
public struct Inspection: Hashable, Sendable {
    /// In the order of files and bytes.
    public internal(set) var faults: [StoreFault] = []
    public internal(set) var packs = 0
    public internal(set) var blobFiles = 0
    /// Originals outside of the store that were left in place.
    public internal(set) var originals = 0
    /// Undamaged entries that were read, and the bytes of all files.
    public internal(set) var blobs = 0
    public internal(set) var bindings = 0
    public internal(set) var bytes = 0
}

extension Store {
    /// Reads every byte of the store in this folder that is sealed, and of the originals that it refers to, and checks
    /// it against what else tells it. Nothing is changed. What somebody else removes meanwhile is no fault.
    ///
    /// - Throws: `StoreError` where there is no store, or the system does not let us read it.
    public static func inspect(at path: String) throws(StoreError) -> Inspection {
        var inspector = Inspector(StoreLayout(root: path, disk: Disk()))
        try inspector.run()
        return inspector.inspection
    }
}

/// One inspection of a store.
struct Inspector {
    private let layout: StoreLayout
    private(set) var inspection = Inspection()

    init(_ layout: StoreLayout) { self.layout = layout }

    mutating func run() throws(StoreError) {
        do throws(StoreError) {
            try layout.check()
        } catch {
            let hasPacks = layout.disk.isFolder(layout.packs)
            guard hasPacks, error.path == layout.format else { throw error }
            note(layout.format, at: nil, nil, error.fact, isHarmless: false)
        }
        do throws(StoreError) {
            _ = try Condemned.read(layout)
        } catch  where error.isDamage {
            note(error.path, at: nil, nil, error.fact, isHarmless: true)
        }
        for name in try layout.disk.names(layout.packs) ?? [] where name.hasSuffix(".pack") {
            do throws(StoreError) {
                if let pack = try SealedPack.open(layout.packs + "/" + name, on: layout.disk) { try read(pack) }
            } catch {
                try note(error)
            }
        }
        for found in try layout.blobFiles.all() {
            do throws(StoreError) {
                try read(found)
            } catch {
                try note(error)
            }
        }
        for found in try layout.references.all() {
            do throws(StoreError) {
                try readOriginal(found)
            } catch {
                switch error.kind {
                case .damaged, .missingBlob:
                    note(error.path, at: nil, .original(found.digest), "\(error.fact); \(error.remedy)", isHarmless: false)
                default: throw error
                }
            }
        }
        try lookForCopies()
    }

    /// Notes damage as a fault; whatever else went wrong is thrown again.
    private mutating func note(_ error: StoreError) throws(StoreError) {
        switch error.kind {
        case .damaged(let digest): note(error.path, at: error.offset, digest.map { .blob($0) }, error.fact, isHarmless: false)
        case .newerFormat: note(error.path, at: 0, nil, error.fact, isHarmless: false)
        default: throw error
        }
    }

    private mutating func note(
        _ path: String, at offset: Int?, _ subject: StoreFault.Subject?, _ fact: String, isHarmless: Bool
    ) {
        inspection.faults.append(
            StoreFault(path: path, offset: offset, subject: subject, fact: fact, isHarmless: isHarmless))
    }

    // MARK: Packs

    private mutating func read(_ pack: SealedPack) throws(StoreError) {
        inspection.packs += 1
        inspection.bytes += pack.size
        let check = try PackCheck(pack)
        inspection.blobs += check.blobs.count
        inspection.bindings += check.bindings.count
        for fault in check.faults.sorted(by: { ($0.offset ?? 0) < ($1.offset ?? 0) }) { inspection.faults.append(fault) }
    }

    private mutating func read(_ found: DigestFolder.Found) throws(StoreError) {
        inspection.blobFiles += 1
        inspection.bytes += found.size
        guard let bytes = try BlobFile.read(found.digest, in: layout) else { return }
        inspection.blobs += 1
        if bytes.count <= EntryHeader.largestPayload {
            note(found.path, at: nil, .blob(found.digest), "a blob of \(bytes.count) bytes belongs in a pack", isHarmless: true)
        }
    }

    private mutating func readOriginal(_ found: DigestFolder.Found) throws(StoreError) {
        guard let reference = try Reference.read(found.digest, in: layout) else { return }
        inspection.originals += 1
        inspection.bytes += found.size
        try reference.check(on: layout.disk)
        inspection.bytes += reference.length
    }

    // MARK: Copies

    /// Tells which faults harm nothing, since what they concern is undamaged elsewhere.
    private mutating func lookForCopies() throws(StoreError) {
        if inspection.faults.allSatisfy(\.isHarmless) { return }
        guard let copies = try? Copies(layout) else { return }
        for index in inspection.faults.indices {
            guard let subject = inspection.faults[index].subject, !inspection.faults[index].isHarmless else { continue }
            inspection.faults[index].isHarmless = try copies.hold(subject)
        }
    }
}
