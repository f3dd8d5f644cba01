import HeadwaterModel

/// Lists the pages in a WARC file (ISO 28500:2017; "The WARC Format 1.1",
/// https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/).
///
/// Responses, resources and conversions are sources; what crawlers write about them (requests, metadata, revisits) is none.
enum WARCListing {
    /// A longer header is none.
    private static let maximumHeader = 1 << 20

    /// False where the bytes begin as no such file does.
    static func list(_ stream: ByteStream, _ found: (ListedMember) throws -> Void) throws -> Bool {
        guard try begins(stream) else { return false }
        var number = 0
        while try begins(stream) {
            number += 1
            let start = stream.position
            guard let header = try Header(stream, limit: maximumHeader) else {
                throw MemberFault("the header of record \(number), at byte \(start), has no end")
            }
            guard let length = header["content-length"].flatMap(Int.init), length >= 0 else {
                throw MemberFault("record \(number), at byte \(start), does not say its length")
            }
            let block = stream.position
            guard block.addingReportingOverflow(length).overflow == false else {
                throw MemberFault("record \(number), at byte \(start), says that it has \(length) bytes")
            }
            if var member = try member(header, stream, number: number, length: length) {
                try stream.skip(block + length - stream.position)
                if let cause = header["warc-truncated"] { member.facts[MemberFact.truncated] = cause }
                member.cut(at: stream.position)
                try found(member)
            } else {
                try stream.skip(block + length - stream.position)
            }
            try skipLineEnds(stream)
        }
        if try !stream.hasEnded() { throw MemberFault("no record begins at byte \(stream.position), behind record \(number)") }
        return true
    }

    private static func begins(_ stream: ByteStream) throws -> Bool { try stream.peek(5) { $0.starts(with: "WARC/".utf8) } }

    private static func skipLineEnds(_ stream: ByteStream) throws {
        while let byte = try stream.peek(1, { $0.first }), byte == 0x0D || byte == 0x0A { try stream.skip(1) }
    }

    private static func member(_ header: Header, _ stream: ByteStream, number: Int, length: Int) throws -> ListedMember? {
        var place = header["warc-target-uri"] ?? header["warc-record-id"] ?? "record-\(number)"
        if place.hasPrefix("<") && place.hasSuffix(">") { place = String(place.dropFirst().dropLast()) }
        // What Wget writes about itself, and what Heritrix writes of name servers, are resources as well.
        if place.hasPrefix("metadata:") || place.hasPrefix("dns:") { return nil }
        let block = ByteRange(start: stream.position, length: length)
        var member = ListedMember(
            name: .text(Locator.text(Array(place.utf8)[...], keeping: UInt8(ascii: "%"))), number: number,
            layers: [Container.Layer(.stored, block)], size: length)
        switch header["warc-type"] {
        case "response":
            let type = ContentType(header["content-type"] ?? "").essence
            guard type == "application/http" else { return nil }
            try readResponse(stream, block, &member)
            return member
        case "resource", "conversion":
            member.facts[MemberFact.contentType] = header["content-type"]
            return member
        default: return nil
        }
    }

    /// The body of the HTTP response that the block is, and what its header says of it.
    private static func readResponse(_ stream: ByteStream, _ block: ByteRange, _ member: inout ListedMember) throws {
        guard let header = try Header(stream, limit: min(maximumHeader, block.length)) else {
            member.facts[MemberFact.fault] = "damaged"
            member.facts[MemberFact.message] = "its HTTP header has no end"
            return
        }
        let status = Int(header.start.split(separator: " ").dropFirst().first ?? "")
        member.facts[MemberFact.contentType] = header["content-type"]
        if let status, !(200..<300 ~= status) {
            member.facts[MemberFact.fault] = "not-fetched"
            member.facts[MemberFact.message] = "the server answered with status \(status)"
        }
        let headerLength = stream.position - block.start
        let body = ByteRange(start: stream.position, length: max(0, block.length - headerLength))
        let start = try stream.peek(64) { Array($0.prefix(min(64, body.length))) }
        member.layers = [Container.Layer(.stored, body)]
        member.size = body.length
        var content = start[...]
        // Many crawlers keep the header of a body that they have already decoded: the bytes themselves decide.
        if header["transfer-encoding"]?.lowercased().contains("chunked") == true, Chunks.begin(start) {
            member.layers = [Container.Layer(.chunked, body)]
            content = start.firstIndex(of: 0x0A).map { start[($0 + 1)...] } ?? []
        }
        guard let coding = header["content-encoding"]?.lowercased(), coding != "identity", !coding.isEmpty else { return }
        switch coding {
        case "gzip", "x-gzip": if content.starts(with: [0x1F, 0x8B]) { member.layers.append(Container.Layer(.gzip)) }
        case "br":
            if !MediaTypeGuess.looksLikeText(content), Unpacking.mayBeBrotli(content) {
                member.layers.append(Container.Layer(.brotli))
            }
        case "zstd": if content.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { member.layers.append(Container.Layer(.zstd)) }
        case "deflate":
            // RFC 9110, 8.4.1.2: that of RFC 1950; some servers send RFC 1951. The first byte tells: 8 is deflate's number.
            if content.first.map({ $0 & 0x0F == 8 }) == true {
                member.layers.append(Container.Layer(.zlib))
            } else if content.first.map({ $0 != UInt8(ascii: "<") }) == true {
                member.layers.append(Container.Layer(.deflate))
            }
        default:
            if MediaTypeGuess.looksLikeText(content) { return }
            member.facts[MemberFact.fault] = "unsupported"
            member.facts[MemberFact.message] = "its body is in the content coding \(coding)"
        }
    }

    /// A first line and named fields, up to the empty line behind them, which is taken from the stream.
    struct Header {
        var start: String
        private var fields: [String: String] = [:]

        /// The first field of this name, in lower case.
        subscript(_ name: String) -> String? { fields[name] }

        /// Nil if no empty line comes within so many bytes.
        init?(_ stream: ByteStream, limit: Int) throws {
            var lines: [String] = []
            var total = 0
            while true {
                guard let length = try stream.distance(to: 0x0A, limit: limit - total), try !stream.hasEnded() else { return nil }
                let line = try stream.peek(length) { Array($0.prefix(length)) }
                total += length + 1
                try stream.skip(length + 1)
                let text = ASCII.trimmed(line[...])
                if text.isEmpty { break }
                // A line that begins with a space goes on with the one before.
                if ASCII.isSpace(line[0]), !lines.isEmpty {
                    lines[lines.count - 1] += " " + String(decoding: text, as: UTF8.self)
                } else {
                    lines.append(String(decoding: text, as: UTF8.self))
                }
            }
            guard let first = lines.first else { return nil }
            start = first
            for line in lines.dropFirst() {
                guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
                let name = line[..<colon].lowercased()
                let value = line[line.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                if fields[name] == nil { fields[name] = String(value) }
            }
        }
    }
}

/// What bytes without a name look like.
private enum MediaTypeGuess {
    /// No byte that text does not hold: what is compressed has one nearly at once.
    static func looksLikeText(_ bytes: ArraySlice<UInt8>) -> Bool {
        ByteScan.binaryCount(Array(bytes), within: bytes.count) == 0
    }
}
