import HeadwaterModel
import HeadwaterStore

/// What is said of a reference that names nothing, or too much: what it may have meant, and what there is.
extension Resolver {
    /// Of more candidates for an ambiguous reference these many are named.
    static let mostCandidates = 5

    /// Of more names that are known these many are given.
    private static let mostNames = 20

    func one<Element>(_ found: [Element], _ text: String, _ what: String, _ name: (Element) -> String) throws -> Element {
        guard let first = found.first else { throw ReferenceError("\(text): there is no such \(what)\(try forgotten())") }
        if found.count > 1 {
            let some = found.prefix(Resolver.mostCandidates).map(name).joined(separator: " or ")
            let rest = found.count - Resolver.mostCandidates
            throw ReferenceError("\(text) is ambiguous: it may be \(some)\(rest > 0 ? ", or one of \(rest) more" : "")")
        }
        return first
    }

    /// Of a name that is no stage, pipeline, record or file.
    func unknown(_ name: String) throws -> ReferenceError {
        let names = try history.names().filter { !$0.hasPrefix(History.tagPrefix) }
        guard !names.isEmpty else { return ReferenceError("\(name): the store remembers no run yet; run a pipeline first") }
        // Stages are also known without their pipeline.
        let short = names.compactMap { $0.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) }
        let isRecord = Reference.isHex(name) && name.utf8.count >= Reference.fewestDigits
        return ReferenceError(
            "\(name): there is no such stage, pipeline, record or file; known are \(Resolver.list(names))"
                + Resolver.nearest(name, names + short) + (isRecord ? try forgotten() : ""))
    }

    /// Of the start of a run's id that no run has which is kept.
    func unknownRun(_ prefix: String) throws -> ReferenceError {
        // What was condemned is there until it is swept.
        let gone = try store.readBindings(.run, withoutCondemned: false).bindings.map(\.key).filter { $0.hasPrefix(prefix) }
        if let id = gone.first { return ReferenceError("run:\(id) was forgotten by a collection (headwater gc)") }
        return ReferenceError("run:\(prefix): there is no such run\(try forgotten()); headwater log lists those there are")
    }

    /// A clause for what may have been there once; empty where every run that another one follows is kept.
    func forgotten() throws -> String {
        let kept = Set(try store.bindings(.run).map(\.value))
        var isCut = false
        try history.forEachRun { run in
            isCut = run.follows.contains { !kept.contains($0) }
            return !isCut
        }
        return isCut ? "; a collection (headwater gc) has forgotten earlier runs, and it may be of one of them" : ""
    }

    static func list(_ names: [String]) -> String {
        let some = names.prefix(mostNames).joined(separator: ", ")
        return names.count > mostNames ? "\(some) and \(names.count - mostNames) more" : some
    }

    static func nearest(_ name: String, _ known: [String]) -> String {
        NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
    }
}
