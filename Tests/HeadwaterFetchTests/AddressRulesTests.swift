import HeadwaterPluginKit
import Testing

@testable import HeadwaterFetch

@Suite struct AddressRulesTests {
    private func refusal(_ address: String, host: String = "host.example", allow: [String] = []) throws -> String? {
        try AddressRules(allowed: allow).refusal(of: try #require(NetworkAddress(address)), host: host)
    }

    @Test(
        "addresses of the public internet are asked",
        arguments: [
            "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.1", "192.167.1.1", "223.255.255.255",
            "::ffff:8.8.8.8",
            "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808", "2002:808:808::1",
        ])
    func open(_ address: String) throws { #expect(try refusal(address) == nil) }

    @Test(
        "all others are not",
        arguments: [
            ("10.1.2.3", "private"), ("172.16.0.1", "private"), ("172.31.255.255", "private"), ("192.168.255.1", "private"),
            ("127.0.0.1", "loopback"), ("127.255.255.255", "loopback"), ("169.254.169.254", "link-local"),
            ("100.64.0.1", "shared by a carrier"), ("0.0.0.0", "unspecified"), ("224.0.0.1", "multicast"),
            ("255.255.255.255", "reserved"),
            ("198.18.0.1", "reserved"), ("::", "unspecified"), ("::1", "loopback"), ("fe80::1", "link-local"),
            ("fc00::1", "private"),
            ("fdff::1", "private"), ("ff02::1", "multicast"), ("::ffff:10.0.0.1", "private"), ("::ffff:127.0.0.1", "loopback"),
            ("::10.0.0.1", "reserved"), ("64:ff9b::a00:1", "private"), ("2002:a00:1::", "private"), ("2001:db8::1", "reserved"),
        ])
    func refused(_ address: String, _ kind: String) throws { #expect(try refusal(address) == kind) }

    @Test("a network that is allowed allows its addresses and no others, in either way to write them")
    func networks() throws {
        #expect(try refusal("10.0.0.255", allow: ["10.0.0.0/24"]) == nil)
        #expect(try refusal("::ffff:10.0.0.255", allow: ["10.0.0.0/24"]) == nil)
        #expect(try refusal("10.0.1.0", allow: ["10.0.0.0/24"]) != nil)
        #expect(try refusal("10.0.0.7", allow: ["10.0.0.7"]) == nil)
        #expect(try refusal("10.0.0.6", allow: ["10.0.0.7"]) != nil)
        #expect(try refusal("10.0.0.129", allow: ["10.0.0.128/25"]) == nil)
        #expect(try refusal("10.0.0.127", allow: ["10.0.0.128/25"]) != nil)
        #expect(try refusal("fd12::9", allow: ["fd12::/16"]) == nil)
        #expect(try refusal("192.168.0.1", allow: ["0.0.0.0/0"]) == nil)
        #expect(try refusal("fd12::9", allow: ["0.0.0.0/0"]) != nil)
    }

    @Test("a name that is allowed allows that host and, with a star, those below it")
    func names() throws {
        #expect(try refusal("10.0.0.1", host: "intranet.example", allow: ["Intranet.example"]) == nil)
        #expect(try refusal("10.0.0.1", host: "intranet.example.", allow: ["intranet.example"]) == nil)
        #expect(try refusal("10.0.0.1", host: "a.intranet.example", allow: ["intranet.example"]) != nil)
        #expect(try refusal("10.0.0.1", host: "a.intranet.example", allow: ["*.intranet.example"]) == nil)
        #expect(try refusal("10.0.0.1", host: "notintranet.example", allow: ["*.intranet.example"]) != nil)
    }

    @Test(
        "what is neither is an error at its element",
        arguments: ["10.0.0.0/33", "10.0.0.0/x", "::/129", "a b", "", "http://x", "*", "a..b"])
    func faults(_ text: String) throws {
        let error = #expect(throws: StageError.self) { _ = try AddressRules(allowed: ["localhost", text]) }
        #expect(error?.parameter == "allow" && error?.element == 1)
    }
}
