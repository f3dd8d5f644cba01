import HeadwaterModel

/// Where an export goes: gathers what is written and hands it on in pieces, so that no export is in memory as a whole.
final class ExportSink {
    private var held: [UInt8] = []
    private let give: ([UInt8]) throws -> Void

    private static let capacity = 1 << 16

    init(_ give: @escaping ([UInt8]) throws -> Void) { self.give = give }

    func write(_ text: String) throws { try write(utf8: text.utf8) }

    func write(_ json: JSON) throws { try write(utf8: json.canonical) }

    private func write(utf8 bytes: some Collection<UInt8>) throws {
        held.append(contentsOf: bytes)
        if held.count >= ExportSink.capacity { try flush() }
    }

    /// Hands on what is left.
    func flush() throws {
        guard !held.isEmpty else { return }
        try give(held)
        held.removeAll(keepingCapacity: true)
    }
}
