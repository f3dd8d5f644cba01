import Glibc
import Synchronization

/// Bytes put away one behind the other and read again in any order. What is more than a little lies in a file without a name,
/// so that it takes no memory, and nothing of it is left behind whatever becomes of the process.
///
/// What is read is what was written, or an error: each block of the file has its checksum in memory. A disk that gives back other
/// bytes must not have them taken for the places of sources.
///
/// May be used from any thread; where several append, each append is one piece.
package final class SpooledBytes: Sendable {
    private struct State {
        /// What is not in the file yet, and where it begins.
        var tail: [UInt8] = []
        var start = 0
        /// None before there is more than is held.
        var file: UnnamedFile?
        /// Of each block of the file.
        var checksums: [UInt64] = []
    }

    private let state = Mutex(State())
    /// So much is held before it is written.
    private static let most = 256 << 10
    /// Bytes that have a checksum together, and are read together: a short read costs some microseconds more, a file of a
    /// gigabyte half a megabyte of memory.
    static let block = 16 << 10

    private let folder: String

    /// What was read is nothing that could have been put away.
    static var damage: StageError { damage(in: usualFolder) }

    private static func damage(in folder: String) -> StageError {
        StageError(
            "a file in \(folder) gave back other bytes than were written to it; check its disk, or name another folder with TMPDIR"
        )
    }

    private static var usualFolder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp" }

    /// - Parameter folder: where the file lies; `TMPDIR`, or `/var/tmp`, if nil.
    package init(in folder: String? = nil) {
        self.folder = folder ?? SpooledBytes.usualFolder
    }

    package var count: Int { state.withLock { $0.start + $0.tail.count } }

    /// - Returns: where the bytes lie.
    /// - Throws: `StageError` if there is no room for them.
    @discardableResult
    package func append(_ bytes: UnsafeRawBufferPointer) throws -> Range<Int> {
        try state.withLock { state in
            let start = state.start + state.tail.count
            state.tail.append(contentsOf: bytes)
            if state.tail.count >= SpooledBytes.most {
                let file = try state.file ?? UnnamedFile(in: folder)
                state.file = file
                // Whole blocks only, so that each is written once.
                let whole = state.tail.count / SpooledBytes.block * SpooledBytes.block
                let checksums = try state.tail.withUnsafeBytes { tail in
                    let blocks = UnsafeRawBufferPointer(rebasing: tail[..<whole])
                    try file.write(blocks, at: state.start)
                    return SpooledBytes.checksums(of: blocks, from: state.start / SpooledBytes.block)
                }
                state.checksums.append(contentsOf: checksums)
                state.start += whole
                let rest = Array(state.tail[whole...])
                state.tail.removeAll(keepingCapacity: state.tail.count <= 2 * SpooledBytes.most)
                state.tail.append(contentsOf: rest)
            }
            return start..<start + bytes.count
        }
    }

    @discardableResult
    package func append(_ bytes: [UInt8]) throws -> Range<Int> { try bytes.withUnsafeBytes { try append($0) } }

    /// The bytes of a range that lies within what was appended.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "only what was put away can be read")
        // What is in the file stays there, so that it is read without the lock.
        let (file, written, checksums, tail) = state.withLock { state in
            let held = range.clamped(to: state.start..<max(state.start, range.upperBound))
            let written = range.clamped(to: min(range.lowerBound, state.start)..<state.start)
            let last = (written.upperBound + SpooledBytes.block - 1) / SpooledBytes.block
            return (
                state.file, written, written.isEmpty ? [] : state.checksums[written.lowerBound / SpooledBytes.block..<last],
                held.isEmpty ? [] : Array(state.tail[held.lowerBound - state.start..<held.upperBound - state.start])
            )
        }
        guard let file, !written.isEmpty else { return tail }
        let start = written.lowerBound / SpooledBytes.block * SpooledBytes.block
        let blocks = try file.read(start..<start + checksums.count * SpooledBytes.block)
        let read = blocks.withUnsafeBytes { SpooledBytes.checksums(of: $0, from: start / SpooledBytes.block) }
        guard read.elementsEqual(checksums) else { throw SpooledBytes.damage(in: folder) }
        if start == written.lowerBound, blocks.count == written.count, tail.isEmpty { return blocks }
        return blocks[written.lowerBound - start..<written.upperBound - start] + tail
    }

    /// - Parameter first: the number of the first block, which counts, so that a block in another's place is seen as well.
    private static func checksums(of bytes: UnsafeRawBufferPointer, from first: Int) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: block).map { start in
            checksum(UnsafeRawBufferPointer(rebasing: bytes[start..<start + block]), number: first + start / block)
        }
    }

    /// Words multiplied and folded, four sums side by side (the multipliers are those of xxHash, Collet 2012). It is to see
    /// what disks and memory do, not what an enemy does: any single wrong word changes it for certain, as each step can be
    /// undone.
    private static func checksum(_ bytes: UnsafeRawBufferPointer, number: Int) -> UInt64 {
        let (first, second): (UInt64, UInt64) = (0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F)
        func step(_ sum: UInt64, _ word: UInt64) -> UInt64 {
            let mixed = (sum ^ word) &* first
            return mixed ^ mixed >> 29
        }
        var sums = SIMD4(repeating: UInt64(truncatingIfNeeded: number) &* second)
        for offset in stride(from: 0, to: bytes.count, by: 32) {
            for lane in 0..<4 {
                sums[lane] = step(sums[lane], bytes.loadUnaligned(fromByteOffset: offset + lane * 8, as: UInt64.self))
            }
        }
        return (0..<4).reduce(second) { step($0, sums[$1]) }
    }
}

/// A file that is gone when it is closed.
private final class UnnamedFile: Sendable {
    private let descriptor: Int32
    private let folder: String

    init(in folder: String) throws {
        self.folder = folder
        // A name is needed for a moment only: not every file system knows files without one.
        var name = Array((folder + "/headwater-XXXXXX").utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw UnnamedFile.fault("made", folder) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(name)
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
            if count > 0 { done += count } else if errno != EINTR { throw UnnamedFile.fault("written", folder) }
        }
    }

    func read(_ range: Range<Int>) throws -> [UInt8] {
        var failure: StageError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < buffer.count {
                let count = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(range.lowerBound + filled))
                if count > 0 {
                    filled += count
                } else if count == 0 || errno != EINTR {
                    failure = UnnamedFile.fault("read", folder)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func fault(_ action: String, _ folder: String) -> StageError {
        StageError("a file in \(folder) cannot be \(action): \(String(cString: strerror(errno))); TMPDIR names another folder")
    }
}
