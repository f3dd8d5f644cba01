import HeadwaterModel
import HeadwaterPluginKit

/// Whose templates a page may share: its host where the page came from a URL, else the folder that its file lies in.
struct TemplateHost {
    /// Two hosts that collide by chance (one in 2^64) are taken for one.
    let hash: UInt64

    init(locator: String) {
        let bytes = Array(locator.utf8)
        // A member of an archive has a locator of its own behind that of the file.
        guard let address = TemplateHost.lastPosition(of: Array("://".utf8), in: bytes) else {
            let folder = bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)
            hash = folder.reduce(FNV1a.empty) { FNV1a.adding($1, to: $0) }
            return
        }
        var host = bytes[(address + 3)...].prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        let www = Array("www.".utf8)
        if host.starts(with: www) { host = host.dropFirst(www.count) }
        hash = WordHash.lowercased(host)
    }

    private static func lastPosition(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (0...bytes.count - pattern.count).reversed().first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }
}
