import HeadwaterPluginKit

/// One thing that is asked for, through all its redirects and tries, up to an answer or a failure. Owned by the client's queue.
final class Exchange {
    let kind: Kind
    let known: Validators
    /// Called once, on the client's queue.
    let done: (Result<HTTPAnswer, any Error>) -> Void
    /// Where the next request goes.
    private(set) var address: WebAddress
    private(set) var redirects: [Response.Redirect] = []
    /// Tries that failed.
    var failures = 0
    /// When the next try may begin, in milliseconds of the client's clock.
    var notBefore = 0
    /// WARC records of the requests so far.
    var archived: [UInt8] = []
    private var seen: Set<String>

    enum Kind { case page, robots }

    init(
        _ kind: Kind, _ address: WebAddress, known: Validators = Validators(),
        done: @escaping (Result<HTTPAnswer, any Error>) -> Void
    ) {
        self.kind = kind
        self.address = address
        self.known = known
        self.done = done
        seen = [address.url]
    }

    /// Goes on at another URL.
    ///
    /// - Returns: why that cannot be; nil if it can.
    func follow(to text: String, status: Int, settings: HTTPSettings) -> SourceFailure? {
        redirects.append(.init(url: address.url, status: status))
        func refuse(_ reason: String) -> SourceFailure { SourceFailure(reason, cause: "redirects", isLasting: true) }
        guard let next = WebAddress(text, from: address), next.isWeb else {
            return refuse("it redirects to what is no http or https URL")
        }
        if next.hasPassword { return refuse("it redirects to a URL with a name or password") }
        if redirects.count > settings.redirects { return refuse("it redirects more than \(settings.redirects) times") }
        if !seen.insert(next.url).inserted { return refuse("it redirects in a circle") }
        address = next
        return nil
    }

    /// How the network came to its answer.
    func response(_ validators: Validators = Validators(), isUnchanged: Bool = false) -> Response {
        Response(
            url: address.url, redirects: redirects, validators: validators, archived: archived.isEmpty ? nil : archived,
            isUnchanged: isUnchanged)
    }
}

/// What a server gave for a URL.
struct HTTPAnswer: Sendable {
    /// Decoded; empty if the server says that what is known is still right.
    var bytes: [UInt8]
    /// What the last of the servers says the bytes are.
    var contentType: String?
    var response: Response
}
