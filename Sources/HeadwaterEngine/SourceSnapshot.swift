import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Takes the bytes of sources into the store, or their digests and places, reading only what may have changed: a file whose stamp is the one
/// remembered need not be read again, and a network answer stays pinned until a refresh is asked for.
final class SourceSnapshot: Sendable {
    let store: Store
    let stage: any SourceStage
    private let refreshes: Bool
    private let answers: Run.Answers
    /// Only digests are wanted; nothing is stored.
    let isDry: Bool
    /// Asked between sources, so that a stop need not wait for a partition of slow ones.
    let isStopping: @Sendable () -> Bool
    private let events: Events
    /// What is not to be taken in, and by which stage it would be.
    private let leftOut: LeftOut?

    struct LeftOut {
        var sources: LeftOutSources
        var stage: Int
    }

    /// Who wants to know what happens meanwhile.
    struct Events: Sendable {
        /// An answer was pinned, and could be made durable.
        var pinned: @Sendable () -> Void = {}
        var warned: @Sendable (String) -> Void = { _ in }
    }

    /// Bytes of one partition that are kept until its records are made; those beyond are read from the store again.
    static let heldBytes = 16 << 20

    init(
        store: Store, stage: any SourceStage, refreshes: Bool, answers: Run.Answers = .network, isDry: Bool,
        isStopping: @escaping @Sendable () -> Bool = { false }, leftOut: LeftOut? = nil, events: Events = Events()
    ) {
        self.store = store
        self.stage = stage
        self.refreshes = refreshes
        self.answers = answers
        self.isDry = isDry
        self.isStopping = isStopping
        self.events = events
        self.leftOut = leftOut
    }

    /// Whether bytes that were found at a locator are not to be taken in.
    func leavesOut(_ bytes: [UInt8], _ locator: String) -> Bool {
        guard let leftOut, !leftOut.sources.isNothing else { return false }
        return leftOut.sources.has(locator: locator, stage: leftOut.stage)
            || leftOut.sources.has(Digest(of: bytes), locator: locator, stage: leftOut.stage)
    }

    /// Reads the sources of one partition. Blocks.
    /// - Parameter found: changed where a file had another stamp when it was read than when it was found; without what is left
    ///   out.
    /// - Throws: `StageStopped` if the run is to stop before all are read; what was read is kept.
    func take(_ found: inout [FoundSource]) throws -> SourcePartition { try take(&found, asLists: false) }

    /// What the network answers to a request for a list of sources, pinned like any other.
    func list(at url: String) throws -> [UInt8] {
        var found = [FoundSource(locator: url, place: .request(url: url), size: 0)]
        guard let source = try take(&found, asLists: true).sources.first else { throw StageStopped() }
        guard let digest = source.digest else {
            throw SourceFailure(source.facts["reason"] ?? "it is missing", cause: source.facts["cause"] ?? "")
        }
        return try source.bytes ?? store.blob(digest)
    }

    private func take(_ found: inout [FoundSource], asLists isList: Bool) throws -> SourcePartition {
        var sources = [SourcePartition.Source?](repeating: nil, count: found.count)
        var held = 0
        func put(_ source: SourcePartition.Source, at index: Int) {
            var source = source
            if let bytes = source.bytes {
                // In a dry run there is nothing to read again.
                if held + bytes.count > SourceSnapshot.heldBytes && !isDry && !source.isUnstored {
                    source.bytes = nil
                } else {
                    held += bytes.count
                }
            }
            sources[index] = source
        }
        var asked: [(index: Int, pins: Pins)] = []
        var others: Set<Int> = []
        for index in found.indices {
            if isStopping() { throw StageStopped() }
            switch found[index].place {
            case .file, .member: if let source = try file(&found[index]) { put(source, at: index) } else { others.insert(index) }
            case .request(let url):
                if case .pinned(let other) = answers {
                    put(try kept(found[index].locator, url, in: other), at: index)
                    continue
                }
                let pins = try Pins(of: url, in: store)
                if !refreshes, let pinned = source(found[index].locator, pinned: pins.current, in: store) {
                    put(pinned, at: index)
                } else {
                    found[index].known = validators(pins.current)
                    asked.append((index, pins))
                }
            }
        }
        try ask(asked, found, isList: isList) { source, index in
            if let source { put(source, at: index) } else { others.insert(index) }
        }
        if !others.isEmpty { found = found.indices.filter { !others.contains($0) }.map { found[$0] } }
        return SourcePartition(sources: sources.compactMap { $0 })
    }

    /// Whether the store has the bytes of a file as the stage wants them kept: what was left in place by an earlier run is
    /// to be copied by one that copies.
    func has(_ digest: Digest) -> Bool { stage.leavesFilesInPlace ? store.contains(digest) : store.stores(digest) }

    /// Reads one source again and keeps its bytes again, if they still are those of the digest.
    func restore(_ found: FoundSource, _ digest: Digest) throws -> Bool {
        let retrieved = try stage.retrieve(found)
        guard Digest(of: retrieved.bytes) == digest else { return false }
        _ = try keep(retrieved.bytes, found.place)
        return true
    }

    /// A file, or a part of one; nil if it is left out.
    private func file(_ found: inout FoundSource) throws -> SourcePartition.Source? {
        let retrieved = try stage.retrieve(found)
        if leavesOut(retrieved.bytes, found.locator) { return nil }
        let digest = try keep(retrieved.bytes, found.place)
        if let read = retrieved.stamp, case .file(let path, _) = found.place { found.place = .file(path: path, stamp: read) }
        return .init(locator: found.locator, digest: digest, facts: retrieved.facts, bytes: retrieved.bytes)
    }

    private func keep(_ bytes: [UInt8], _ place: FoundSource.Place) throws -> Digest {
        if isDry { return Digest(of: bytes) }
        guard stage.leavesFilesInPlace, case .file(let path, _) = place else { return try store.put(bytes) }
        let digest = Digest(of: bytes)
        try store.refer(digest, to: path, length: bytes.count)
        return digest
    }
}

// MARK: Requests

extension SourceSnapshot {
    /// Whether an answer made of parts has one that is not to be taken in: then the answer is not either, only its other parts.
    private func holdsLeftOut(_ found: FoundSource, _ retrieved: Retrieved, _ parts: String) throws -> Bool {
        guard let leftOut, !leftOut.sources.isNothing else { return false }
        let bytes = retrieved.bytes
        let answer = RetrievedSource(locator: found.locator, digest: Digest(of: bytes), facts: retrieved.facts) { bytes }
        var isHeld = false
        _ = try stage.open(answer, parts: parts) { container, part in
            isHeld = isHeld || leavesOut(part.bytes, container.source)
        }
        return isHeld
    }

    /// What another store has pinned, taken over; without it the source is missed, as nobody is asked.
    private func kept(_ locator: String, _ url: String, in other: Store?) throws -> SourcePartition.Source {
        guard let other, let found = source(locator, pinned: try Pins(of: url, in: other).current, in: other) else {
            return .init(locator: locator, missed: SourceFailure("no answer to it is kept here", cause: "offline"))
        }
        if let digest = found.digest, !isDry { try store.put(try other.blob(digest)) }
        return found
    }

    /// What is pinned, as a source; nil if it does not stand any more.
    private func source(_ locator: String, pinned pin: Pin?, in store: Store) -> SourcePartition.Source? {
        switch pin?.outcome {
        case .answer(let digest, let facts)? where store.stores(digest):
            .init(locator: locator, digest: digest, facts: facts, bytes: nil, parts: pin?.parts)
        case .failure(let failure)? where stage.accepts(failure): .init(locator: locator, missed: failure)
        default: nil
        }
    }

    private func validators(_ pin: Pin?) -> Validators {
        guard let pin, case .answer(let digest, _) = pin.outcome, store.stores(digest) else { return Validators() }
        // An exchange that is to be kept and was not needs its whole answer once.
        if stage.keepsExchanges, pin.archive == nil { return Validators() }
        return pin.response?.validators ?? Validators()
    }

    /// Asks for all of them at once and keeps each answer as it comes, so that what is had stays so whatever comes after.
    ///
    /// - Throws: `StageError` with everything that must be had and cannot.
    private func ask(
        _ asked: [(index: Int, pins: Pins)], _ found: [FoundSource], isList: Bool, _ put: (SourcePartition.Source?, Int) -> Void
    ) throws {
        var faults: [(index: Int, fault: StageError)] = []
        try stage.retrieve(asked.map { found[$0.index] }) { number, result in
            let (index, pins) = asked[number]
            do {
                put(try source(found[index], result, pins, isList: isList), index)
            } catch let fault as StageError {
                faults.append((index, fault))
            }
        }
        faults.sort { $0.index < $1.index }
        guard var fault = faults.first?.fault else { return }
        fault.others = faults.dropFirst().map(\.fault)
        fault.isTransient = faults.allSatisfy(\.fault.isTransient)
        throw fault
    }

    private func source(
        _ found: FoundSource, _ result: Result<Retrieved, any Error>, _ pins: Pins, isList: Bool
    ) throws -> SourcePartition.Source? {
        let retrieved: Retrieved
        do {
            retrieved = try result.get()
        } catch let failure as SourceFailure {
            return try missed(found, failure, pins, isList: isList)
        }
        if retrieved.response?.isUnchanged == true, let pinned = source(found.locator, pinned: pins.current, in: store) {
            return pinned
        }
        // Nothing is pinned either: who asked and what came would be told by that.
        if leavesOut(retrieved.bytes, found.locator) { return nil }
        if let parts = retrieved.parts, try holdsLeftOut(found, retrieved, parts) {
            return .init(
                locator: found.locator, digest: Digest(of: retrieved.bytes), facts: retrieved.facts, bytes: retrieved.bytes,
                parts: parts, isUnstored: true)
        }
        let digest = try keep(retrieved.bytes, found.place)
        try pin(.answer(digest, facts: retrieved.facts), retrieved.response, pins, isList: isList, parts: retrieved.parts)
        return .init(
            locator: found.locator, digest: digest, facts: retrieved.facts, bytes: retrieved.bytes, parts: retrieved.parts)
    }

    private func missed(_ found: FoundSource, _ failure: SourceFailure, _ pins: Pins, isList: Bool) throws
        -> SourcePartition.Source
    {
        // Without its list a stage comes to nothing, so that each run looks whether it is back.
        if failure.isLasting, !isList {
            try pin(.failure(failure), failure.response, pins, isList: false)
        } else if case .answer? = pins.current?.outcome, let pinned = source(found.locator, pinned: pins.current, in: store) {
            // A server that is out of reach today has taken nothing back.
            events.warned("\(found.locator) cannot be asked anew: \(failure.reason); what it answered before still counts")
            return pinned
        }
        return .init(locator: found.locator, missed: failure)
    }

    private func pin(
        _ outcome: Pin.Outcome, _ response: Response?, _ pins: Pins, isList: Bool, parts: String? = nil
    ) throws {
        if isDry { return }
        let archive = try response?.archived.map { try store.put($0) }
        var pin = Pin(outcome, response: response, archive: archive, isList: isList)
        pin.parts = parts
        try pins.supersede(by: pin, in: store)
        events.pinned()
    }
}
