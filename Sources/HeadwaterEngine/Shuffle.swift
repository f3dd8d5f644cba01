/// Orders that are the same for the same seed, on every machine.
enum Shuffle {
    /// The numbers in another order (Fisher and Yates, with SplitMix64 of Steele, Lea and Flood, OOPSLA 2014, for chance).
    static func order(_ range: Range<Int>, seed: UInt64) -> [Int] {
        var order = Array(range)
        var state = seed
        for last in order.indices.dropFirst().reversed() {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            order.swapAt(last, Int((mixed ^ (mixed >> 31)) % UInt64(last + 1)))
        }
        return order
    }
}
