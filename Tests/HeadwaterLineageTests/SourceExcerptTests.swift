import HeadwaterLineage
import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct SourceExcerptTests {
    static func excerpt(_ bytes: [UInt8], _ range: Range<Int>, _ charset: Charset = .utf8) -> SourceExcerpt {
        var places = SourcePlaces(bytes, charset: charset)
        return SourceExcerpt(range, of: &places)
    }

    @Test("any range of any text has an excerpt; before, mark and after are the line, and columns count scalars")
    func anyRange() throws {
        // Letters with accents to combine, an emoji of several scalars, flags, Windows line ends, a byte order mark.
        let text = "\u{FEFF}ae\u{301}\u{302}o\r\n👩‍👧🇩🇪🇫🇷\n\r\n\u{301}x\n한국"
        let bytes = Array(text.utf8)
        let lines = String(text.dropFirst()).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0).unicodeScalars.filter { $0 != "\r" }
        }
        for start in bytes.indices {
            for end in start...bytes.count {
                let excerpt = SourceExcerptTests.excerpt(bytes, start..<end)
                #expect(excerpt.line <= lines.count)
                #expect(excerpt.column == excerpt.before.unicodeScalars.count + 1)
                let isOneLine = !bytes[start..<end].contains(0x0A) && !bytes[start..<end].contains(0x0D)
                // Between the two bytes of a line end there is no line to compare.
                let isInLineEnd = start > 0 && bytes[start - 1] == 0x0D
                if isOneLine && !isInLineEnd && start >= 3 {
                    #expect(
                        Array(excerpt.text.unicodeScalars) == Array(lines[excerpt.line - 1]), "\(start)..<\(end): \(excerpt)")
                }
            }
        }
    }

    @Test("a mark of any length has an excerpt wherever it lies: its whole text, or its start and its end")
    func anyLength() {
        for (text, charset) in [("abcdefghij", Charset.utf8), ("aé한👩", .utf8), ("abcdefghij", .windows1252)] {
            let bytes = Array(String(repeating: text, count: 150).utf8)
            for length in stride(from: 1, through: 1_100, by: 9) {
                for start in [0, 1, 5, bytes.count - length] {
                    let marked = SourceExcerptTests.excerpt(bytes, start..<start + length, charset).marked
                    let scalars = marked.unicodeScalars.count
                    #expect(
                        scalars <= 243 && (scalars == 243) == marked.contains(" … "), "\(length) bytes from \(start): \(marked)")
                }
            }
        }
    }

    @Test("a mark that begins between a letter and its accent is shown, and is where it is")
    func insideACharacter() {
        let bytes = Array("cafe\u{301} noir".utf8)
        let excerpt = SourceExcerptTests.excerpt(bytes, 4..<6)
        #expect(excerpt.before == "cafe" && excerpt.marked.unicodeScalars.map(\.value) == [0x301] && excerpt.after == " noir")
        #expect(excerpt.column == 5)
    }

    @Test("bytes inside a character of the source are shown as the whole character")
    func insideAScalar() {
        #expect(SourceExcerptTests.excerpt(Array("a€b".utf8), 2..<3).marked == "€")
        #expect(SourceExcerptTests.excerpt([0x61, 0, 0x3D, 0xD8, 0, 0xDE, 0x62, 0], 3..<5, .utf16LE).marked == "😀")
    }

    @Test("in UTF-16 only a line feed ends a line, not a byte that looks like one")
    func wide() {
        // U+0A0A and U+010A hold the byte of a line feed.
        let text = "a\u{A0A}b\u{10A}\nc"
        for (charset, bytes) in [
            (Charset.utf16LE, text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }),
            (Charset.utf16BE, text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }),
        ] {
            let excerpt = SourceExcerptTests.excerpt(bytes, 10..<12, charset)
            #expect((excerpt.line, excerpt.column, excerpt.text) == (2, 1, "c"))
            #expect(SourceExcerptTests.excerpt(bytes, 4..<6, charset).text == "a\u{A0A}b\u{10A}")
        }
    }

    @Test("long lines and long ranges are shortened, and columns count all of them")
    func shortened() {
        let line = String(repeating: "é", count: 10_000)
        let excerpt = SourceExcerptTests.excerpt(Array(line.utf8), 4_000..<6_000)
        #expect(excerpt.column == 2_001)
        #expect(excerpt.before == "…" + String(repeating: "é", count: 60))
        #expect(excerpt.after == String(repeating: "é", count: 60) + "…")
        #expect(excerpt.marked == String(repeating: "é", count: 120) + " … " + String(repeating: "é", count: 120))
    }

    @Test("places asked for in any order are those of a count from the start")
    func anyOrder() {
        let text = "one\ntwo é\n\nthree \u{20AC}\n"
        let bytes = Array(text.utf8)
        var kept = SourcePlaces(bytes, charset: .utf8)
        var generator = SplitMix(seed: 11)
        for _ in 0..<300 {
            let offset = kept.bytes.indices.randomElement(using: &generator) ?? 0
            guard UTF8Scan.isBoundary(bytes, offset) else { continue }
            var fresh = SourcePlaces(bytes, charset: .utf8)
            #expect(kept.place(of: offset) == fresh.place(of: offset))
        }
    }

    @Test("the places of many ranges on one long line are found in one pass", .timeLimit(.minutes(1)))
    func oneLongLine() {
        var places = SourcePlaces([UInt8](repeating: 0x61, count: 2_000_000), charset: .utf8)
        for start in stride(from: 0, to: 2_000_000, by: 100) {
            #expect(SourceExcerpt(start..<start + 10, of: &places).column == start + 1)
        }
    }
}
