/// A way in which one document may say again what another one says.
enum Level: String, CaseIterable, Sendable {
    /// The same source bytes.
    case bytes
    /// The same text, white space apart.
    case text
    /// Each has nearly all of the other's words, in the same runs.
    case near
    /// One has nearly all of the other's words, and much besides.
    case containment
    /// One address, written in two ways.
    case url
    /// One page says that it stands for the other, and their texts agree.
    case canonical
    /// A run of words that two different documents share.
    case passages
    /// A run of words that one document says twice.
    case repeats

    /// Why a document that was found so is left out.
    var reason: String {
        switch self {
        case .bytes, .text: "exact-duplicate"
        case .near: "near-duplicate"
        case .containment: "contained-duplicate"
        case .url: "same-url"
        case .canonical: "same-canonical"
        case .passages, .repeats: "nothing-left"
        }
    }

    /// As one byte of a slice.
    var number: UInt8 { UInt8(Level.allCases.firstIndex(of: self) ?? 0) }

    init?(number: UInt8) {
        guard Level.allCases.indices.contains(Int(number)) else { return nil }
        self = Level.allCases[Int(number)]
    }
}
