import Glibc
import HeadwaterPluginKit

/// Which network addresses may be connected to: those of the public internet, and others that are allowed by name.
///
/// Asked for the address of each connection just before it is made, so that it counts where a name leads now, and not where
/// it led a moment ago or what a redirect says.
struct AddressRules: Sendable {
    private var hosts: Set<String> = []
    /// Of names below these, each with its leading dot.
    private var suffixes: [String] = []
    private var networks: [Network] = []

    /// Addresses whose first bits are these.
    struct Network: Equatable, Sendable {
        var address: NetworkAddress
        /// Of the 128 bits that every address has here.
        var bits: Int

        func holds(_ other: NetworkAddress) -> Bool {
            let whole = bits / 8
            guard address.bytes[..<whole] == other.bytes[..<whole] else { return false }
            let rest = bits % 8
            return rest == 0 || (address.bytes[whole] ^ other.bytes[whole]) >> UInt8(8 - rest) == 0
        }
    }

    /// - Parameter allowed: host names, `*.` and a name for all below it, addresses, and networks as `10.0.0.0/8`.
    /// - Throws: `StageError` that names the element.
    init(allowed: [String]) throws(StageError) {
        for (element, text) in allowed.enumerated() {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if let address = NetworkAddress(parts[0]) {
                let all = address.isFour ? 32 : 128
                guard let bits = parts.count == 1 ? all : Int(parts[1]), (0...all).contains(bits) else {
                    throw StageError(
                        "'\(text)' is no network: expected 0 to \(all) bits behind the slash", parameter: "allow",
                        element: element)
                }
                networks.append(Network(address: address, bits: 128 - all + bits))
            } else if let name = AddressRules.hostName(text) {
                if name.hasPrefix("*.") { suffixes.append(String(name.dropFirst())) } else { hosts.insert(name) }
            } else {
                throw StageError(
                    "'\(text)' is no host name, address or network; expected one such as intranet.example, 10.0.0.7 or 10.0.0.0/8",
                    parameter: "allow", element: element)
            }
        }
    }

    /// Why a connection to this address is refused, in a word; nil if it is not.
    ///
    /// - Parameter host: as the URL has it, in lower case.
    func refusal(of address: NetworkAddress, host: String) -> String? {
        guard let kind = address.specialKind, !allows(host) else { return nil }
        return networks.contains { $0.holds(address) } ? nil : kind
    }

    /// Whether the host is allowed by its name, wherever it lies.
    func allows(_ host: String) -> Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return hosts.contains(name) || suffixes.contains { name.hasSuffix($0) }
    }

    private static func hostName(_ text: String) -> String? {
        var name = ArraySlice(text.utf8.map(ASCII.lowercased))
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        let isPattern = name.starts(with: "*.".utf8)
        let labels = (isPattern ? name.dropFirst(2) : name).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            !label.isEmpty && label.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
        return isName ? String(decoding: name, as: UTF8.self) : nil
    }
}

/// An address of the internet protocol, of either version, as the 16 bytes of version 6.
struct NetworkAddress: Hashable, Sendable {
    /// 16 of them; an address of version 4 as RFC 4291, section 2.5.5.2 maps it.
    let bytes: [UInt8]

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    init(four bytes: some Sequence<UInt8>) { self.init(six: NetworkAddress.mapped + Array(bytes)) }

    private init(six bytes: [UInt8]) { self.bytes = bytes }

    /// As it is written: four numbers, or groups of hexadecimal digits, in brackets or not.
    init?(_ text: String) {
        let text = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four: withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six: withUnsafeBytes(of: six) { Array($0) })
        } else {
            return nil
        }
    }

    /// The address of a socket; nil for one that is not of the internet.
    init?(_ socket: UnsafePointer<sockaddr>, length: Int) {
        switch Int32(socket.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let address = UnsafeRawPointer(socket).loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(four: withUnsafeBytes(of: address) { Array($0) })
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let address = UnsafeRawPointer(socket).loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(six: withUnsafeBytes(of: address) { Array($0) })
        default: return nil
        }
    }

    var isFour: Bool { bytes.starts(with: NetworkAddress.mapped) }

    /// What an address is that is not one of the public internet; nil for one that is.
    var specialKind: String? {
        if let four = embeddedFour { return NetworkAddress.fourKinds.first { $0.network.holds(four) }?.kind }
        return NetworkAddress.sixKinds.first { $0.network.holds(self) }?.kind
    }

    /// The address of version 4 that this one is, or leads to: mapped, translated (RFC 6052) or tunnelled (RFC 3056).
    private var embeddedFour: NetworkAddress? {
        if isFour { return self }
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return NetworkAddress(four: bytes[12...]) }
        return bytes.starts(with: [0x20, 0x02]) ? NetworkAddress(four: bytes[2..<6]) : nil
    }

    private typealias Kinds = [(network: AddressRules.Network, kind: String)]

    private static func kinds(_ table: [(String, Int, String)]) -> Kinds {
        table.compactMap { text, bits, kind in
            NetworkAddress(text).map { (AddressRules.Network(address: $0, bits: $0.isFour ? 96 + bits : bits), kind) }
        }
    }

    /// IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771).
    private static let fourKinds = kinds([
        ("0.0.0.0", 8, "unspecified"), ("10.0.0.0", 8, "private"), ("100.64.0.0", 10, "shared by a carrier"),
        ("127.0.0.0", 8, "loopback"), ("169.254.0.0", 16, "link-local"), ("172.16.0.0", 12, "private"),
        ("192.0.0.0", 24, "reserved"), ("192.0.2.0", 24, "reserved"), ("192.88.99.0", 24, "reserved"),
        ("192.168.0.0", 16, "private"), ("198.18.0.0", 15, "reserved"), ("198.51.100.0", 24, "reserved"),
        ("203.0.113.0", 24, "reserved"), ("224.0.0.0", 4, "multicast"), ("240.0.0.0", 4, "reserved"),
    ])

    /// IANA IPv6 Special-Purpose Address Registry, multicast (RFC 4291), and what was once set apart for sites (RFC 3879).
    private static let sixKinds = kinds([
        ("::", 128, "unspecified"), ("::1", 128, "loopback"), ("::", 96, "reserved"), ("64:ff9b:1::", 48, "private"),
        ("100::", 64, "reserved"), ("2001::", 23, "reserved"), ("2001:db8::", 32, "reserved"), ("3fff::", 20, "reserved"),
        ("5f00::", 16, "reserved"), ("fc00::", 7, "private"), ("fe80::", 10, "link-local"), ("fec0::", 10, "private"),
        ("ff00::", 8, "multicast"),
    ])
}
