import Glibc

/// Lines from one descriptor and to another, for a plugin that talks on its standard input and output.
struct LineStream {
    private let input: Int32
    private let output: Int32
    private var arrived: [UInt8] = []
    private var scanned = 0
    private var waiting: [UInt8] = []

    /// Lines wait until there are this many bytes of them, or until somebody wants an answer.
    private static let bufferSize = 1 << 16

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// The next line without its line break; nil at the end of the input. What has been written is sent first.
    mutating func next() throws -> [UInt8]? {
        while true {
            if let end = arrived[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(arrived[scanned..<end])
                scanned = end + 1
                return line
            }
            arrived.removeFirst(scanned)
            scanned = 0
            try flush()
            let known = arrived.count
            let count = withUnsafeTemporaryAllocation(byteCount: LineStream.bufferSize, alignment: 1) { buffer in
                let count = read(input, buffer.baseAddress, buffer.count)
                if count > 0 { arrived.append(contentsOf: buffer[..<count]) }
                return count
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            // A long line comes in many pieces, each of which is looked at once.
            if !arrived[known...].contains(UInt8(ascii: "\n")) { continue }
        }
    }

    mutating func write(_ line: [UInt8]) throws {
        waiting += line
        if waiting.count >= LineStream.bufferSize { try flush() }
    }

    mutating func flush() throws {
        var sent = 0
        while sent < waiting.count {
            let count = waiting[sent...].withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StageError("the engine listens no more: \(String(cString: strerror(errno)))") }
            sent += count
        }
        waiting.removeAll(keepingCapacity: true)
    }
}
