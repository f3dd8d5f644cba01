import Glibc

/// Lines from one descriptor and to another, for a plugin that talks on its standard input and output.
struct LineStream {
    private let input: Int32
    private let output: Int32
    private var arrived = LineBuffer(size: bufferSize)
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
            if let line = arrived.next() { return line }
            try flush()
            let count = arrived.fill(from: input)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
        }
    }

    mutating func write(_ message: PluginMessage) throws {
        message.append(to: &waiting)
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
