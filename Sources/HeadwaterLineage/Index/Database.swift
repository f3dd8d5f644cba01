import CPageCheck
import CSQLite

/// An SQLite database, through SQLite's C interface; nothing else knows that interface. Each of its pages has a checksum, so that
/// a flipped bit is an error.
final class Database {
    /// What a column or a parameter holds.
    enum Value: Equatable {
        case null
        case integer(Int)
        case real(Double)
        case text(String)
        case blob([UInt8])
    }

    enum Access {
        case read
        case write
        /// A database of this process alone, on the disk as far as memory is short, and gone when it is closed.
        case unshared
    }

    private let handle: OpaquePointer

    init(path: String, _ access: Access) throws(DatabaseError) {
        let flags =
            switch access {
            case .read: SQLITE_OPEN_READONLY
            case .write, .unshared: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        var opened: OpaquePointer?
        // An empty name is SQLite's own for a private database on the disk.
        var code = page_check_register()
        if code == SQLITE_OK {
            code = sqlite3_open_v2(access == .unshared ? "" : path, &opened, flags | SQLITE_OPEN_NOMUTEX, page_check_vfs)
        }
        guard let opened else { throw DatabaseError(code: code, message: "no memory") }
        handle = opened
        guard code == SQLITE_OK else {
            let error = DatabaseError(code: sqlite3_extended_errcode(opened), message: String(cString: sqlite3_errmsg(opened)))
            sqlite3_close_v2(opened)
            throw error
        }
        sqlite3_extended_result_codes(handle, 1)
        // Counts while there is nothing in the database yet.
        var reserved = Int32(page_check_bytes)
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved)
        sqlite3_busy_timeout(handle, 10_000)
    }

    deinit { sqlite3_close_v2(handle) }

    /// Carries out one or several statements that give no rows.
    func execute(_ sql: String) throws(DatabaseError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    func prepare(_ sql: String) throws(DatabaseError) -> Statement { try Statement(sql, in: handle) }

    /// The rows of a small answer.
    func rows(_ sql: String, _ values: Value...) throws(DatabaseError) -> [[Value]] {
        let statement = try prepare(sql)
        try statement.bind(values)
        var out: [[Value]] = []
        while try statement.step() { out.append(statement.row) }
        return out
    }

    var lastRow: Int { Int(sqlite3_last_insert_rowid(handle)) }

    /// Carries out all of `body` or nothing of it. Whoever comes second waits for the first.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A failure that has ended the transaction already leaves nothing to undo.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Allows nothing from now on but reading what is there.
    func allowOnlyReading() {
        sqlite3_set_authorizer(
            handle,
            { _, action, _, _, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: SQLITE_OK
                default: SQLITE_DENY
                }
            }, nil)
    }

    /// Makes a function of SQL of one argument, which gives text, or null for nil.
    func define(_ name: String, _ body: @escaping (Value) throws -> [UInt8]?) throws(DatabaseError) {
        let box = Unmanaged.passRetained(Function(body))
        let code = sqlite3_create_function_v2(
            handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, box.toOpaque(),
            { context, _, arguments in
                guard let data = sqlite3_user_data(context), let argument = arguments?[0] else { return }
                let function = Unmanaged<Function>.fromOpaque(data).takeUnretainedValue()
                do {
                    guard let text = try function.body(Value(argument)) else { return sqlite3_result_null(context) }
                    text.withUnsafeBytes {
                        sqlite3_result_text64(
                            context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64($0.count),
                            Statement.copied, UInt8(SQLITE_UTF8))
                    }
                } catch {
                    sqlite3_result_error(context, "\(error)", -1)
                }
            }, nil, nil, { data in if let data { Unmanaged<Function>.fromOpaque(data).release() } })
        guard code == SQLITE_OK else { throw failure() }
    }

    private final class Function {
        let body: (Value) throws -> [UInt8]?
        init(_ body: @escaping (Value) throws -> [UInt8]?) { self.body = body }
    }

    private func failure() -> DatabaseError {
        DatabaseError(code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
    }

    /// A statement that can be carried out many times.
    final class Statement {
        private let handle: OpaquePointer?
        private let database: OpaquePointer
        /// Tells SQLite to copy what it is given.
        static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

        fileprivate init(_ sql: String, in database: OpaquePointer) throws(DatabaseError) {
            self.database = database
            var made: OpaquePointer?
            var rest: Int?
            let code = sql.withCString { text in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v2(database, text, -1, &made, &tail)
                rest = tail.map { text.distance(to: $0) }
                return code
            }
            handle = made
            if code != SQLITE_OK { throw failure() }
            guard made != nil else { throw DatabaseError(code: SQLITE_ERROR, message: "there is no statement") }
            guard let rest, sql.utf8.dropFirst(rest).allSatisfy({ $0 <= 0x20 || $0 == UInt8(ascii: ";") }) else {
                throw DatabaseError(code: SQLITE_ERROR, message: "there is more than one statement")
            }
        }

        deinit { sqlite3_finalize(handle) }

        /// Makes it ready to be carried out with these values.
        func bind(_ values: [Value]) throws(DatabaseError) {
            sqlite3_reset(handle)
            for (index, value) in values.enumerated() {
                let place = Int32(index + 1)
                let code =
                    switch value {
                    case .null: sqlite3_bind_null(handle, place)
                    case .integer(let number): sqlite3_bind_int64(handle, place, Int64(number))
                    case .real(let number): sqlite3_bind_double(handle, place, number)
                    case .text(let text): sqlite3_bind_text(handle, place, text, -1, Statement.copied)
                    case .blob(let bytes):
                        bytes.withUnsafeBytes {
                            $0.isEmpty
                                ? sqlite3_bind_zeroblob(handle, place, 0)
                                : sqlite3_bind_blob64(handle, place, $0.baseAddress, UInt64($0.count), Statement.copied)
                        }
                    }
                guard code == SQLITE_OK else { throw failure() }
            }
        }

        /// Carries it out, where it gives no rows.
        func run(_ values: Value...) throws(DatabaseError) {
            try bind(values)
            _ = try step()
        }

        /// Goes to the next row.
        /// - Returns: whether there is one.
        func step() throws(DatabaseError) -> Bool {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: return true
            case SQLITE_DONE: return false
            default: throw failure()
            }
        }

        var columns: [String] {
            (0..<sqlite3_column_count(handle)).map { String(cString: sqlite3_column_name(handle, $0)) }
        }

        var row: [Value] { (0..<sqlite3_column_count(handle)).map { Value(sqlite3_column_value(handle, $0)) } }

        func integer(_ column: Int) -> Int { Int(sqlite3_column_int64(handle, Int32(column))) }
        func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
        func text(_ column: Int) -> String { sqlite3_column_text(handle, Int32(column)).map { String(cString: $0) } ?? "" }

        /// The bytes of a column, only until the next step.
        func bytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            let start = sqlite3_column_blob(handle, Int32(column))
            return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
        }

        private func failure() -> DatabaseError {
            DatabaseError(code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)))
        }
    }
}

extension Database.Value {
    fileprivate init(_ value: OpaquePointer?) {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: self = .integer(Int(sqlite3_value_int64(value)))
        case SQLITE_FLOAT: self = .real(sqlite3_value_double(value))
        case SQLITE_TEXT: self = .text(sqlite3_value_text(value).map { String(cString: $0) } ?? "")
        case SQLITE_BLOB:
            let start = sqlite3_value_blob(value)
            self = .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))))
        default: self = .null
        }
    }
}

/// What SQLite has to say against something.
struct DatabaseError: Error, CustomStringConvertible {
    /// An extended result code of SQLite (https://sqlite.org/rescode.html).
    var code: Int32
    var message: String

    var description: String { "\(LineageIndex.fileName): \(message); it can be deleted, and is then made anew from the packs" }

    private var primary: Int32 { code & 0xFF }
    /// The file is no database, or one that was damaged.
    var isDamage: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || code == SQLITE_IOERR | (32 << 8) }
    /// The file cannot be made or written here.
    var isRefusal: Bool { [SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_FULL, SQLITE_IOERR].contains(primary) }
    /// Somebody else has been writing it for longer than one waits.
    var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }
}
