import Foundation
public import HeadwaterLineage
public import HeadwaterModel
public import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore

/// Takes sources out of a store for good: the runs that read them are redone without them, and whatever derives from them
/// is removed.
///
/// What is to be done is written down first. Each step can be done again, so that an erasure that was killed is finished by
/// doing all of them from the start, and finds done what is.
public struct Erasure {
    private let path: String
    private let host: any ErasureHost
    private let use: SoleUse
    private var journal: ErasureJournal

    /// What it came to.
    public struct Outcome: Sendable {
        public var receipt: ErasureReceipt
        public var receiptPath: String
    }

    /// Begins an erasure.
    ///
    /// - Parameters:
    ///   - decisions: what becomes of the plan's runs; those that it lacks are redone.
    ///   - receiptPath: absolute.
    ///   - forgetsFailing: whether a run that turns out not to come to its end again is forgotten. The erasure stops there
    ///     otherwise, to be finished when the cause is mended.
    /// - Throws: `StoreError` of kind `busy` while somebody writes the store: nothing has been done then.
    public init(
        of plan: ErasurePlan, at path: String, deciding decisions: [RunID: ErasureDecision], receiptPath: String,
        forgetsFailing: Bool, host: any ErasureHost
    ) throws {
        let salt = Salt()
        var generator = SystemRandomNumberGenerator()
        let parts = plan.runs.map { affected in
            ErasureJournal.Part(
                run: affected.run.id, digest: affected.digest,
                by: decisions[affected.run.id]?.reason == nil ? RunID(random: generator.next()) : nil)
        }
        let suppression = try Erasure.suppression(of: plan.targets, salt, try Store.open(at: path, .read))
        journal = ErasureJournal(
            salt: salt, targets: plan.targets, runs: parts, receiptPath: receiptPath, forgetsFailing: forgetsFailing,
            suppression: suppression)
        self.path = path
        self.host = host
        use = try SoleUse.begin(at: path, journal: journal.bytes)
        do {
            let now = try ErasurePlan(of: plan.targets, history: History(store: try Store.open(at: path, .read)))
            guard now.runs.map(\.digest) == plan.runs.map(\.digest) else {
                throw ErasureFault("another run has come since it was planned what to erase; plan again")
            }
        } catch {
            try? use.end()
            throw error
        }
    }

    /// Takes up an erasure that was begun and is not finished; nil if there is none.
    public init?(resuming path: String, forgetsFailing: Bool, host: any ErasureHost) throws {
        guard let use = try SoleUse.resume(at: path) else { return nil }
        self.path = path
        self.host = host
        self.use = use
        journal = try ErasureJournal(reading: use.journal)
        if forgetsFailing { journal.forgetsFailing = true }
    }

    private static func suppression(of targets: ErasureTargets, _ salt: Salt, _ store: Store) throws -> Suppression {
        var suppression = Suppression(salt: salt)
        suppression.locators = Set(targets.locators.map { salt.digest(of: String(decoding: $0, as: UTF8.self)) })
        suppression.sources = Set(targets.digests.map { salt.digest(of: $0) })
        for digest in targets.digests where store.stores(digest) {
            suppression.sizes.insert(salt.digest(ofSize: try store.blob(digest).count))
        }
        try store.forEachOriginal { digest, length in
            if targets.digests.contains(digest) { suppression.sizes.insert(salt.digest(ofSize: length)) }
        }
        return suppression
    }

    /// Does all that is left to do.
    ///
    /// - Throws: `ErasureFault` where a run cannot be redone; nothing is lost then, and the erasure can be taken up.
    public mutating func finish() throws -> Outcome {
        if journal.receipt == nil {
            let plan = try redoAll()
            try putReceiptTogether(plan)
        }
        guard var receipt = journal.receipt else { throw ErasureFault("the journal of the erasure has no receipt") }
        host.said("removing what nobody needs any more")
        let removed = try remove()
        // What an earlier attempt removed was not counted by it.
        receipt.counts.removedBlobs += removed.blobs
        receipt.counts.removedBindings += removed.bindings
        receipt.counts.removedBytes += removed.bytes
        let bytes = receipt.json.canonical + [UInt8(ascii: "\n")]
        try AtomicFile.write(to: journal.receiptPath, digest: Digest(of: bytes)) { try $0(bytes) }
        try use.end()
        return Outcome(receipt: receipt, receiptPath: journal.receiptPath)
    }

    // MARK: Redoing

    /// Has every run that is concerned replaced, and the names that stood for it stand for what replaces it.
    private mutating func redoAll() throws -> ErasurePlan {
        let store = try use.open()
        do {
            try journal.suppression.bind(in: store)
            try store.commit()
            let history = History(store: store)
            let plan = try ErasurePlan(of: journal.targets, history: history)
            let affected = Dictionary(plan.runs.map { ($0.run.id, $0) }, uniquingKeysWith: { first, _ in first })
            var replaced: [Digest: Digest?] = [:]
            for index in journal.runs.indices {
                let part = journal.runs[index]
                guard let run = affected[part.run] else {
                    throw ErasureFault("run:\(part.run) is not there any more, though it is not redone")
                }
                replaced[part.digest] = .some(try replace(run, index, replaced, store))
            }
            let names = RunNames(history: history, replaced: replaced)
            try names.move()
            try names.moveNotes()
            try store.commit()
            try store.close()
            return plan
        } catch {
            try? store.close()
            throw error
        }
    }

    /// - Returns: the manifest of the run that takes the place of this one; nil if it is forgotten.
    private mutating func replace(
        _ affected: AffectedRun, _ index: Int, _ replaced: [Digest: Digest?], _ store: Store
    ) throws -> Digest? {
        let published = PublishedAgain(store: store, host: host)
        guard let by = journal.runs[index].by else {
            try published.withdraw(affected)
            return nil
        }
        if let done = try store.bindings(.run, by.description).first?.value {
            try published.bringUpToDate(affected, try History(store: store).manifest(done))
            return done
        }
        do {
            host.said("redoing run:\(affected.run.id) of \(affected.run.pipeline) without what is erased")
            let digest = try redo(affected, as: by, replaced, store)
            try store.commit()
            try published.bringUpToDate(affected, try History(store: store).manifest(digest))
            return digest
        } catch  where journal.forgetsFailing {
            host.warned("run:\(affected.run.id) cannot be redone, and is forgotten: \(error)")
            journal.runs[index].by = nil
            try use.note(journal.bytes)
            try published.withdraw(affected)
            return nil
        }
    }

    private func redo(
        _ affected: AffectedRun, as id: RunID, _ replaced: [Digest: Digest?], _ store: Store
    ) throws -> Digest {
        let targets = journal.targets
        let recorded = RecordedSources(of: affected.run, in: store) { !targets.covers(locator: $0, $1) }
        let plugins = host.plugins(for: affected.run)
        let pipeline = try recorded.pipeline(
            at: host.place(of: affected.run) ?? ErasureDecision.nowhere(affected.run, store: path),
            workingDirectory: FileManager.default.currentDirectoryPath, plugins: plugins.declarations)
        var past = affected.run
        past.failures.removeAll { failure in targets.named.contains { failure.message.contains($0.locator) } }
        var options = Run.Options(jobs: host.jobs)
        options.only = recorded.completeStages
        options.publishing = .into(folder: "\(path)/\(Erasure.scratch)/\(id)")
        options.standsFor = (past, Erasure.follows(of: affected.run, replaced, History(store: store)))
        let run = try Run(
            pipeline, plugins: plugins, store: store, options: options, recorded: recorded, id: id, now: Date(),
            reporter: host.reporter(for: pipeline))
        let summary = try run.perform()
        guard summary.state == .done, let digest = try store.bindings(.run, id.description).first?.value else {
            let why = summary.failures.map { "stage \($0.stage): \($0.message)" }.joined(separator: "; ")
            throw ErasureFault("run:\(affected.run.id) of \(affected.run.pipeline) cannot be redone: \(why)")
        }
        return digest
    }

    /// What the run follows now: what takes the places of those that it followed, and of one that is forgotten what that one
    /// followed.
    private static func follows(of run: RunManifest, _ replaced: [Digest: Digest?], _ history: History) -> [Digest] {
        var out: Set<Digest> = []
        var seen: Set<Digest> = []
        var front = run.follows
        while let digest = front.popLast() {
            guard seen.insert(digest).inserted else { continue }
            switch replaced[digest] {
            case nil: out.insert(digest)
            case .some(.some(let by)): out.insert(by)
            case .some(nil): front += (try? history.manifest(digest))?.follows ?? []
            }
        }
        return out.sorted()
    }

    // MARK: Removing

    /// Below the store's folder: where the redone runs publish, which is looked at by nobody.
    private static let scratch = "erasing"
    /// What else lies in the folder and may name what is erased; all of it is made again when it is wanted.
    private static let aside = [
        scratch, "hints", "work", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "index.sqlite-journal",
    ]

    /// Notes what the receipt is to say while all of it is still there. From then on the old runs may be gone in part.
    private mutating func putReceiptTogether(_ plan: ErasurePlan) throws {
        let history = History(store: try Store.open(at: path, .read))
        let remainder = try ErasureRemainder(of: plan, without: journal.gone, history: history)
        var receipt = ErasureReceipt(salt: journal.salt)
        try receipt.add(plan, without: journal.gone, remainder, history: history)
        receipt.redone = journal.runs.compactMap { part in part.by.map { (part.run, $0) } }.sorted {
            $0.run.description < $1.run.description
        }
        receipt.forgotten = journal.runs.filter { $0.by == nil }.map(\.run).sorted { $0.description < $1.description }
        journal.receipt = receipt
        journal.containers = plan.containers
        try use.note(journal.bytes)
    }

    private func remove() throws -> CollectionReport.Amount {
        let history = History(store: try Store.open(at: path, .read))
        let plan = ErasurePlan(targets: journal.targets, containers: journal.containers)
        let remainder = try ErasureRemainder(of: plan, without: journal.gone, history: history)
        for digest in journal.targets.digests.intersection(remainder.blobs).sorted() {
            host.warned("\(digest) stays, as something else than a source is of the same bytes")
        }
        try use.removeAside(Erasure.aside)
        return try use.remove(allBut: remainder.live)
    }
}

/// What an erasure needs to know of the machine that it is on.
public protocol ErasureHost: AnyObject, Sendable {
    /// Tasks at once.
    var jobs: Int { get }
    /// Where the pipeline file of the run lies, absolute; nil if that is not known.
    func place(of run: RunManifest) -> String?
    /// The plugins that the run's pipeline file may name.
    func plugins(for run: RunManifest) -> PluginRegistry
    func reporter(for pipeline: Pipeline) -> any RunReporter
    func said(_ message: String)
    func warned(_ message: String)
}

/// Why an erasure stopped: what was done is kept, and it can be taken up.
public struct ErasureFault: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
