/// The natural logarithm in plain arithmetic: the C library's may differ in its last bit from one version to the next,
/// and a sentence's score must not.
enum NaturalLogarithm {
    private static let ln2 = 0.693147180559945309417232121458

    /// - Parameter value: a positive, finite number.
    /// - Returns: its logarithm, to about 15 digits, the same on every machine: only IEEE 754 additions,
    ///   multiplications and divisions in a fixed order.
    static func of(_ value: Double) -> Double {
        // value = m * 2^e with m in [sqrt(1/2), sqrt(2)), so that the series below converges fast.
        var exponent = Double(value.exponent)
        var mantissa = value.significand
        if mantissa > 1.4142135623730951 {
            mantissa /= 2
            exponent += 1
        }
        // ln m = 2 artanh((m - 1) / (m + 1)) (Abramowitz and Stegun, 4.1.27); |t| < 0.172, so 11 terms reach 1e-17.
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        var sum = 0.0
        for odd in stride(from: 21, through: 1, by: -2) { sum = sum * square + 1 / Double(odd) }
        return exponent * ln2 + 2 * t * sum
    }
}
