import Glibc
import HeadwaterModel

/// A request and its answer as records of a web archive (ISO 28500:2017, WARC/1.1), byte for byte as they went over the wire.
enum WARCRecord {
    static let version = "WARC/1.1"

    /// - Parameters:
    ///   - seconds: since 1970, when the answer was complete.
    ///   - peer: the address that answered.
    static func exchange(_ wire: WireCapture, url: String, peer: String?, seconds: Int) -> [UInt8] {
        let date = timestamp(seconds)
        let answer = wire.head + wire.body
        let answerID = id(of: "response", url, date, answer)
        var common = [("WARC-Target-URI", url), ("WARC-Date", date)]
        if let peer { common.append(("WARC-IP-Address", peer)) }
        let truncated = wire.isTruncated ? [("WARC-Truncated", "length")] : []
        return record("response", answerID, common + truncated, type: "application/http; msgtype=response", answer)
            + record(
                "request", id(of: "request", url, date, wire.request), common + [("WARC-Concurrent-To", answerID)],
                type: "application/http; msgtype=request", wire.request)
    }

    private static func record(_ kind: String, _ id: String, _ fields: [(String, String)], type: String, _ block: [UInt8])
        -> [UInt8]
    {
        let all =
            [("WARC-Type", kind), ("WARC-Record-ID", id)] + fields + [
                ("WARC-Block-Digest", Digest(of: block).description), ("Content-Type", type),
                ("Content-Length", "\(block.count)"),
            ]
        let head = version + "\r\n" + all.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
        return Array(head.utf8) + block + Array("\r\n\r\n".utf8)
    }

    /// A name for the record from what it holds and when it came: a UUID of version 8 (RFC 9562, section 5.8).
    private static func id(of kind: String, _ url: String, _ date: String, _ block: [UInt8]) -> String {
        var bytes = Array(Digest(of: Array("\(kind) \(date) \(url)\n".utf8) + block).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { byte in
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }
        let parts = [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]].map { $0.joined() }
        return "<urn:uuid:\(parts.joined(separator: "-"))>"
    }

    /// As ISO 8601 in universal time.
    private static func timestamp(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Transfer {
    /// The records of this request; nil if none are kept, or nothing was answered.
    func archived(at url: String, seconds: Int) -> [UInt8]? {
        guard let wire, !wire.head.isEmpty else { return nil }
        return WARCRecord.exchange(wire, url: url, peer: peer, seconds: seconds)
    }
}
