import HeadwaterModel

/// Lists the files in a ZIP archive by its central directory (PKWARE, "APPNOTE.TXT - .ZIP File Format Specification",
/// sections 4.3 to 4.5).
struct ZipListing {
    /// Bytes by their offset; fewer where there are no more.
    let read: (Range<Int>) throws -> [UInt8]
    let size: Int

    private static let endLength = 22
    private static let longestComment = 65_535
    /// A directory beyond this is read for a mistake.
    private static let maximumDirectory = 1 << 30

    /// Nil where the bytes are no archive.
    func members() throws -> [ListedMember]? {
        guard let (start, length) = try directory() else { return nil }
        guard length <= ZipListing.maximumDirectory, let range = ByteRange(start: start, length: length).checked(within: size)
        else {
            throw MemberFault("its directory of \(length) bytes is said to begin at byte \(start)")
        }
        let directory = try read(range)
        var out: [ListedMember] = []
        var offset = 0
        var number = 0
        while let entry = Entry(directory, at: offset) {
            offset += entry.length
            number += 1
            guard entry.name.last != PathText.slash else { continue }
            out.append(try member(entry, number))
        }
        guard offset == directory.count else { throw MemberFault("its directory is damaged behind entry \(number)") }
        return out
    }

    private func member(_ entry: Entry, _ number: Int) throws -> ListedMember {
        // The local header repeats the name, and may have other extra fields than the directory.
        let header = try read(entry.offset..<entry.offset + 30)
        var fault: (reason: String, message: String)?
        var range = ByteRange(start: entry.offset, length: 0)
        if header.count == 30, LittleEndian.number(header, 0, 4) == 0x0403_4B50 {
            let start = entry.offset + 30 + LittleEndian.number(header, 26, 2) + LittleEndian.number(header, 28, 2)
            range = ByteRange(start: start, length: entry.packedSize)
            if range.checked(within: size) == nil { fault = ("damaged", "its bytes reach beyond the archive's end") }
        } else {
            fault = ("damaged", "no entry begins at byte \(entry.offset) of the archive")
        }
        if range.checked(within: size) == nil {
            range = ByteRange(start: min(entry.offset, size), length: 0)
        }
        var codec = Container.Codec.stored
        switch entry.method {
        case 0: break
        case 8: codec = .deflate
        case 12: codec = .bzip2
        case 93: codec = .zstd
        case 95: codec = .xz
        default: fault = fault ?? ("unsupported", "it is packed by method \(entry.method)")
        }
        if entry.isEncrypted { fault = ("encrypted", "it is encrypted") }
        var facts: [String: String] = [:]
        if let fault {
            codec = .stored
            facts = [MemberFact.fault: fault.reason, MemberFact.message: fault.message]
        } else {
            facts[MemberFact.checksum] = String(entry.checksum, radix: 16)
        }
        return ListedMember(
            name: .path(entry.name), number: number, layers: [Container.Layer(codec, range)], size: entry.size, facts: facts)
    }

    /// Where the central directory lies.
    private func directory() throws -> (start: Int, length: Int)? {
        let tailStart = max(0, size - ZipListing.endLength - ZipListing.longestComment)
        let tail = try read(tailStart..<size)
        guard tail.count >= ZipListing.endLength else { return nil }
        var index = tail.count - ZipListing.endLength
        while index >= 0, LittleEndian.number(tail, index, 4) != 0x0605_4B50 { index -= 1 }
        guard index >= 0 else { return nil }
        var length = LittleEndian.number(tail, index + 12, 4)
        var start = LittleEndian.number(tail, index + 16, 4)
        if start == 0xFFFF_FFFF || length == 0xFFFF_FFFF || LittleEndian.number(tail, index + 10, 2) == 0xFFFF, index >= 20,
            LittleEndian.number(tail, index - 20, 4) == 0x0706_4B50
        {
            let place = LittleEndian.number(tail, index - 12, 8)
            guard place >= 0, place <= size - 56 else { throw MemberFault("its directory is said to end at byte \(place)") }
            let end = try read(place..<place + 56)
            guard end.count == 56, LittleEndian.number(end, 0, 4) == 0x0606_4B50 else {
                throw MemberFault("the end of its directory is not at byte \(place)")
            }
            length = LittleEndian.number(end, 40, 8)
            start = LittleEndian.number(end, 48, 8)
        }
        return (start, length)
    }

    /// One entry of the central directory.
    private struct Entry {
        var name: [UInt8]
        var method: Int
        var isEncrypted: Bool
        var checksum: Int
        var packedSize: Int
        var size: Int
        /// Of the local header.
        var offset: Int
        /// Of the entry itself.
        var length: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard start + 46 <= bytes.count, LittleEndian.number(bytes, start, 4) == 0x0201_4B50 else { return nil }
            let nameLength = LittleEndian.number(bytes, start + 28, 2)
            let extraLength = LittleEndian.number(bytes, start + 30, 2)
            length = 46 + nameLength + extraLength + LittleEndian.number(bytes, start + 32, 2)
            guard start + length <= bytes.count else { return nil }
            name = Array(bytes[start + 46..<start + 46 + nameLength])
            isEncrypted = LittleEndian.number(bytes, start + 8, 2) & 1 != 0
            method = LittleEndian.number(bytes, start + 10, 2)
            checksum = LittleEndian.number(bytes, start + 16, 4)
            packedSize = LittleEndian.number(bytes, start + 20, 4)
            size = LittleEndian.number(bytes, start + 24, 4)
            offset = LittleEndian.number(bytes, start + 42, 4)
            readLong(bytes, start + 46 + nameLength..<start + 46 + nameLength + extraLength)
            guard packedSize >= 0, size >= 0, offset >= 0, offset < 1 << 53 else { return nil }
        }

        /// What does not fit into 32 bits stands in an extra field, in this order (section 4.5.3).
        private mutating func readLong(_ bytes: [UInt8], _ range: Range<Int>) {
            var index = range.lowerBound
            while index + 4 <= range.upperBound {
                let end = min(index + 4 + LittleEndian.number(bytes, index + 2, 2), range.upperBound)
                if LittleEndian.number(bytes, index, 2) == 1 {
                    var next = index + 4
                    func take(_ value: inout Int) {
                        guard value == 0xFFFF_FFFF, next + 8 <= end else { return }
                        value = LittleEndian.number(bytes, next, 8)
                        next += 8
                    }
                    take(&size)
                    take(&packedSize)
                    take(&offset)
                }
                index = end
            }
        }
    }
}

/// Numbers as ZIP writes them.
private enum LittleEndian {
    /// What does not fit is negative.
    static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        Int(truncatingIfNeeded: bytes[start..<start + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
