/// A text's segments in order, packed: most take five to eight bytes, where a `Segment` of its own takes forty.
///
/// A text of a page full of links and character references has a segment for every dozen bytes; as an array they would
/// take several times the memory that the text does. A list of one segment takes no memory besides itself.
public struct Segments: Sendable {
    public private(set) var count = 0
    /// Bytes of text that all segments cover.
    public private(set) var textLength = 0

    /// The last segment, which neighbours are still joined to; all before it are packed.
    private var open: Segment?
    private var packed: [UInt8] = []
    /// What the packed segments' modes are, in the order in which they came up.
    private var modes: [Segment.Mode] = []
    /// Where packing stands behind the last packed segment.
    private var state = State()
    /// Where it stood before each segment whose index is a multiple of `stride`.
    private var checkpoints: [State] = []

    /// Segments between two places from which reading can start.
    private static let stride = 64
    /// How many of the first and the latest modes are looked through for one: real texts have a handful, and a text cut into many
    /// atomic parts has one for each.
    private static let sought = 8

    /// What the next packed segment is written against.
    private struct State: Sendable {
        /// Where it begins in `packed`.
        var place = 0
        /// Where it begins in the text.
        var start = 0
        /// The source of the last segment that had one, and the end of its bytes there.
        var source = 0
        var end = 0

        mutating func pass(_ segment: Segment) {
            start &+= segment.length
            guard segment.source != Segment.noSource else { return }
            source = segment.source
            end = segment.offset &+ segment.sourceLength
        }
    }

    /// What of a segment is not written, because it can be told from the one before; the low two bits of its first number.
    private enum Form: UInt64 {
        /// Of the same source, with as many bytes there as in the text.
        case even
        /// Of the same source.
        case uneven
        /// Without a source.
        case sourceless
        case whole
    }

    public init() {}

    public init(_ segments: some Sequence<Segment>) {
        if let segments = segments as? Segments {
            self = segments
        } else {
            for segment in segments { append(segment) }
        }
    }

    public mutating func append(_ segment: Segment) {
        if let open { pack(open) }
        open = segment
        count += 1
        textLength &+= segment.length
    }

    /// Lets the last segment cover more bytes of text and of its source; there has to be one.
    package mutating func lengthenLast(by length: Int, sourceLength: Int) {
        open?.length &+= length
        open?.sourceLength &+= sourceLength
        textLength &+= length
    }

    // MARK: Packing

    private mutating func pack(_ segment: Segment) {
        if (count - 1) % Segments.stride == 0 { checkpoints.append(state) }
        let hasSource = segment.source != Segment.noSource
        let form: Form =
            if segment.source == state.source && hasSource {
                segment.length == segment.sourceLength ? .even : .uneven
            } else if !hasSource && segment.offset == 0 && segment.sourceLength == 0 {
                .sourceless
            } else {
                .whole
            }
        write(UInt64(index(of: segment.mode)) << 2 | form.rawValue)
        write(segment.length)
        if form == .whole { write(segment.source) }
        if form != .sourceless { write(segment.offset &- state.end) }
        if form == .uneven || form == .whole { write(segment.sourceLength) }
        state.pass(segment)
        state.place = packed.count
    }

    private mutating func index(of mode: Segment.Mode) -> Int {
        if let known = modes.prefix(Segments.sought).firstIndex(of: mode) ?? modes.suffix(Segments.sought).lastIndex(of: mode) {
            return known
        }
        modes.append(mode)
        return modes.count - 1
    }

    /// Seven bits a byte, the lowest first (LEB128); the sign is the lowest bit of all ("zigzag", as in Protocol Buffers).
    private mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value << 1 ^ value >> (Int.bitWidth - 1)))) }

    private mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            packed.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        packed.append(UInt8(rest))
    }
}

// MARK: Reading

extension Segments: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    /// In steps through up to 64 segments; whoever wants all of them iterates.
    public subscript(position: Int) -> Segment {
        precondition(position >= 0 && position < count, "there is no segment \(position)")
        if let open, position == count - 1 { return open }
        var reading = Iterator(self, from: position / Segments.stride)
        for _ in 0..<position % Segments.stride { _ = reading.next() }
        return reading.next() ?? .synthetic(length: 0)
    }

    public func makeIterator() -> Iterator { Iterator(self, from: 0) }

    /// Reads on from the segment that holds the byte of text at `offset`.
    package func reading(from offset: Int) -> Iterator {
        var low = 0
        var high = checkpoints.count
        while low < high {
            let middle = (low + high) / 2
            if checkpoints[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        var reading = Iterator(self, from: Swift.max(low - 1, 0))
        reading.skip(to: offset)
        return reading
    }

    public struct Iterator: IteratorProtocol {
        private let segments: Segments
        private var state: State

        fileprivate init(_ segments: Segments, from checkpoint: Int) {
            self.segments = segments
            state = checkpoint < segments.checkpoints.count ? segments.checkpoints[checkpoint] : segments.state
        }

        /// Where the next segment begins in the text.
        package var start: Int { state.start }

        public mutating func next() -> Segment? {
            if state.place >= segments.packed.count {
                // One byte further than all that is packed: the open segment is read too.
                guard state.place == segments.packed.count, let open = segments.open else { return nil }
                state.pass(open)
                state.place += 1
                return open
            }
            let head: UInt64 = read()
            let form = Form(rawValue: head & 3) ?? .whole
            var segment = Segment(
                length: read(), source: state.source, offset: 0, sourceLength: 0, mode: segments.modes[Int(head >> 2)])
            if form == .sourceless { segment.source = Segment.noSource }
            if form == .whole { segment.source = read() }
            if form != .sourceless { segment.offset = state.end &+ read() }
            if form == .even { segment.sourceLength = segment.length }
            if form == .uneven || form == .whole { segment.sourceLength = read() }
            state.pass(segment)
            return segment
        }

        fileprivate mutating func skip(to offset: Int) {
            var before = state
            while let segment = next(), before.start &+ segment.length <= offset { before = state }
            state = before
        }

        private mutating func read() -> Int {
            let value: UInt64 = read()
            return Int(truncatingIfNeeded: value >> 1) ^ -Int(value & 1)
        }

        private mutating func read() -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while true {
                let byte = segments.packed[state.place]
                state.place += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
        }
    }
}

extension Segments: Hashable {
    public static func == (a: Segments, b: Segments) -> Bool { a.count == b.count && a.elementsEqual(b) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for segment in self { hasher.combine(segment) }
    }
}

extension Segments: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Segment...) { self.init(elements) }
}

extension Segments: CustomStringConvertible {
    public var description: String { Array(self).description }
}
