import Glibc

/// Bytes that come in pieces of any size, and the lines in them. Each byte is looked at once, however long a line is.
package struct LineBuffer {
    private var bytes: [UInt8] = []
    /// Where the first line begins that nobody has taken.
    private var start = 0
    /// How far no line break was found.
    private var searched = 0
    /// What a read puts its bytes into.
    private var room: [UInt8]

    /// - Parameter size: how many bytes are read at once.
    package init(size: Int) { room = [UInt8](repeating: 0, count: max(1, size)) }

    /// Bytes that are in no line which was taken.
    package var count: Int { bytes.count - start }

    /// The next whole line without its line break.
    package mutating func next() -> [UInt8]? {
        let end = bytes.withUnsafeBytes { buffer -> Int? in
            guard searched < buffer.count, let base = buffer.baseAddress,
                let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), buffer.count - searched)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
        guard let end else {
            searched = bytes.count
            return nil
        }
        let line = Array(bytes[start..<end])
        start = end + 1
        searched = start
        return line
    }

    /// Reads once.
    ///
    /// - Returns: what `read` returned; `errno` says why it is negative.
    package mutating func fill(from descriptor: Int32) -> Int {
        bytes.removeFirst(start)
        searched -= start
        start = 0
        let count = room.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { bytes.append(contentsOf: room[..<count]) }
        return count
    }
}
