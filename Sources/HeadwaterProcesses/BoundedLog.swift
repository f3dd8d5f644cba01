/// What a child wrote to standard error: the start, the end, and a count of what was left out between them.
public struct BoundedLog: Sendable, Equatable {
    /// How many bytes are kept of the start, and how many of the end.
    public let kept: Int
    public private(set) var start: [UInt8] = []
    /// How many bytes were written in all.
    public private(set) var written = 0
    /// Up to twice what is kept, so that its front is cut off rarely.
    private var tail: [UInt8] = []

    public init(kept: Int) { self.kept = max(kept, 0) }

    public var end: [UInt8] { tail.count > kept ? Array(tail[(tail.count - kept)...]) : tail }

    /// How many bytes between the two were left out.
    public var leftOut: Int { written - start.count - min(tail.count, kept) }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        written += bytes.count
        let toStart = min(kept - start.count, bytes.count)
        start.append(contentsOf: bytes[..<toStart])
        let rest = bytes[toStart...]
        if rest.count >= kept {
            tail = Array(rest.suffix(kept))
        } else {
            tail.append(contentsOf: rest)
            if tail.count > 2 * kept { tail.removeFirst(tail.count - kept) }
        }
    }

    /// All that is kept, with a line that tells of what is not; what is no UTF-8 is replaced.
    public var text: String {
        let start = String(decoding: start, as: UTF8.self)
        let end = String(decoding: end, as: UTF8.self)
        return leftOut == 0 ? start + end : "\(start)\n[\(leftOut) bytes left out]\n\(end)"
    }
}
