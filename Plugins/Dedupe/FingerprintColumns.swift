/// The fingerprints of all documents, slot by slot: what every document has in some slots, read when it is asked for.
struct FingerprintColumns {
    /// The number of documents.
    let count: Int
    /// Calls with each document's index and the bytes of its fingerprint.
    private let forEach: ((Int, ArraySlice<UInt8>) -> Void) throws -> Void

    init(count: Int, forEach: @escaping ((Int, ArraySlice<UInt8>) -> Void) throws -> Void) {
        self.count = count
        self.forEach = forEach
    }

    /// The values of these slots, each for all documents.
    func values(of slots: Range<Int>) throws -> [[UInt32]] {
        var columns = slots.map { _ in [UInt32](repeating: 0, count: count) }
        try forEach { document, fingerprint in
            fingerprint.withUnsafeBytes { bytes in
                for (column, slot) in slots.enumerated() {
                    columns[column][document] = UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: slot * 4, as: UInt32.self))
                }
            }
        }
        return columns
    }
}
