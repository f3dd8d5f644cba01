/// How the network came to answer a request, beside the bytes it gave. Kept with the pinned answer; no task key and no
/// record holds any of it.
public struct Response: Sendable, Hashable {
    /// The URL that answered in the end.
    public var url: String
    /// In the order in which they were followed.
    public var redirects: [Redirect]
    public var validators: Validators
    /// The exchange as it went over the wire: WARC/1.1 records, if they are to be kept.
    public var archived: [UInt8]?
    /// The server says that the bytes are those that were known.
    public var isUnchanged: Bool

    /// One server's word that what was asked for lies elsewhere.
    public struct Redirect: Sendable, Hashable {
        /// The URL that was asked for.
        public var url: String
        public var status: Int

        public init(url: String, status: Int) {
            self.url = url
            self.status = status
        }
    }

    public init(
        url: String, redirects: [Redirect] = [], validators: Validators = Validators(), archived: [UInt8]? = nil,
        isUnchanged: Bool = false
    ) {
        self.url = url
        self.redirects = redirects
        self.validators = validators
        self.archived = archived
        self.isUnchanged = isUnchanged
    }
}

/// What a server gave with an answer so that it need not send it again (RFC 9110, section 8.8), byte for byte.
public struct Validators: Sendable, Hashable {
    public var entityTag: String?
    public var lastModified: String?

    public init(entityTag: String? = nil, lastModified: String? = nil) {
        self.entityTag = entityTag
        self.lastModified = lastModified
    }

    public var isEmpty: Bool { entityTag == nil && lastModified == nil }
}
