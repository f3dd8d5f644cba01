import ArgumentParser

/// A share as people write it: `5%`, `0.1%`, or the number alone; above 0 and at most 100, kept in parts of a million.
struct Percentage: ExpressibleByArgument {
    let millionths: Int

    init?(argument: String) {
        guard let percent = Double(argument.hasSuffix("%") ? String(argument.dropLast()) : argument), percent > 0, percent <= 100
        else { return nil }
        millionths = max(1, Int((percent * 10_000).rounded()))
    }
}
