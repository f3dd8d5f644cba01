import Foundation
import HeadwaterModel
public import HeadwaterStore

/// What can be computed from a store's packs and is asked for often: which runs made which artifacts, of which shards, and
/// which shards may have a record, a source, a field's value.
///
/// A cache, and nothing more: it is in step with the packs before it answers, it can be deleted at any time, and whatever it
/// points to is read from the packs, where every byte is checked.
public final class LineageIndex {
    public static let fileName = "index.sqlite"

    let database: Database
    let store: Store
    let history: History
    let reader: DatasetReader

    private init(_ database: Database, _ store: Store) {
        self.database = database
        self.store = store
        history = History(store: store)
        reader = DatasetReader(store: store)
    }

    /// The index of a store, in step with it.
    ///
    /// Where its file cannot be written, one is made for this process alone.
    /// - Parameter note: is told where the file could not be used as it was.
    public static func open(of store: Store, note: (String) -> Void = { _ in }) throws -> LineageIndex {
        let path = store.path + "/" + fileName
        do {
            for isLast in [false, true] {
                do {
                    return try inStep(path, store)
                } catch let error as DatabaseError where error.isDamage && !isLast {
                    note("\(path) is damaged (\(error.message)) and is made anew from the packs")
                    try remove(path)
                }
            }
        } catch let error as DatabaseError where error.isRefusal || error.isBusy || error.isDamage {
            note("\(path) cannot be kept (\(error.message)), so an index is made for this question alone")
        }
        let index = LineageIndex(try Database(path: "", .unshared), store)
        try index.create()
        try index.catchUp()
        return index
    }

    /// What is not in it, since it could not be read, in words.
    public func problems() throws -> [String] {
        try database.rows("SELECT text FROM problem ORDER BY run, rowid").compactMap { $0.first?.text }
    }

    private static func inStep(_ path: String, _ store: Store) throws -> LineageIndex {
        if let index = try existing(path, store, .read), try index.isInStep() { return index }
        if let index = try existing(path, store, .write) {
            try index.catchUp()
            return index
        }
        // Another version's, or none yet.
        let database = try Database(path: path, .write)
        let index = LineageIndex(database, store)
        if try database.rows("PRAGMA schema_version") == [[.integer(0)]] {
            try index.create()
        } else if try !index.isOfThisVersion() {
            try remove(path)
            return try inStep(path, store)
        }
        try index.catchUp()
        return index
    }

    /// Nil if there is none of this version.
    private static func existing(_ path: String, _ store: Store, _ access: Database.Access) throws -> LineageIndex? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let index = LineageIndex(try Database(path: path, access), store)
        return try index.isOfThisVersion() ? index : nil
    }

    private static func remove(_ path: String) throws {
        for name in [path, path + "-journal"] where FileManager.default.fileExists(atPath: name) {
            try FileManager.default.removeItem(atPath: name)
        }
    }

    private func isOfThisVersion() throws -> Bool {
        try database.rows("PRAGMA user_version") == [[.integer(IndexSchema.version)]]
    }

    private func create() throws {
        try database.transaction {
            // Somebody else may have made it while we waited.
            if try database.rows("PRAGMA schema_version") != [[.integer(0)]] { return }
            try database.execute(IndexSchema.tables)
            try database.execute(IndexSchema.views)
            try database.execute("PRAGMA user_version = \(IndexSchema.version)")
        }
    }

    private func isInStep() throws -> Bool {
        try database.rows("SELECT value FROM meta WHERE name = 'composition'")
            == [[.text(try store.composition().description)]]
    }

    private func catchUp() throws {
        if try isInStep() { return }
        try database.execute("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000")
        try database.transaction {
            // What comes while we read is found next time.
            let composition = try store.composition()
            try IndexUpdate(self).bringUpToDate()
            try database.prepare("INSERT OR REPLACE INTO meta VALUES('composition', ?)").run(.text(composition.description))
        }
    }
}

extension LineageIndex {
    /// A shard, as far as the index knows it.
    struct ShardRow: Hashable {
        var id: Int
        var digest: Digest
        var drops: Digest?
    }

    /// The shards that may have one of each of these lists of terms, and whichever could not be read when they were to be
    /// indexed.
    func shards(having wanted: [[Term]]) throws -> [ShardRow] {
        let groups = try database.prepare("SELECT id, first, shards, blocks FROM signature ORDER BY id")
        let block = try database.prepare("SELECT bits FROM block WHERE id = ?")
        var ids: [Int] = []
        while try groups.step() {
            let (id, first, count, blocks) = (groups.integer(0), groups.integer(1), groups.integer(2), groups.integer(3))
            guard 1...Signature.mostShards ~= count, blocks > 0 else { continue }
            var mayHave = [Bool](repeating: true, count: count)
            for alternatives in wanted where mayHave.contains(true) {
                var either = [Bool](repeating: false, count: count)
                for term in alternatives {
                    var one = mayHave
                    let (first, second) = Signature.blocks(of: term.hash, among: blocks)
                    for place in [first, second] where one.contains(true) {
                        try block.bind([.integer(id << IndexSchema.blockBits | place.block)])
                        guard try block.step() else { throw DatabaseError.incomplete }
                        block.bytes(0) { Signature.probe($0, place.word, &one) }
                    }
                    for place in one.indices where one[place] { either[place] = true }
                }
                mayHave = either
            }
            ids += mayHave.indices.filter { mayHave[$0] }.map { first + $0 }
        }
        let unread = try database.rows("SELECT id FROM shard WHERE unread").compactMap { $0.first?.integer }
        return try Set(ids + unread).sorted().compactMap(shard)
    }

    func shard(_ id: Int) throws -> ShardRow? {
        guard let row = try database.rows("SELECT digest, drops FROM shard WHERE id = ?", .integer(id)).first else { return nil }
        guard let digest = row[0].digest else { throw DatabaseError.incomplete }
        return ShardRow(id: id, digest: digest, drops: row[1].digest)
    }
}

extension DatabaseError {
    /// Rows refer to others that are not there, which only damage can bring about.
    static let incomplete = DatabaseError(code: 11, message: "the index does not hold together")
}

extension Database.Value {
    init(_ digest: Digest) { self = .blob(digest.bytes) }

    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var digest: Digest? { if case .blob(let bytes) = self { Digest(bytes: bytes) } else { nil } }
}
