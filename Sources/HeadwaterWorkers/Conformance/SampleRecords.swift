import HeadwaterModel
import HeadwaterPluginKit

/// The records that every plugin is tried on: short ones and long ones, in several scripts, with the shapes that
/// programs get wrong. All of it is made up.
struct SampleRecords {
    private(set) var sources: [Digest: [UInt8]] = [:]
    private(set) var documents: [InputRecord] = []

    init() {
        for (locator, text) in SampleRecords.texts { add(locator, text) }
        add("long.txt", SampleRecords.long)
    }

    private mutating func add(_ locator: String, _ text: String) {
        let bytes = Array(text.utf8)
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        var draft = RecordDraft(kind: "document", text: TracedText(decoding: bytes, digest: digest, charset: .utf8), parents: [])
        draft.set("locator", .string(locator))
        draft.set("mediaType", "text/plain")
        draft.set("charset", "utf-8")
        draft.set("language", "en")
        // Where a title was read is known, and a plugin that takes it over must not lose that.
        let line = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        if line > 0 {
            let text = draft.text[0..<line]
            draft.set("title", .string(text.string), citing: text)
        }
        documents.append(InputRecord(draft.sealed()) { TracedText($0) })
    }

    /// The documents dealt out to this many partitions, in order.
    func partitions(_ count: Int, role: String) -> [[String: [InputRecord]]] {
        let size = (documents.count + count - 1) / count
        return (0..<count).map { index in
            let start = min(index * size, documents.count)
            return [role: Array(documents[start..<min(start + size, documents.count)])]
        }
    }

    private static let texts: [(locator: String, text: String)] = [
        (
            "news/bridge.txt",
            """
            Old bridge at Tarrow closes

            The stone bridge at Tarrow will close on 3 May 2031, the county of Ostmere said on Tuesday. "We found cracks in two of the \
            five arches," said Mirela Voss, the county's engineer.

            About 4,200 cars a day cross the bridge. The detour takes 25 minutes.
            """
        ),
        (
            "news/bridge-copy.txt",
            """
            Old bridge at Tarrow closes

            The stone bridge at Tarrow will close on 3 May 2031, the county of Ostmere said on Tuesday. "We found cracks in two of the \
            five arches," said Mirela Voss, the county's engineer.

            About 4,200 cars a day cross the bridge. The detour takes 25 minutes, buses included.
            """
        ),
        (
            "cyrillic.txt",
            "Мост закрыт\n\nКаменный мост в Тарроу закрыт с мая. «Трещины видны всем», — сказала инженер Мирела Восс."
        ),
        ("cjk.txt", "石橋閉鎖\n\n石橋は五月に閉鎖される。技師は「亀裂が見つかった」と述べた。"),
        ("emoji.txt", "Flags 🇫🇮 and families 👩‍👩‍👧‍👦\n\nA text with 🏴‍☠️ and e\u{301} beside é, ﬁ and İ."),
        ("rtl.txt", "גשר האבן\n\nגשר האבן ייסגר במאי."),
        ("space.txt", "  Tabs\tand\u{a0}spaces \r\n\r\n\r\n  lines that end in every way \u{2028} there is \n"),
        ("markup.txt", "A &amp; B &lt;i&gt; \"quoted\" \\ back\\slash {\"json\": [1]}\n\nNull \u{0} and bell \u{7} characters."),
        ("one-letter.txt", "a"),
        ("empty.txt", ""),
    ]

    /// About 200 kB, in paragraphs.
    private static let long = (1...2000).map {
        "Paragraph \($0) of a long text says that gauge \($0 % 7) stood at \($0 * 3) centimetres on day \($0 % 28 + 1)."
    }.joined(separator: "\n\n")
}
