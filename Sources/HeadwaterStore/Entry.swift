import HeadwaterModel

/// A blob or a binding ready to be written: its payload compressed where that helps.
struct Entry: Sendable {
    var kind: EntryHeader.Kind
    var codec: EntryHeader.Codec
    var length: Int
    var digest: Digest
    var checksum: UInt32
    var stored: [UInt8]

    static func blob(_ payload: [UInt8], _ digest: Digest) -> Entry {
        if let compressed = Zstandard.compress(payload) {
            return Entry(.blob, .zstd, length: payload.count, digest, stored: compressed)
        }
        return Entry(.blob, .none, length: payload.count, digest, stored: payload)
    }

    /// Bindings are nearly all digests, which do not compress.
    static func binding(_ binding: Binding) -> Entry {
        let payload = binding.canonical
        return Entry(.binding, .none, length: payload.count, Digest(of: payload), stored: payload)
    }

    /// The entry as it is stored already.
    init(_ header: EntryHeader, stored: [UInt8]) {
        kind = header.kind
        codec = header.codec
        length = header.length
        digest = header.digest
        checksum = header.checksum
        self.stored = stored
    }

    private init(_ kind: EntryHeader.Kind, _ codec: EntryHeader.Codec, length: Int, _ digest: Digest, stored: [UInt8]) {
        self.kind = kind
        self.codec = codec
        self.length = length
        self.digest = digest
        self.stored = stored
        checksum = Checksum.of(stored)
    }
}

/// Where an entry lies: which file, at which byte.
struct EntryPlace: Sendable {
    /// An open file, or a sealed pack that is opened when it is read: there may be more packs than a process may hold
    /// open.
    enum Holder: Sendable { case open(File), sealed(SealedPack) }

    var holder: Holder
    var offset: Int
    /// The number of stored bytes, as the index has it.
    var stored: Int

    var path: String {
        switch holder {
        case .open(let file): file.path
        case .sealed(let pack): pack.path
        }
    }

    /// The entry's payload, checked; nil if its file is gone.
    ///
    /// - Parameter digest: what the payload's digest must be; nil if only the entry knows.
    func payload(_ kind: EntryHeader.Kind, _ digest: Digest?) throws(StoreError) -> [UInt8]? {
        try read(kind, digest)?.payload
    }

    /// The entry as it is stored, its payload checked; nil if its file is gone.
    func entry(_ kind: EntryHeader.Kind, _ digest: Digest?) throws(StoreError) -> (entry: Entry, payload: [UInt8])? {
        guard let (header, bytes, payload) = try read(kind, digest) else { return nil }
        return (Entry(header, stored: Array(bytes[EntryHeader.size...])), payload)
    }

    private func read(
        _ kind: EntryHeader.Kind, _ digest: Digest?
    ) throws(StoreError) -> (header: EntryHeader, bytes: [UInt8], payload: [UInt8])? {
        let file: File
        switch holder {
        case .open(let open): file = open
        case .sealed(let pack):
            guard let opened = try pack.reading() else { return nil }
            file = opened
        }
        let bytes = try file.read(at: offset, count: EntryHeader.size + stored)
        guard let header = bytes.withUnsafeBytes({ EntryHeader($0) }) else {
            throw damaged(digest, "the entry's header does not match its checksum")
        }
        guard header.kind == kind, header.stored == stored, digest == nil || header.digest == digest else {
            throw damaged(digest, "another entry than the index tells of")
        }
        guard bytes.count == EntryHeader.size + stored else { throw damaged(header.digest, "the file ends within the entry") }
        return (header, bytes, try header.payload(bytes, at: EntryHeader.size, self))
    }

    func damaged(_ digest: Digest?, _ fact: String) -> StoreError {
        let subject = digest.map { "\($0) is damaged" } ?? "an entry is damaged"
        return StoreError(
            .damaged(digest), path, at: offset, "\(subject): \(fact)",
            remedy: "check the disk, then run again or restore the file from a copy")
    }
}

extension EntryHeader {
    /// The payload whose stored bytes start at `start`: undamaged, decompressed and of the right digest.
    func payload(_ bytes: [UInt8], at start: Int, _ place: EntryPlace) throws(StoreError) -> [UInt8] {
        let body = bytes[start..<start + stored]
        guard body.withUnsafeBytes({ Checksum.of($0) }) == checksum else {
            throw place.damaged(digest, "its stored bytes do not match their checksum")
        }
        let payload: [UInt8]
        switch codec {
        case .none: payload = Array(body)
        case .zstd:
            guard let restored = Zstandard.decompress(body, length: length) else {
                throw place.damaged(digest, "its stored bytes are no zstd frame of \(length) bytes")
            }
            payload = restored
        }
        let found = Digest(of: payload)
        guard found == digest else { throw place.damaged(digest, "the bytes there have the digest \(found)") }
        return payload
    }
}
