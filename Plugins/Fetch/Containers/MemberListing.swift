import HeadwaterCompression
import HeadwaterModel
import HeadwaterPluginKit

/// Takes a file apart into the sources it holds.
struct MemberListing {
    /// The fields and columns that may hold a text and that may name one, and those whose values documents take along.
    let text: [String]
    let names: [String]
    let carried: [String]
    var limits = UnpackingLimits()

    /// Archives in archives are opened so deep; what lies deeper is a source as it is.
    static let maximumDepth = 4
    /// An archive in an archive whose parts must be looked up is held in memory.
    private static let heldArchive = 256 << 20
    /// So much of what is damaged is kept as a source of its own.
    private static let damagedPart = 1 << 20

    /// Takes up the sources in a file, in its order; the file itself where it is none that this opens.
    ///
    /// What cannot be read to its end gives what could be, and one member more that says where it is damaged.
    func list(
        _ found: FoundSource, _ file: OpenFile, format: ContainerFormat, _ take: (FoundSource) throws -> Void
    ) throws {
        var hasher = DigestHasher()
        var hashed = 0
        func hash(_ bytes: UnsafeRawBufferPointer) {
            hasher.update(bytes)
            hashed += bytes.count
        }
        var offset = 0
        let stream = ByteStream { buffer in
            let count = try file.read(into: buffer, at: offset)
            hash(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
            return count
        }
        let size = file.stamp.size
        var members = MemberList()
        let isOpened = try list(
            stream, format, random: { try file.bytes($0) }, size: size, depth: 1, into: &members)
        guard isOpened else { return try take(found) }
        while try stream.skip(1 << 20) > 0 {}
        guard try hashed == file.stamp.size && file.isUnchanged() else {
            throw StageError("\(PathText.shown(file.path)) changed while it was read; run again when nothing writes to it")
        }
        let whole = MemberFile(locator: found.locator, path: file.path, stamp: file.stamp, digest: hasher.next())
        try members.forEach { member in
            try take(
                FoundSource(
                    locator: locator(of: member.name, in: found.locator),
                    place: .member(Member(of: whole, number: member.number, layers: member.layers, facts: member.facts)),
                    size: member.size))
        }
    }

    /// Lists what a stream holds; members count in its bytes.
    ///
    /// - Parameter random: the same bytes by their offset, for formats with a directory at their end; nil where they are
    ///   to be had in order only.
    /// - Returns: whether it is what its name says.
    private func list(
        _ stream: ByteStream, _ format: ContainerFormat, random: ((Range<Int>) throws -> [UInt8])?, size: Int?, depth: Int,
        into members: inout MemberList
    ) throws -> Bool {
        guard let codec = format.compression else {
            return try listContent(stream, format.content, random: random, size: size, depth: depth, into: &members)
        }
        let start = stream.position
        let packed: PackedStream
        do {
            guard let found = try PackedStream(stream, codec, limits) else { return false }
            packed = found
        } catch let fault as MemberFault {
            try members.append(damaged(from: start, to: size, fault))
            return true
        } catch let fault as StreamDecoder.Fault {
            try members.append(damaged(from: start, to: size, MemberFault(fault.description)))
            return true
        }
        let content = packed.content
        var inner = MemberList()
        var fault: MemberFault?
        var isOpened = true
        do {
            isOpened = try listContent(content, format.content, random: nil, size: nil, depth: depth, into: &inner)
            while try content.skip(1 << 20) > 0 {}
        } catch let error as MemberFault {
            fault = error
        } catch let error as StreamDecoder.Fault {
            fault = MemberFault(error.description)
        }
        if !isOpened {
            inner = MemberList()
            try inner.append(
                ListedMember(
                    name: nil, number: 1, layers: [Container.Layer(.stored, ByteRange(start: 0, length: content.position))],
                    size: content.position))
        }
        if let fault, let last = packed.boundaries.last {
            // What was read stays; where the packed bytes go wrong is a source of its own.
            if isOpened {
                try inner.forEach { member in
                    if let end = member.end, end <= last.position { try members.append(unpacked(member, packed)) }
                }
            }
            try members.append(damaged(from: last.packed, to: size, fault))
            return true
        }
        try inner.forEach { try members.append(unpacked($0, packed)) }
        return true
    }

    /// A member of what a compressed stream holds, counted in its packed bytes.
    private func unpacked(_ member: ListedMember, _ packed: PackedStream) -> ListedMember {
        guard let range = member.layers.first?.range, let end = range.end else { return member }
        let (layer, start) = packed.layer(holding: range.start..<end)
        var out = member.within([layer], offset: start)
        // All that the packed bytes hold needs no range.
        if packed.length(of: layer) == range.length, out.layers.count > 1, out.layers[1].codec == .stored {
            out.layers.remove(at: 1)
        }
        if packed.isTruncated, end == packed.boundaries.last?.position { out.facts[MemberFact.truncated] = "end of file" }
        return out
    }

    private func listContent(
        _ stream: ByteStream, _ content: ContainerFormat.Content, random: ((Range<Int>) throws -> [UInt8])?, size: Int?,
        depth: Int, into members: inout MemberList
    ) throws -> Bool {
        let start = stream.position
        let listed = members.count
        do {
            switch content {
            case .single: return false
            case .tar:
                return try TarListing.list(stream) { entry, bytes in try add(entry, bytes, depth, into: &members) }
            case .zip: return try listZip(stream, random: random, size: size, depth: depth, into: &members)
            case .warc: return try WARCListing.list(stream) { try members.append($0) }
            case .lines:
                return try LineListing(names: names.map { Array($0.utf8) }).list(stream) { try members.append($0) }
            case .table(let delimiter):
                let table = TableListing(delimiter: delimiter, text: text, names: names, carried: carried)
                return try table.list(stream) { try members.append($0) }
            }
        } catch let fault as MemberFault {
            // A fault at the end may be that of a member which was listed when its bytes were still to come.
            try members.cut(from: listed, at: stream.position)
            let end = members.last?.end ?? start
            try members.append(damaged(from: end, to: size, fault))
            return true
        }
    }

    private func listZip(
        _ stream: ByteStream, random: ((Range<Int>) throws -> [UInt8])?, size: Int?, depth: Int,
        into members: inout MemberList
    ) throws -> Bool {
        let archive: ZipListing
        if let random, let size {
            archive = ZipListing(read: random, size: size)
        } else {
            let bytes = try stream.peek(MemberListing.heldArchive + 1) { Array($0.prefix(MemberListing.heldArchive + 1)) }
            guard bytes.count <= MemberListing.heldArchive else { return false }
            archive = ZipListing(read: { Array(bytes[$0.clamped(to: 0..<bytes.count)]) }, size: bytes.count)
        }
        guard let entries = try archive.members() else { return false }
        for entry in entries {
            guard entry.facts[MemberFact.fault] == nil, depth < MemberListing.maximumDepth, let format = nested(entry.name),
                let layer = entry.layers.first, let range = layer.range?.checked(within: archive.size),
                range.count <= MemberListing.heldArchive,
                let bytes = try? Unpacking.bytes(of: archive.read(range), layer.codec, limit: MemberListing.heldArchive).bytes
            else {
                try members.append(entry)
                continue
            }
            try add(entry, ByteStream(bytes), format: format, size: bytes.count, depth, into: &members)
        }
        return true
    }

    /// A member, or what it holds in turn.
    private func add(_ entry: ListedMember, _ bytes: ByteStream, _ depth: Int, into members: inout MemberList) throws {
        guard depth < MemberListing.maximumDepth, let format = nested(entry.name) else {
            try members.append(entry)
            return
        }
        try add(entry, bytes, format: format, size: entry.size, depth, into: &members)
    }

    private func add(
        _ entry: ListedMember, _ bytes: ByteStream, format: ContainerFormat, size: Int, _ depth: Int,
        into members: inout MemberList
    ) throws {
        var inner = MemberList()
        guard try list(bytes, format, random: nil, size: size, depth: depth + 1, into: &inner) else {
            try members.append(entry)
            return
        }
        try inner.forEach { member in
            var out = member.within(entry.layers)
            if let name = entry.name { out.name = .within(name, member.name) }
            if member.name == nil { out.number = entry.number }
            try members.append(out)
        }
    }

    private func nested(_ name: ListedMember.Name?) -> ContainerFormat? {
        guard case .path(let path)? = name else { return nil }
        return ContainerFormat(name: path)
    }

    /// What cannot be taken apart, from this byte on.
    private func damaged(from start: Int, to size: Int?, _ fault: MemberFault) -> ListedMember {
        let length = min(MemberListing.damagedPart, max(0, (size ?? start) - start))
        return ListedMember(
            name: .text("damaged"), number: 0, layers: [Container.Layer(.stored, ByteRange(start: start, length: length))],
            size: length, facts: [MemberFact.fault: fault.reason, MemberFact.message: fault.description])
    }

    /// `file!/member`, as in Java's archive URLs; a compressed file that holds one text is called as the file is.
    private func locator(of name: ListedMember.Name?, in file: String) -> String {
        switch name {
        case nil: file
        case .path(let path)?: file + "!/" + Locator.text(path[...])
        case .text(let text)?: file + "!/" + text
        case .within(let outer, let inner)?: locator(of: inner, in: locator(of: outer, in: file))
        }
    }
}

extension ListedMember {
    /// Where it ends in the listed bytes, as far as that is known.
    var end: Int? { layers.first?.range?.end }

    /// Leaves out bytes that are not there.
    mutating func cut(at limit: Int) {
        guard let range = layers.first?.range, range.end.map({ $0 > limit }) ?? true else { return }
        layers[0].range = ByteRange(start: min(range.start, limit), length: max(0, limit - range.start))
        facts[MemberFact.truncated] = facts[MemberFact.truncated] ?? "end of file"
    }
}
