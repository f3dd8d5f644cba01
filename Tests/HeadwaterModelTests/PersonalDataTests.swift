import HeadwaterTesting
import Testing

@testable import HeadwaterModel

@Suite("Writings that lead to a person")
struct PersonalDataTests {
    private func found(_ kind: PersonalData, in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return kind.ranges(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        "an e-mail address is found without what stands around it",
        arguments: [
            ("Write to ida.fenn@bell.example.", "ida.fenn@bell.example"),
            ("<ida+boats@post.bell.example>", "ida+boats@post.bell.example"),
            ("“ida_fenn@bell.example”", "ida_fenn@bell.example"), ("mailto:i@b.example?subject=x", "i@b.example"),
            ("'o'neil@bell.example'", "o'neil@bell.example"), ("ida@xn--bcher-kva.example,", "ida@xn--bcher-kva.example"),
            ("jürgen@müller.example", "jürgen@müller.example"), ("联系ida@bell.example谢谢", "ida@bell.example"),
            ("?mail=ida@bell.example&x=1", "ida@bell.example"), ("ida@bell.example-", "ida@bell.example"),
        ])
    func emails(text: String, address: String) { #expect(found(.email, in: text) == [address]) }

    @Test(
        "what only looks like an e-mail address is none",
        arguments: [
            "@ida", "ida@", "ida@bell", "ida @bell.example", "ida@-bell.example", "ida@bell.1", "ida@.example", "a@b@c",
            "at 5@2.50",
            "ida@@bell.example", "..@bell.example",
            String(repeating: "a", count: 64) + "@" + String(repeating: "b", count: 64) + ".c",
        ])
    func noEmails(text: String) { #expect(found(.email, in: text) == []) }

    @Test(
        "telephone numbers are found in the forms of many countries",
        arguments: [
            "+44 20 7946 0123", "+1 (212) 555-0123", "+49 (0)30 1234567", "+7 495 123-45-67", "+34 612 345 678", "+442079460123",
            "0049 30 1234567", "00442079460123", "020 7946 0123", "030/1234567", "(030) 1234567", "0171 1234567",
            "06 12 34 56 78",
            "06.12.34.56.78", "0800 123 4567", "02079460123", "212-555-0123", "(212) 555-0123", "(212)555-0123", "1-212-555-0123",
            "212.555.0123", "030 – 1234567", "+1\u{2011}212\u{2011}555\u{2011}0123",
        ])
    func phones(number: String) {
        for text in [number, "Call \(number).", "(tel. \(number), all day)", "Phone:\(number); fax", "\(number)\nnext"] {
            #expect(found(.phone, in: text) == [number], "\(text)")
        }
    }

    @Test(
        "dates, prices, book numbers, years and other numbers are no telephone numbers",
        arguments: [
            "2025-03-14", "14.03.2025", "01.02.2025 14:30", "01/02/2025 1430", "03-14-2025", "1999-2005", "2023 2024 2025",
            "10:30:45",
            "$ 212 555 0123", "€212.555.0123", "212 555 0123 EUR", "1,234,567.00", "1 234 567 890", "0.123456789", "+12 500 000",
            "+1 000 000 000", "ISBN 0306406152", "ISBN-13: 978-0-306-40615-7", "978-0-306-40615-7", "0-306-40615-2",
            "ISSN 0317-8471",
            "010.020.030.040", "192.0.2.1", "555-0123", "20:15", "2,079,460,123", "/03012345678", "order_03012345678",
            "#0301234567",
            "C++ 12345678", "3.14159265358979", "123456789012", "12-34-56-78-90", "0 1 2 3 4 5 6 7 8 9", "1234 5678 9012 3456",
        ])
    func noPhones(text: String) { #expect(found(.phone, in: "It says \(text) there") == []) }

    @Test(
        "addresses of both versions of the Internet Protocol are found, without port, prefix and full stop",
        arguments: [
            ("from 192.0.2.7.", "192.0.2.7"), ("192.0.2.7:8080", "192.0.2.7"), ("10.0.0.0/8", "10.0.0.0"),
            ("255.255.255.255,", "255.255.255.255"),
            ("http://192.0.2.7/a", "192.0.2.7"), ("2001:db8::1", "2001:db8::1"),
            ("[2001:DB8:0:0:8:800:200C:417A]:80", "2001:DB8:0:0:8:800:200C:417A"),
            ("::ffff:192.0.2.7", "::ffff:192.0.2.7"), ("fe80::1%eth0", "fe80::1"), ("2001:db8::.", "2001:db8::"), ("::1", "::1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7::"), ("at 2001:db8::8:", "2001:db8::8"),
        ])
    func addresses(text: String, address: String) { #expect(found(.ip, in: text) == [address]) }

    @Test(
        "version numbers, times and scopes are no addresses",
        arguments: [
            "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "v1.2.3.4", "10:30", "10:30:45", "std::vector", "ab::cd", "::",
            "a:b:c:d:e:f:g:h",
            "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::1", "1:2:3:4:5:6:7", "192.0.2.7-b",
        ])
    func noAddresses(text: String) { #expect(found(.ip, in: text) == []) }

    private static let parts = [
        "ida@bell.example", "+44 20 7946 0123", "192.0.2.7", "2001:db8::1", "020 7946 0123", "2025-03-14", "(", ")", ".", "@",
        " ", "-", "+",
        "::", ":", "0", "00", "1", "57", "é", "“", "a", "\n", "/", ",",
    ]

    @Test(
        "whatever the text, what is found lies in order and apart, and is one from end to end", arguments: PersonalData.allCases)
    func spans(kind: PersonalData) {
        var random = SplitMix(seed: 41)
        for _ in 0..<400 {
            let text = Array((0..<12).map { _ in Self.parts.randomElement(using: &random) ?? "" }.joined().utf8)
            var end = 0
            for range in kind.ranges(in: text) {
                #expect(range.lowerBound >= end && !range.isEmpty)
                #expect(kind.spans(Array(text[range])), "seed 41: \(String(decoding: text, as: UTF8.self))")
                #expect(Rewriting([.mask(kind)]).apply(to: Array(text[range])) == kind.label)
                end = range.upperBound
            }
        }
    }

    @Test(
        "long rows of their parts take short time", arguments: ["@", "a@", "+1 ", "0", "1.", "1:", "(0", "a.b@c.", "0 1-", "::1"])
    func hostile(part: String) {
        let text = Array(String(repeating: part, count: 4_000).utf8)
        for kind in PersonalData.allCases { #expect(kind.ranges(in: text).allSatisfy { !$0.isEmpty }) }
    }
}
