import HeadwaterModel

/// The removal of condemned copies: packs are written anew without them, then removed as a whole.
struct Sweep {
    private let layout: StoreLayout
    private let settings: Store.Settings
    private let condemned: Condemned
    /// All who may rely on something have read the list of this generation, or a later one.
    private let read: UInt64
    private let isDry: Bool
    private(set) var report = CollectionReport()
    /// Bindings of names that stand for nothing any more: they are not copied to new packs.
    var superseded: Set<Digest> = []
    /// Whether a pack is written anew however little of it can go, and if it has bytes in no entry that its index names.
    var isThorough = false

    /// A pack is written anew if this part of its bytes, or more, can go: one in ten. Less is not worth the writing.
    private static let worthwhile = 10

    /// What becomes of a copy.
    private enum Fate { case stays, waits, goes }

    /// What a pack holds of each.
    private struct Survey {
        var pack: SealedPack
        var stays = CollectionReport.Amount()
        var waits = CollectionReport.Amount()
        var goes = CollectionReport.Amount()
        /// Whether nothing of it is needed.
        var isEmpty: Bool { stays == CollectionReport.Amount() }
    }

    init(_ layout: StoreLayout, _ settings: Store.Settings, _ condemned: Condemned, upTo read: UInt64, isDry: Bool) {
        self.layout = layout
        self.settings = settings
        self.condemned = condemned
        self.read = read
        self.isDry = isDry
    }

    private func fate(_ since: UInt64?) -> Fate {
        guard let since else { return .stays }
        return since <= read ? .goes : .waits
    }

    // MARK: Blob files

    /// Removes the file if nobody needs it, now or later.
    mutating func remove(_ file: DigestFolder.Found, _ copy: Digest) throws(StoreError) {
        let amount = CollectionReport.Amount(blobs: 1, bindings: 0, bytes: file.size)
        switch fate(condemned.files.since(copy)) {
        case .stays: report.kept += amount
        case .waits: report.waiting += amount
        case .goes:
            let isGone = isDry ? true : try file.remove(on: layout.disk)
            if isGone { report.removed += amount } else { report.kept += amount }
        }
    }

    // MARK: Packs

    /// Writes those packs anew of which enough can go, and puts small ones together.
    ///
    /// What waits is condemned in the pack where it is: a copy of it in a new pack would be condemned by no list, and count
    /// again for everybody, though what it leads to may be gone. So a pack stays as long as something waits in it.
    mutating func rewrite(_ packs: [SealedPack]) throws(StoreError) {
        var chosen: [Survey] = []
        var small: [Survey] = []
        var others: [Survey] = []
        for pack in packs {
            let survey = try survey(pack)
            if survey.waits != CollectionReport.Amount() {
                others.append(survey)
            } else if isThorough {
                if survey.goes != CollectionReport.Amount() || pack.hasUnnamedBytes || !pack.warnings.isEmpty {
                    chosen.append(survey)
                }
            } else if survey.isEmpty || survey.goes.bytes > 0 && survey.goes.bytes >= pack.size / Sweep.worthwhile {
                chosen.append(survey)
            } else if pack.size < settings.smallPack {
                small.append(survey)
            } else {
                others.append(survey)
            }
        }
        if chosen.count(where: { !$0.isEmpty }) + small.count > 1 {
            chosen += small
        } else {
            others += small
        }
        for survey in others { leave(survey) }
        try rewrite(chosen)
    }

    private func survey(_ pack: SealedPack) throws(StoreError) -> Survey {
        var survey = Survey(pack: pack)
        func note(_ amount: CollectionReport.Amount, _ since: UInt64?) {
            switch fate(since) {
            case .stays: survey.stays += amount
            case .waits: survey.waits += amount
            case .goes: survey.goes += amount
            }
        }
        for row in try pack.rows(\.blobs) {
            note(.init(blobs: 1, bindings: 0, bytes: row.size), condemned.since(blob: row.key, in: pack))
        }
        let file = try pack.open()
        for row in try pack.rows(\.bindings) {
            let binding = try pack.binding(row, in: file).binding
            note(.init(blobs: 0, bindings: 1, bytes: row.size), condemned.since(binding: binding.digest, in: pack))
        }
        return survey
    }

    private mutating func leave(_ survey: Survey) {
        report.kept += survey.stays
        if survey.waits == CollectionReport.Amount() {
            report.spared += survey.goes
        } else {
            // What could go waits with the rest of its pack.
            report.waiting += survey.waits
            report.waiting += survey.goes
        }
    }

    private mutating func rewrite(_ surveys: [Survey]) throws(StoreError) {
        var output = RewrittenPack(layout, settings, isDry: isDry)
        do throws(StoreError) {
            try rewrite(surveys, to: &output)
        } catch {
            output.discard()
            throw error
        }
    }

    private mutating func rewrite(_ surveys: [Survey], to output: inout RewrittenPack) throws(StoreError) {
        // Packs all of whose entries that stay are in the new pack that is being written.
        var done: [SealedPack] = []
        for survey in surveys {
            do throws(StoreError) {
                let repeated = try copy(survey.pack, to: &output)
                report.kept += survey.stays
                report.removed += survey.goes
                report.kept -= repeated
                report.removed += repeated
                done.append(survey.pack)
            } catch  where error.isDamage {
                // What was copied of it is there twice, which does no harm.
                report.damaged.append(error)
                leave(survey)
            }
            if output.isFull { try finish(&output, &done) }
        }
        try finish(&output, &done)
    }

    /// Copies what stays of a pack in which nothing waits.
    ///
    /// - Returns: what of that was in the new pack already.
    private func copy(_ pack: SealedPack, to output: inout RewrittenPack) throws(StoreError) -> CollectionReport.Amount {
        var repeated = CollectionReport.Amount()
        let file = try pack.open()
        for row in try pack.rows(\.blobs) where !condemned.has(blob: row.key, in: pack) {
            if try !output.append(blob: row, of: pack, file) { repeated += .init(blobs: 1, bindings: 0, bytes: row.size) }
        }
        for row in try pack.rows(\.bindings) {
            let (binding, entry) = try pack.binding(row, in: file)
            if condemned.has(binding: binding.digest, in: pack) { continue }
            if superseded.contains(binding.digest) { continue }
            if try !output.append(binding, entry) { repeated += .init(blobs: 0, bindings: 1, bytes: row.size) }
        }
        return repeated
    }

    /// Makes the new pack durable and removes those that it replaces.
    private mutating func finish(_ output: inout RewrittenPack, _ done: inout [SealedPack]) throws(StoreError) {
        if try output.finish() { report.packsAfter += 1 }
        if !isDry { for pack in done { try layout.disk.remove(pack.path) } }
        report.packsAfter -= done.count
        done = []
    }
}

extension PackIndex.Row {
    /// How many bytes the entry takes.
    var size: Int { EntryHeader.size + stored }
}

extension CollectionReport.Amount {
    static func += (a: inout Self, b: Self) {
        a.blobs += b.blobs
        a.bindings += b.bindings
        a.bytes += b.bytes
    }

    static func -= (a: inout Self, b: Self) {
        a.blobs -= b.blobs
        a.bindings -= b.bindings
        a.bytes -= b.bytes
    }
}
