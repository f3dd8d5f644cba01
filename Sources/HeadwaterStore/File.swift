import Glibc

/// An open file whose failures are `StoreError`s; closed when the last reference goes.
final class File: Sendable {
    let path: String
    private let disk: Disk
    private let descriptor: Int32

    enum Mode: Sendable {
        case read
        case update
        /// For reading and writing; there must be no such file yet.
        case create
    }

    /// Nil if there is no such file.
    init?(ifExists path: String, _ mode: Mode, on disk: Disk) throws(StoreError) {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .update: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        self.path = path
        self.disk = disk
        let isAllowed = disk.allows(mode == .create ? .create(path) : .open(path))
        descriptor = isAllowed ? Glibc.open(path, flags | O_CLOEXEC, 0o666) : -1
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw .system(errno, path, mode == .create ? "create the file" : "open the file")
        }
    }

    /// A file outside of the store, by the bytes of its path. A pipe that took its place is not waited for.
    init(original path: [UInt8], on disk: Disk) throws(StoreError) {
        self.path = String(decoding: path, as: UTF8.self)
        self.disk = disk
        let name = path.map(CChar.init(bitPattern:)) + [0]
        descriptor = disk.allows(.open(self.path)) ? Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1
        if descriptor < 0 { throw .system(errno, self.path, "open the file") }
    }

    static func create(_ path: String, on disk: Disk) throws(StoreError) -> File {
        guard let file = try File(ifExists: path, .create, on: disk) else { throw .system(ENOENT, path, "create the file") }
        return file
    }

    /// The same open file, its lock included, after it was given another name.
    init(_ file: File, renamedTo path: String) throws(StoreError) {
        self.path = path
        disk = file.disk
        descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        if descriptor < 0 { throw .system(errno, path, "open the file") }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func size() throws(StoreError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno, path, "ask for the file's size") }
        return Int(status.st_size)
    }

    /// The size of what is a file in truth; nil if it is a folder, a pipe or a device.
    func regularSize() throws(StoreError) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno, path, "ask for the file's size") }
        return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// The bytes at this offset: fewer than asked for only where the file ends.
    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, offset + filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        if failure != 0 { throw .system(failure, path, "read \(count) bytes at byte \(offset)") }
        return bytes
    }

    /// Writes all of the bytes at this offset, or throws having written some of them.
    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
        let refusal = disk.refusal(of: .write(path, at: offset, bytes))
        var failure = refusal?.code ?? 0
        bytes.withUnsafeBytes { buffer in
            let end = refusal?.written ?? buffer.count
            var done = 0
            while done < end {
                let put = pwrite(descriptor, buffer.baseAddress.map { $0 + done }, end - done, offset + done)
                if put < 0 && errno == EINTR { continue }
                if put <= 0 {
                    failure = put < 0 ? errno : EIO
                    break
                }
                done += put
            }
        }
        if failure != 0 { throw .system(failure, path, "write \(bytes.count) bytes at byte \(offset)") }
    }

    /// Lets a write beyond the limit on file sizes fail with an error, where the signal would end the process; what the
    /// program itself has set up for the signal stays.
    static func refuseSizeSignal() {
        var action = sigaction()
        guard sigaction(SIGXFSZ, nil, &action) == 0, action.__sigaction_handler.sa_handler == nil else { return }
        signal(SIGXFSZ, SIG_IGN)
    }

    func truncate(to size: Int) throws(StoreError) {
        guard disk.allows(.truncate(path, to: size)), ftruncate(descriptor, size) == 0 else {
            throw .system(errno, path, "cut the file to \(size) bytes")
        }
    }

    /// Returns once the file's bytes and size are durable.
    func sync() throws(StoreError) {
        guard disk.allows(.sync(path)), fdatasync(descriptor) == 0 else { throw .system(errno, path, "make the file durable") }
    }

    /// Takes the file's lock for as long as it is open; false if somebody else who opened it holds the lock. On a file
    /// system without locks everybody gets it.
    func tryLock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

    /// Takes the file's lock beside others who share it, as soon as nobody has it alone; for as long as it is open.
    func shareLock() { while flock(descriptor, LOCK_SH) != 0 && errno == EINTR {} }

    /// What tells the file from any other that has its name before or after: its inode, and when it was changed last in
    /// nanoseconds.
    func stamp() throws(StoreError) -> FileStamp {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno, path, "ask for the file's inode") }
        return FileStamp(status)
    }

    /// Maps these bytes for reading; the caller unmaps them. `offset` must be a multiple of the page size.
    func map(offset: Int, count: Int) throws(StoreError) -> UnsafeMutableRawPointer {
        guard let address = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, offset), address != MAP_FAILED else {
            throw .system(errno, path, "map \(count) bytes at byte \(offset)")
        }
        return address
    }
}

/// Which file of those that have a name one after the other this is: its inode, and when its bytes changed last.
struct FileStamp: Hashable, Sendable {
    var inode: UInt64
    /// Nanoseconds since the epoch.
    var changed: Int64

    init(_ status: stat) {
        inode = UInt64(status.st_ino)
        changed = status.st_mtim.nanoseconds
    }
}
