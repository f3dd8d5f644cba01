import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// What the network came to for a request, kept until a refresh: an answer or a failure that stands, and how it came about.
struct Pin {
    var outcome: Outcome
    var response: Response?
    /// The archived exchange, where it was kept.
    var archive: Digest?
    /// It was asked for as a list of sources. No task key names it, so that it is kept for as long as it is the latest.
    var isList = false
    /// Of what parts it is made: these are the sources, so that it is kept as a list is.
    var parts: String?

    enum Outcome {
        /// Which bytes, and what the server said of them.
        case answer(Digest, facts: [String: String])
        case failure(SourceFailure)
    }

    init(_ outcome: Outcome, response: Response?, archive: Digest?, isList: Bool) {
        self.outcome = outcome
        self.response = response
        self.archive = archive
        self.isList = isList
    }

    var json: JSON {
        var members: [String: JSON] = [:]
        switch outcome {
        case .answer(let digest, let facts):
            members["digest"] = .string(digest.description)
            members["facts"] = .object(facts.mapValues { .string($0) })
        case .failure(let failure):
            members["failure"] = [
                "reason": .string(failure.reason), "cause": .string(failure.cause),
                "facts": .object(failure.facts.mapValues { .string($0) }),
            ]
        }
        if let response {
            members["url"] = .string(response.url)
            members["redirects"] = .array(response.redirects.map { [.string($0.url), .integer($0.status)] })
            members["entityTag"] = response.validators.entityTag.map { .string($0) }
            members["lastModified"] = response.validators.lastModified.map { .string($0) }
        }
        members["archive"] = archive.map { .string($0.description) }
        if isList || parts != nil { members["list"] = true }
        members["parts"] = parts.map { .string($0) }
        return .object(members)
    }

    init(json: JSON) throws {
        func texts(_ json: JSON?) -> [String: String] { (json?.object ?? [:]).compactMapValues(\.string) }
        if let digest = json["digest"]?.string.flatMap({ Digest($0) }) {
            outcome = .answer(digest, facts: texts(json["facts"]))
        } else if let failure = json["failure"], let reason = failure["reason"]?.string, let cause = failure["cause"]?.string {
            outcome = .failure(SourceFailure(reason, cause: cause, facts: texts(failure["facts"]), isLasting: true))
        } else {
            throw TaskFault("a pinned answer names neither a digest nor a failure")
        }
        if let url = json["url"]?.string {
            let redirects = (json["redirects"]?.array ?? []).compactMap { redirect -> Response.Redirect? in
                guard let parts = redirect.array, parts.count == 2, let url = parts[0].string, let status = parts[1].integer
                else { return nil }
                return .init(url: url, status: status)
            }
            let validators = Validators(entityTag: json["entityTag"]?.string, lastModified: json["lastModified"]?.string)
            response = Response(url: url, redirects: redirects, validators: validators)
        }
        archive = json["archive"]?.string.flatMap { Digest($0) }
        parts = json["parts"]?.string
        isList = parts == nil && json["list"]?.bool ?? false
    }
}

/// All that is pinned for one request.
struct Pins {
    let url: String
    /// The one that no other supersedes; of several the one with the smallest digest. One whose document is not there is none.
    let current: Pin?
    private let bindings: [Binding]

    init(of url: String, in store: Store) throws {
        self.url = url
        bindings = try store.bindings(.pin, url)
        let superseded = Set(bindings.flatMap(\.supersedes))
        let head = bindings.filter { !superseded.contains($0.digest) }.min { $0.value < $1.value }
        current = try head.flatMap { head in
            store.contains(head.value) ? try Pin(json: JSON(parsing: try store.blob(head.value))) : nil
        }
    }

    /// Puts another in the place of what is pinned.
    func supersede(by pin: Pin, in store: Store) throws {
        let value = try store.put(pin.json.canonical)
        let others = bindings.filter { $0.value != value }.map(\.digest).sorted()
        try store.bind(Binding(kind: .pin, key: url, value: value, supersedes: others))
    }
}
