/// Numbers put in order by their places: there may be one for each document of a corpus, so that no second copy of them is made.
enum RankOrder {
    /// The places of the values in the order of these, those of equal values in their own order.
    static func order<Value: FixedWidthInteger & UnsignedInteger>(of values: [Value]) -> [Int32] {
        // The first half of a value and its place fit into one number, and to sort numbers is faster than to look each up.
        let shift = max(0, Value.bitWidth - 32)
        var packed = values.indices.map { UInt64(truncatingIfNeeded: values[$0] >> Value(shift)) << 32 | UInt64($0) }
        RadixSort.sort(&packed)
        var order = packed.map { Int32(truncatingIfNeeded: $0) }
        if shift == 0 { return order }
        var start = 0
        while start < packed.count {
            var end = start + 1
            while end < packed.count && packed[start] >> 32 == packed[end] >> 32 { end += 1 }
            if end - start > 1 { order[start..<end].sort { (values[Int($0)], $0) < (values[Int($1)], $1) } }
            start = end
        }
        return order
    }

    /// The parts of an order, each of more than one place, in which all values are the same.
    static func ties<Value: Equatable>(in order: [Int32], of values: [Value]) -> [Range<Int>] {
        var ties: [Range<Int>] = []
        var start = 0
        for index in order.indices.dropFirst() where values[Int(order[index])] != values[Int(order[start])] {
            if index - start > 1 { ties.append(start..<index) }
            start = index
        }
        if order.count - start > 1 { ties.append(start..<order.count) }
        return ties
    }
}

/// Sorts numbers in time that grows with their count alone: by 16 bits at a time, the lowest first (Knuth, "The Art of
/// Computer Programming" 3, 5.2.5).
enum RadixSort {
    /// Below this, counting takes longer than comparing.
    private static let smallest = 1 << 14
    private static let digitWidth: UInt64 = 16

    static func sort(_ values: inout [UInt64]) {
        guard values.count >= smallest else { return values.sort() }
        var spare = [UInt64](repeating: 0, count: values.count)
        for shift in stride(from: UInt64(0), to: 64, by: Int(digitWidth)) {
            var starts = [Int](repeating: 0, count: 1 << Int(digitWidth) + 1)
            for value in values { starts[Int(value >> shift & 0xFFFF) + 1] += 1 }
            // All have the same digit here.
            if starts.contains(values.count) { continue }
            for digit in 1..<starts.count { starts[digit] += starts[digit - 1] }
            values.withUnsafeBufferPointer { values in
                spare.withUnsafeMutableBufferPointer { spare in
                    starts.withUnsafeMutableBufferPointer { starts in
                        for value in values {
                            let digit = Int(value >> shift & 0xFFFF)
                            spare[starts[digit]] = value
                            starts[digit] += 1
                        }
                    }
                }
            }
            swap(&values, &spare)
        }
    }
}
