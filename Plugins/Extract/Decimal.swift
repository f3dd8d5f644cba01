import HeadwaterModel

/// An exact decimal number: `digits` divided by ten to the power of `places`. Arithmetic that does not fit gives nil.
struct Decimal: Hashable {
    private(set) var digits: Int
    private(set) var places: Int

    init(_ integer: Int) { (digits, places) = (integer, 0) }

    /// `digits` divided by ten to the power of `places`.
    init(_ digits: Int, places: Int) { self.init(digits: digits, places: places) }

    private init(digits: Int, places: Int) {
        var (digits, places) = (digits, places)
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        self.digits = digits
        self.places = places
    }

    /// Reads a number token: digits with commas between thousands and at most one decimal point.
    init?(reading bytes: ArraySlice<UInt8>) {
        var digits = 0
        var places: Int?
        for byte in bytes {
            switch byte {
            case 0x30...0x39:
                let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int(byte) - 0x30)
                guard !overflow, !carry else { return nil }
                digits = sum
                places = places.map { $0 + 1 }
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "."):
                guard places == nil else { return nil }
                places = 0
            default: return nil
            }
        }
        self.init(digits: digits, places: places ?? 0)
    }

    func times(_ factor: Int) -> Decimal? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Decimal(digits: product, places: places)
    }

    func plus(_ other: Decimal) -> Decimal? {
        var (a, b) = (self, other)
        while a.places < b.places { guard a.widen() else { return nil } }
        while b.places < a.places { guard b.widen() else { return nil } }
        let (sum, overflow) = a.digits.addingReportingOverflow(b.digits)
        return overflow ? nil : Decimal(digits: sum, places: a.places)
    }

    func half() -> Decimal? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: 5)
        return overflow ? nil : Decimal(digits: product, places: places + 1)
    }

    /// The product of two decimals; nil where it does not fit.
    func times(_ other: Decimal) -> Decimal? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: other.digits)
        return overflow ? nil : Decimal(product, places: places + other.places)
    }

    /// Whether this is smaller than `other`; false where the comparison does not fit.
    func isLess(than other: Decimal) -> Bool {
        guard let negative = other.times(-1), let difference = plus(negative) else { return false }
        return difference.digits < 0
    }

    private mutating func widen() -> Bool {
        let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
        guard !overflow else { return false }
        digits = product
        places += 1
        return true
    }

    /// The whole number this is, if it is one.
    var integer: Int? { places == 0 ? digits : nil }

    /// An integer where it is whole and every JSON reader keeps it; else the digits as a text: `"4.5"`.
    var json: JSON {
        if let integer, integer.magnitude <= JSON.largestInteger.magnitude { return .integer(integer) }
        return .string(description)
    }
}

extension Decimal: CustomStringConvertible {
    var description: String {
        guard places > 0 else { return String(digits) }
        let text = String(digits.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
        return (digits < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
