/// A kind of writing that leads to a person, told by its form alone.
public enum PersonalData: String, Hashable, Sendable, CaseIterable {
    case email, phone, ip

    /// What stands for it in a text.
    public var label: [UInt8] { Array("[\(rawValue)]".utf8) }

    /// Whether the bytes are one of these from end to end: what a rewritten segment claims, without what stands around.
    func spans(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .email: EmailAddress.spans(bytes)
        case .phone: PhoneNumber.spans(bytes)
        case .ip: IPAddress.spans(bytes)
        }
    }

    /// Where in a text they stand, in order and apart.
    public func ranges(in text: [UInt8]) -> [Range<Int>] {
        switch self {
        case .email: EmailAddress.ranges(in: text)
        case .phone: PhoneNumber.ranges(in: text)
        case .ip: IPAddress.ranges(in: text)
        }
    }
}

/// What the forms are made of.
enum PlainByte {
    static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

    static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }

    static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || 0x61...0x66 ~= byte | 0x20 }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
}
