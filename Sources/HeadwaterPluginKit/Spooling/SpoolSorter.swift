import Glibc

/// Puts any number of keys with what belongs to each in the order of the keys' bytes: some of them in memory, and where there are
/// more, sorted runs that are merged (external merge sort, Knuth, "The Art of Computer Programming", volume 3, section 5.4).
/// What comes in order already is one run and is merged with nothing. Of equal keys the earlier stays the earlier.
package struct SpoolSorter {
    /// What is in no run yet, where each element begins in it, and whether the elements are in order.
    private var buffer: [UInt8] = []
    private var starts: [Int] = []
    private var isInOrder = true
    private let bytes = SpooledBytes()
    private var runs: [Range<Int>] = []
    /// The last key of the last run.
    private var lastKey: [UInt8] = []
    private let most: Int

    package private(set) var count = 0

    /// - Parameter most: bytes that are held before they are written as a run.
    package init(holding most: Int = 4 << 20) { self.most = most }

    /// - Parameter value: appends the value's bytes, and nothing else, to what it is given.
    package mutating func append(_ key: UnsafeRawBufferPointer, _ value: (inout [UInt8]) -> Void) throws {
        let start = buffer.count
        withUnsafeBytes(of: (UInt32(truncatingIfNeeded: key.count), UInt32(0))) { buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: key)
        value(&buffer)
        let length = buffer.count - start - SpooledElements.header - key.count
        buffer.withUnsafeMutableBytes {
            $0.storeBytes(of: UInt32(truncatingIfNeeded: length), toByteOffset: start + 4, as: UInt32.self)
        }
        if isInOrder, let last = starts.last {
            isInOrder = buffer.withUnsafeBytes { !SpoolSorter.precedes(key, SpoolSorter.key(at: last, in: $0)) }
        }
        starts.append(start)
        count += 1
        if buffer.count >= most { try flush() }
    }

    package mutating func append(_ element: SpooledElements.Element) throws {
        try append(element.key) { $0.append(contentsOf: element.value) }
    }

    /// All of them in order. Nothing can be appended afterwards.
    package consuming func sorted() throws -> SpooledElements {
        try flush()
        guard runs.count > 1 else { return SpooledElements(bytes: bytes, range: runs.first ?? 0..<0) }
        return try merged()
    }

    /// Writes what is held as a run, or behind the last one if it goes on there.
    private mutating func flush() throws {
        if starts.isEmpty { return }
        if !isInOrder {
            buffer.withUnsafeBytes { bytes in
                starts.sort { a, b in
                    let order = SpoolSorter.compare(SpoolSorter.key(at: a, in: bytes), SpoolSorter.key(at: b, in: bytes))
                    return order < 0 || order == 0 && a < b
                }
            }
        }
        let (goesOn, last, run) = buffer.withUnsafeBytes { bytes in
            let first = SpoolSorter.key(at: starts[0], in: bytes)
            let goesOn = lastKey.withUnsafeBytes { !SpoolSorter.precedes(first, $0) }
            var run: [UInt8] = []
            if !isInOrder {
                run.reserveCapacity(bytes.count)
                for start in starts { run.append(contentsOf: bytes[start..<SpoolSorter.end(at: start, in: bytes)]) }
            }
            return (goesOn, Array(SpoolSorter.key(at: starts[starts.count - 1], in: bytes)), run)
        }
        let written = try bytes.append(isInOrder ? buffer : run)
        if goesOn, let last = runs.popLast() {
            runs.append(last.lowerBound..<written.upperBound)
        } else {
            runs.append(written)
        }
        lastKey = last
        buffer.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        isInOrder = true
    }

    private func merged() throws -> SpooledElements {
        let out = SpooledBytes()
        // All windows together take about as much as what is held.
        let window = max(4096, most / runs.count)
        var readers = runs.map { SpoolReader(bytes, $0, window: window) }
        var places = [SpoolReader.Place?](repeating: nil, count: readers.count)
        /// The runs that have an element left, that with the largest key first; of equal keys the later run first.
        var order: [Int] = []
        func isBehind(_ a: Int, _ b: Int) -> Bool {
            guard let first = places[a], let second = places[b] else { return false }
            let compared = readers[a].withBytes(of: first) { a in
                readers[b].withBytes(of: second) { b in SpoolSorter.compare(a.key, b.key) }
            }
            return compared > 0 || compared == 0 && a > b
        }
        func advance(_ run: Int) throws {
            places[run] = try readers[run].next()
            if places[run] == nil { return }
            var (low, high) = (0, order.count)
            while low < high {
                let middle = (low + high) / 2
                if isBehind(order[middle], run) { low = middle + 1 } else { high = middle }
            }
            order.insert(run, at: low)
        }
        for run in runs.indices { try advance(run) }
        while let run = order.popLast() {
            if let place = places[run] {
                try readers[run].withBytes(of: place) { element in
                    withUnsafeBytes(of: (UInt32(element.key.count), UInt32(element.value.count))) { header in
                        [UInt8](header) + element.key + element.value
                    }
                }.withUnsafeBytes { _ = try out.append($0) }
            }
            try advance(run)
        }
        return SpooledElements(bytes: out, range: 0..<out.count)
    }

    private static func key(at start: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let count = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        return UnsafeRawBufferPointer(rebasing: bytes[start + SpooledElements.header..<start + SpooledElements.header + count])
    }

    private static func end(at start: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        start + SpooledElements.header + Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            + Int(bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
    }

    private static func precedes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool { compare(a, b) < 0 }

    private static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        if let first = a.baseAddress, let second = b.baseAddress {
            let order = memcmp(first, second, min(a.count, b.count))
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }
}
