import HeadwaterTesting

extension SplitMix {
    /// A new seed for each run of the tests, printed so that a failure can be had again.
    static func printed(_ what: String) -> SplitMix {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("\(what): seed \(seed)")
        return SplitMix(seed: seed)
    }
}
