import Foundation
import Testing

@testable import HeadwaterSummarize

@Suite struct NaturalLogarithmTests {
    @Test(
        "the logarithm is the C library's but for the last digits",
        arguments: [1, 1.0001, 1.4142135623730951, 1.5, 2, 2.718281828459045, 10, 12345.678, 1e-9, 1e300])
    func agrees(value: Double) {
        let expected = log(value)
        #expect(abs(NaturalLogarithm.of(value) - expected) <= 4e-16 * max(1, abs(expected)) * 4)
    }

}
