public import HeadwaterModel

/// Why the store could not do what it was asked: what happened, where, what was expected, and what to do next.
public struct StoreError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// There is no store at the path.
        case missing
        /// Something else is at the path.
        case notAStore
        /// Written by a later Headwater, in this version of the format.
        case newerFormat(Int)
        /// The store does not hold this blob.
        case missingBlob(Digest)
        /// Bytes on disk are not the ones that were written; the digest is the one that should have been there, where known.
        case damaged(Digest?)
        /// The store was opened for reading, or has been closed.
        case notWritable
        /// Another process collects, or repairs, this store.
        case busy
        /// One entry is larger than the format allows.
        case tooLarge
        /// No space or no quota is left.
        case fullDisk
        /// The file system or its permissions do not let us write, or read.
        case notPermitted
        /// Writing would pass a limit on the size of files.
        case fileSizeLimit
        /// Any other failure of a system call, with its `errno`.
        case system(Int32)
    }

    public var kind: Kind
    /// The file or folder concerned.
    public var path: String
    /// Byte offset in the file, where one is meant.
    public var offset: Int?
    /// What was found or expected, in a clause.
    public var fact: String
    /// What to do next, in a clause.
    public var remedy: String

    init(_ kind: Kind, _ path: String, at offset: Int? = nil, _ fact: String, remedy: String) {
        self.kind = kind
        self.path = path
        self.offset = offset
        self.fact = fact
        self.remedy = remedy
    }

    /// Whether what the store holds is harmed, as opposed to something that only stood in the way. Exit status 3.
    public var isDamage: Bool {
        if case .damaged = kind { true } else { false }
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        let place = offset.map { "\(path), at byte \($0)" } ?? path
        return "\(place): \(fact); \(remedy)"
    }
}
