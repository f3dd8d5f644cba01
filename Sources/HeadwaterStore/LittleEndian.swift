import CZlib

extension [UInt8] {
    /// Appends the integer's bytes, least significant first.
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// The integer whose bytes start here, least significant first. The caller has checked that they are there.
    func little<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value {
        precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count)
        var value: Value = 0
        Swift.withUnsafeMutableBytes(of: &value) {
            $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: self[offset..<offset + $0.count]))
        }
        return Value(littleEndian: value)
    }
}

/// The CRC-32 of ISO 3309 as zlib computes it: finds any single flipped bit before anything is trusted.
struct Checksum {
    private(set) var value: UInt32 = 0

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = UInt32(truncatingIfNeeded: crc32_z(UInt(value), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }

    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        if bytes.isEmpty { return 0 }  // A null pointer would ask zlib for the initial value, which is the same.
        var checksum = Checksum()
        checksum.update(bytes)
        return checksum.value
    }

    static func of(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { of($0) } }
}
