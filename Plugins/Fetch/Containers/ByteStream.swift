import Glibc

/// Bytes that come one behind the other and are looked at before they are taken. One thread uses it.
final class ByteStream {
    /// Gives the next bytes, as many as fit or fewer; none at the end.
    private let fill: (UnsafeMutableRawBufferPointer) throws -> Int
    private var buffer: [UInt8]
    /// What of the buffer is filled and not taken yet.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// Where the next byte to take stands, from the stream's start.
    private(set) var position = 0

    private static let step = 256 << 10

    /// - Parameter capacity: of the buffer that it begins with.
    init(capacity: Int = step, _ fill: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
        self.fill = fill
        buffer = [UInt8](repeating: 0, count: min(max(capacity, 64), ByteStream.step))
    }

    /// A file from its start, or from an offset on.
    convenience init(_ file: OpenFile) {
        var offset = 0
        self.init { buffer in
            let count = try file.read(into: buffer, at: offset)
            offset += count
            return count
        }
    }

    convenience init(_ bytes: [UInt8]) {
        var offset = 0
        self.init { buffer in
            let count = min(buffer.count, bytes.count - offset)
            bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
            offset += count
            return count
        }
    }

    /// The next so many bytes of another stream, as a stream of their own.
    convenience init(_ stream: ByteStream, limit: Int) {
        var left = limit
        self.init(capacity: limit) { buffer in
            let count = try stream.take(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(left)))
            left -= count
            return count
        }
    }

    /// Looks at the next bytes: at least so many, fewer only where the stream ends before.
    func peek<Result>(_ count: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try ensure(count)
        return try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }

    /// How many bytes stand before the next of this value; all that are left where there is none. What is looked through
    /// is held in memory: nil where more than `limit` bytes come before it.
    func distance(to byte: UInt8, limit: Int) throws -> Int? {
        var searched = 0
        while true {
            let found = buffer.withUnsafeBytes { bytes -> Int? in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start + searched..<end])
                guard let base = rest.baseAddress, let hit = memchr(base, Int32(byte), rest.count) else { return nil }
                return UnsafeRawPointer(hit) - base + searched
            }
            if let found { return found <= limit ? found : nil }
            searched = end - start
            if searched > limit { return nil }
            if isAtEnd { return searched }
            try ensure(searched + 1)
        }
    }

    /// Takes so many bytes, fewer where the stream ends before.
    ///
    /// - Returns: how many were passed over.
    @discardableResult
    func skip(_ count: Int) throws -> Int {
        var left = count
        while left > 0 {
            try ensure(1)
            let part = min(left, end - start)
            if part == 0 { break }
            advance(part)
            left -= part
        }
        return count - left
    }

    /// Takes the next bytes, as many as fit.
    func take(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !target.isEmpty else { return 0 }
        try ensure(1)
        let count = min(target.count, end - start)
        buffer.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
        advance(count)
        return count
    }

    /// Whether nothing is left.
    func hasEnded() throws -> Bool {
        try ensure(1)
        return start == end
    }

    private func advance(_ count: Int) {
        start += count
        position += count
    }

    /// Has at least so many bytes in the buffer, as far as the stream reaches.
    private func ensure(_ count: Int) throws {
        guard end - start < count else { return }
        if start > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memmove(base, base + start, end - start)
            }
            end -= start
            start = 0
        }
        while end < count && !isAtEnd {
            if end == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
            let end = end
            let filled = try buffer.withUnsafeMutableBytes { bytes in
                try fill(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
            }
            self.end += filled
            isAtEnd = filled == 0
        }
    }
}
