import Dispatch
import HeadwaterModel
import HeadwaterStore
import Synchronization

/// Takes up what a store has got since its index was brought up to date last, and forgets what is gone.
struct IndexUpdate {
    private let index: LineageIndex
    private var database: Database { index.database }
    private var store: Store { index.store }

    init(_ index: LineageIndex) { self.index = index }

    func bringUpToDate() throws {
        // Runs that could not be read are tried again.
        try database.execute("DELETE FROM problem WHERE run = ''")
        let bound = Set(try store.bindings(.run).map(\.value))
        var known: Set<Digest> = []
        var gone: [Int] = []
        for row in try database.rows("SELECT id, manifest FROM run") {
            guard let id = row[0].integer, let digest = row[1].digest else { throw DatabaseError.incomplete }
            if bound.contains(digest) { known.insert(digest) } else { gone.append(id) }
        }
        // What only runs that are gone have led to takes space until all is made anew.
        if gone.count > known.count, !gone.isEmpty { try empty() }
        for id in gone { try forget(run: id) }
        if gone.count > known.count { known = [] }
        var new: [(run: RunManifest, digest: Digest)] = []
        for digest in bound.subtracting(known).sorted() {
            do {
                new.append((try index.history.manifest(digest), digest))
            } catch  where Damage.isMeant(by: error) {
                try note("a run is not in the index: \(error)", run: "")
            }
        }
        new.sort { ($0.run.order, $0.run.id.description) < ($1.run.order, $1.run.id.description) }
        for (run, digest) in new { try add(run, digest) }
    }

    /// Keeps what is to be said to whoever asks, as long as it is so.
    private func note(_ problem: String, run: String) throws {
        try database.prepare("INSERT INTO problem VALUES(?, ?)").run(.text(run), .text(problem))
    }

    private func empty() throws {
        for table in ["problem", "run", "series", "edition", "stage", "shard", "member", "publication", "signature", "block"] {
            try database.execute("DELETE FROM \(table)")
        }
    }

    private func forget(run id: Int) throws {
        try database.prepare("DELETE FROM problem WHERE run = (SELECT run FROM run WHERE id = ?)").run(.integer(id))
        for (table, column) in [("run", "id"), ("stage", "run"), ("publication", "run")] {
            try database.prepare("DELETE FROM \(table) WHERE \(column) = ?").run(.integer(id))
        }
    }

    // MARK: Runs

    private func add(_ run: RunManifest, _ digest: Digest) throws {
        try database.prepare(
            "INSERT INTO run(run, manifest, pipeline, state, started, finished, place, parameters) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
        ).run(
            .text(run.id.description), .init(digest), .text(run.pipeline), .text(run.state.rawValue), .integer(run.started),
            .integer(run.finished), .integer(run.order), .text(JSON.object(run.parameters).description))
        let id = database.lastRow
        for (position, stage) in run.stages.enumerated() {
            var edition: Int?
            if let artifact = stage.artifact {
                do {
                    edition = try self.edition(of: stage, artifact, in: run)
                } catch let error where !(error is DatabaseError) && Damage.isMeant(by: error) {
                    try note(
                        "\(run.pipeline)/\(stage.name) of run:\(run.id) is not in the index: \(error)", run: run.id.description)
                }
            }
            let inputs = JSON.array(stage.inputs.map { ["role": .string($0.role), "stage": .string($0.stage)] })
            try database.prepare("INSERT INTO stage VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
                .integer(id), .integer(position), .text(stage.name), .text(stage.plugin), .text(stage.version),
                .text(JSON.object(stage.parameters).description), .text(inputs.description),
                edition.map { .integer($0) } ?? .null, .init(stage.tasks), .integer(stage.executed), .integer(stage.hits))
        }
        for publication in run.publications {
            try database.prepare("INSERT OR IGNORE INTO publication VALUES(?, ?, ?, ?, ?, ?, ?)").run(
                .integer(id), .text(publication.name), .text(publication.stage), .text(publication.format),
                .text(publication.path), .init(publication.file), .init(publication.map))
        }
    }

    // MARK: Editions

    private func edition(
        of stage: RunManifest.Stage, _ artifact: Digest, in run: RunManifest
    ) throws -> Int {
        let series = try self.series(run.pipeline, stage.name)
        let known = try database.rows(
            "SELECT id FROM edition WHERE series = ? AND artifact = ? AND list = ?", .integer(series), .init(artifact),
            .init(stage.tasks))
        if let id = known.first?.first?.integer { return id }
        let content = try index.reader.artifact(artifact)
        let tasks = try tasks(of: stage, in: run)
        let number = try database.rows("SELECT count(*) FROM edition WHERE series = ?", .integer(series))[0][0].integer ?? 0
        let (records, bytes, dropped) =
            switch content {
            case .dataset(let dataset):
                (dataset.recordCount, dataset.byteCount, dataset.dropCounts.values.reduce(0, &+))
            case .tree(let tree): (tree.files.count, tree.byteCount, 0)
            }
        try database.prepare(
            "INSERT INTO edition(series, number, artifact, list, kind, records, bytes, shards, dropped, tasks) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).run(
            .integer(series), .integer(number), .init(artifact), .init(stage.tasks),
            .text(content.tree == nil ? "dataset" : "tree"), .integer(records), .integer(bytes),
            .integer(content.shards.count), .integer(dropped), .integer(tasks.count))
        let id = database.lastRow
        try noteMembers(
            try members(of: tasks, content, artifact, isSource: stage.inputs.isEmpty), series: series, number: number)
        return id
    }

    /// None where the list is lost: what is known of the artifact counts all the same.
    private func tasks(of stage: RunManifest.Stage, in run: RunManifest) throws -> [TaskEntry] {
        do {
            return try index.history.tasks(of: stage)
        } catch {
            try note(
                "the tasks of \(run.pipeline)/\(stage.name) of run:\(run.id) are not in the index: \(error)",
                run: run.id.description)
            return []
        }
    }

    private func series(_ pipeline: String, _ stage: String) throws -> Int {
        let found = try database.rows("SELECT id FROM series WHERE pipeline = ? AND stage = ?", .text(pipeline), .text(stage))
        if let id = found.first?.first?.integer { return id }
        try database.prepare("INSERT INTO series(pipeline, stage) VALUES(?, ?)").run(.text(pipeline), .text(stage))
        return database.lastRow
    }

    /// A task with the shard that it gave.
    private struct Member: Hashable {
        /// Nil where it is not known which task gave the shard.
        var key: Digest?
        var phase: KeyDocument.Phase
        var shard: Int?
        /// Where those of its sources lay that are parts of files.
        var containers: Digest?
        var partition: String
    }

    /// - Parameter isSource: whether records of the stage stand for sources.
    private func members(
        of tasks: [TaskEntry], _ content: Artifact, _ artifact: Digest, isSource: Bool
    ) throws -> [Member] {
        var shards: [Int?]
        switch content {
        case .dataset(let dataset): shards = try ids(of: dataset.shards.map(\.content), isSource: isSource)
        case .tree(let tree): shards = [try id(of: tree, artifact)]
        }
        // The shards of an artifact are what its apply tasks gave, in their order.
        let applied = tasks.count { $0.phase == .apply }
        if content.tree != nil { shards += [Int?](repeating: nil, count: max(0, applied - 1)) }
        guard applied == shards.count else {
            return zip(content.shards.map(\.range.first) + [""], shards).map { partition, shard in
                Member(key: nil, phase: .apply, shard: shard, partition: partition)
            }
        }
        var next = shards.makeIterator()
        return tasks.map { task in
            let shard = task.phase == .apply ? next.next() ?? nil : nil
            return Member(key: task.key, phase: task.phase, shard: shard, containers: task.containers, partition: task.partition)
        }
    }

    /// Closes the members that the edition no longer has and opens those that it has for the first time.
    private func noteMembers(_ members: [Member], series: Int, number: Int) throws {
        let open = try database.prepare(
            "SELECT id, key, phase, shard, partition, containers FROM member WHERE series = ? AND last IS NULL")
        try open.bind([.integer(series)])
        var former: [Member: Int] = [:]
        while try open.step() {
            let row = open.row
            guard let id = row[0].integer, let phase = row[2].text.flatMap(KeyDocument.Phase.init),
                let partition = row[4].text
            else { throw DatabaseError.incomplete }
            let member = Member(
                key: row[1].digest, phase: phase, shard: row[3].integer, containers: row[5].digest, partition: partition)
            former[member] = id
        }
        let insert = try database.prepare(
            "INSERT INTO member(series, phase, key, shard, containers, partition, first) VALUES(?, ?, ?, ?, ?, ?, ?)")
        var added: Set<Member> = []
        for member in members where former.removeValue(forKey: member) == nil && added.insert(member).inserted {
            try insert.run(
                .integer(series), .text(member.phase.rawValue), member.key.map { .init($0) } ?? .null,
                member.shard.map { .integer($0) } ?? .null, member.containers.map { .init($0) } ?? .null,
                .text(member.partition), .integer(number))
        }
        let close = try database.prepare("UPDATE member SET last = ? WHERE id = ?")
        for id in former.values { try close.run(.integer(number - 1), .integer(id)) }
    }

    // MARK: Shards

    /// The numbers of these shards; those that are new are read.
    private func ids(of shards: [ShardContent], isSource: Bool) throws -> [Int] {
        let find = try database.prepare("SELECT id FROM shard WHERE digest = ? AND drops = ?")
        var ids: [ShardContent: Int] = [:]
        var new: [ShardContent] = []
        for shard in shards where ids[shard] == nil {
            try find.bind([.init(shard.digest), IndexUpdate.value(shard.dropsDigest)])
            if try find.step() {
                ids[shard] = find.integer(0)
            } else {
                ids[shard] = -1
                new.append(shard)
            }
        }
        for start in stride(from: 0, to: new.count, by: Signature.mostShards) {
            let group = Array(new[start..<min(new.count, start + Signature.mostShards)])
            let store = store
            let first = try add(group.map { ($0.digest, $0.dropsDigest, $0.recordCount, $0.byteCount) }) {
                try IndexUpdate.terms(of: group[$0], isSource, in: store)
            }
            for (offset, shard) in group.enumerated() { ids[shard] = first + offset }
        }
        return shards.compactMap { ids[$0] }
    }

    /// A tree counts as one shard.
    private func id(of tree: FileTree, _ artifact: Digest) throws -> Int {
        let known = try database.rows(
            "SELECT id FROM shard WHERE digest = ? AND drops = ?", .init(artifact), IndexUpdate.value(nil))
        if let id = known.first?.first?.integer { return id }
        let store = store
        return try add([(artifact, nil, tree.files.count, tree.byteCount)]) { _ in
            var terms = ShardTerms(standsForSources: false)
            for map in Set(tree.files.compactMap(\.file.map)).sorted() {
                for source in try FileMap(json: JSON(parsing: store.blob(map))).sources { terms.add(.source(source)) }
            }
            return terms.distinct
        }
    }

    private static func value(_ drops: Digest?) -> Database.Value { drops.map { .init($0) } ?? .blob([]) }

    private static func terms(of shard: ShardContent, _ isSource: Bool, in store: Store) throws -> [UInt64] {
        var terms = ShardTerms(standsForSources: isSource)
        terms.add(records: try store.blob(shard.digest))
        if let drops = shard.dropsDigest { terms.add(drops: try store.blob(drops)) }
        return terms.distinct
    }

    /// Adds shards and their signature.
    ///
    /// - Parameter terms: of one of them, by its place; called from several threads.
    /// - Returns: the number of the first; the others follow it.
    private func add(
        _ shards: [(digest: Digest, drops: Digest?, records: Int, bytes: Int)], _ terms: @Sendable (Int) throws -> [UInt64]
    ) throws -> Int {
        let read = IndexUpdate.concurrently(shards.count, terms)
        let insert = try database.prepare("INSERT INTO shard(digest, drops, records, bytes, unread) VALUES(?, ?, ?, ?, ?)")
        var first: Int?
        var found: [[UInt64]] = []
        for (shard, result) in zip(shards, read) {
            var isUnread = false
            do {
                found.append(try result.get())
            } catch  where Damage.isMeant(by: error) {
                // Whoever asks meets the damage, instead of an answer without it.
                found.append([])
                isUnread = true
            }
            try insert.run(
                .init(shard.digest), IndexUpdate.value(shard.drops), .integer(shard.records), .integer(shard.bytes),
                .integer(isUnread ? 1 : 0))
            first = first ?? database.lastRow
        }
        guard let first else { return 0 }
        let (blocks, count) = Signature.build(found)
        try database.prepare("INSERT INTO signature(first, shards, blocks) VALUES(?, ?, ?)").run(
            .integer(first), .integer(shards.count), .integer(count))
        let signature = database.lastRow
        let block = try database.prepare("INSERT INTO block VALUES(?, ?)")
        for (number, bits) in blocks.enumerated() {
            try block.run(.integer(signature << IndexSchema.blockBits | number), .blob(bits))
        }
        return first
    }

    /// What `body` gives for each number, computed on all processors.
    private static func concurrently<Value: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws -> Value
    ) -> [Result<Value, any Error>] {
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { place in
            let result = Result { try body(place) }
            results.withLock { $0[place] = result }
        }
        return results.withLock { all in (0..<count).compactMap { all[$0] } }
    }
}
