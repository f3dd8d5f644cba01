import HeadwaterPluginKit

/// Hosts whose documents stay rather than those of others, the most preferred first.
///
/// `example.org` is that host, with `www.` before it or without; `*.example.org` is it and all hosts below it.
struct PreferredHosts: Sendable {
    private let patterns: [(host: [UInt8], withSubdomains: Bool)]

    var isEmpty: Bool { patterns.isEmpty }

    /// More than anybody lists by hand; a place fits into a small number.
    private static let most = 10_000

    init(_ texts: [String]) throws {
        guard texts.count <= PreferredHosts.most else {
            throw StageError("more than \(PreferredHosts.most) hosts", parameter: "hosts")
        }
        patterns = try texts.map { text in
            let isOpen = text.hasPrefix("*.")
            let host = Array(text.utf8.dropFirst(isOpen ? 2 : 0)).map(PageAddress.lower)
            let isHost = !host.isEmpty && host.allSatisfy { $0 > 0x20 && $0 != 0x2F && $0 != 0x2A && $0 != 0x3A && $0 != 0x40 }
            guard isHost else {
                throw StageError("\(text) is no host; expected one like example.org or *.example.org", parameter: "hosts")
            }
            return (PreferredHosts.bare(host), isOpen)
        }
    }

    /// The place of the first pattern that a host matches; behind all of them where none does.
    func place(of host: [UInt8]?) -> Int {
        guard let host, !patterns.isEmpty else { return patterns.count }
        let bare = PreferredHosts.bare(host)
        return patterns.firstIndex { pattern in
            bare == pattern.host
                || pattern.withSubdomains && host.count > pattern.host.count
                    && host.suffix(pattern.host.count) == pattern.host[...]
                    && host[host.count - pattern.host.count - 1] == UInt8(ascii: ".")
        } ?? patterns.count
    }

    private static func bare(_ host: [UInt8]) -> [UInt8] {
        host.starts(with: "www.".utf8) ? Array(host.dropFirst(4)) : host
    }
}
