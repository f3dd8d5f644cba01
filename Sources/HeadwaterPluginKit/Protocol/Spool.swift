import Glibc

/// Byte strings put away one after the other and read again in any order: in a file that has no name, so that many of
/// them take no memory and nothing is left behind.
final class Spool {
    private var ends: [Int] = []
    private let descriptor: Int32

    /// - Throws: `StageError` if there is no room for a file.
    init() throws {
        var path = Array("/tmp/headwater-spool-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw StageError("no file can be made in /tmp: \(String(cString: strerror(errno)))") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(path)
    }

    deinit { close(descriptor) }

    var count: Int { ends.count }

    func append(_ bytes: [UInt8]) throws {
        var start = ends.last ?? 0
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(start)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StageError("a file in /tmp cannot be written: \(String(cString: strerror(errno)))") }
            written += count
            start += count
        }
        ends.append(start)
    }

    subscript(_ index: Int) -> [UInt8] {
        get throws {
            guard ends.indices.contains(index) else { throw StageError("there is no element \(index) of \(ends.count)") }
            var start = index == 0 ? 0 : ends[index - 1]
            var bytes = [UInt8](repeating: 0, count: ends[index] - start)
            var filled = 0
            while filled < bytes.count {
                let count = bytes[filled...].withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(start)) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StageError("a file in /tmp cannot be read: \(String(cString: strerror(errno)))") }
                filled += count
                start += count
            }
            return bytes
        }
    }
}
