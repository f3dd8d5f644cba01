import HeadwaterModel

/// Damage that the store met and could read around: nothing asked for is wrong or missing because of it, yet.
public struct StoreWarning: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// A pack's header is damaged; its index is not.
        case header
        /// A pack's index is damaged; its entries were read one by one instead.
        case index
        /// These bytes of a pack belong to no whole entry.
        case gap(Range<Int>)
        /// The pack's writer was stopped while it wrote; these bytes at the end were no whole entry and were cut off.
        case torn(Range<Int>)
        /// The condemned list is damaged, and taken for one that nobody has read.
        case condemned
        /// A folder could not be listed, or a pack not opened: what it holds is not seen.
        case unreadable(StoreError)
    }

    public var kind: Kind
    /// The file concerned.
    public var path: String

    /// Whether what the store holds is harmed, as opposed to something that only stood in the way.
    public var isDamage: Bool { if case .unreadable(let error) = kind { error.isDamage } else { true } }

    public var description: String {
        switch kind {
        case .header: "\(path): the pack's header is damaged; its entries were read all the same"
        case .index: "\(path): the pack's index is damaged; its entries were read one by one"
        case .gap(let bytes): "\(path): bytes \(bytes.lowerBound) to \(bytes.upperBound) belong to no whole entry"
        case .torn(let bytes): "\(path): its writer was stopped; bytes \(bytes.lowerBound) to \(bytes.upperBound) were cut off"
        case .condemned: "\(path): the list of what is condemned is damaged; the next collection writes a new one"
        case .unreadable(let error): error.description
        }
    }
}
