import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterSummarize
import HeadwaterTesting
import Testing

@Suite("Summarize") struct SummarizeTests {
    private let newsroom = Newsroom()

    @Test("what several documents say comes first, with the number of independent sources")
    func support() throws {
        let summary = try newsroom.summary(
            [
                newsroom.page(
                    "The old harbour bridge at Tolvane closed to lorries on Monday after 212 cracks were found. Gulls were seen.",
                    "a"),
                newsroom.page(
                    "Inspectors closed the harbour bridge at Tolvane to lorries after they found 212 cracks. Tea was served to the crew.",
                    "b"),
                newsroom.page(
                    "Weather in the far north stayed mild all through the long weekend. A cat show drew large crowds in Ombrey.",
                    "c"),
            ], sentences: 1)
        let first = try #require(summary.first)
        #expect(first.string.contains("212 cracks"))
        #expect(first.fields["support"] == 2)
        #expect(first.fields["supportedBy"] == ["a", "b"])
    }

    @Test("two pages of one site are one source")
    func oneSite() throws {
        let text = "Inspectors closed the harbour bridge at Tolvane to lorries after they found 212 cracks."
        let summary = try newsroom.summary(
            [
                newsroom.page(text, "a", site: "Tolvane Times"),
                newsroom.page(text + " Tea was served.", "b", site: "Tolvane Times"),
            ], sentences: 1)
        #expect(summary.first?.fields["support"] == 1)
        #expect(summary.first?.fields["supportedBy"] == ["a", "b"])
    }

    @Test("where sources give different figures both sides are taken in and marked")
    func disputed() throws {
        let summary = try newsroom.summary(
            [
                newsroom.page("The storm over Ombrey injured 14 fishermen on Sunday, the harbour office said.", "a"),
                newsroom.page("The storm over Ombrey injured 23 fishermen on Sunday, the rescue service said.", "b"),
                newsroom.page("The storm over Ombrey tore the roof off the market hall on Sunday, a baker said.", "c"),
            ], sentences: 2)
        #expect(summary.map { $0.fields["disputed"] } == [true, true])
        #expect(summary.contains { $0.string.contains("14") } && summary.contains { $0.string.contains("23") })
    }

    @Test("figures of different things, dates and names are no dispute")
    func undisputed() throws {
        let summary = try newsroom.summary(
            [
                newsroom.page("The storm over Ombrey injured 14 fishermen on 3 March, the harbour office said.", "a"),
                newsroom.page("The storm over Ombrey sank 23 boats beside Pier 9 on 4 March, the harbour office said.", "b"),
            ], sentences: 2)
        #expect(summary.count == 2)
        #expect(summary.allSatisfy { $0.fields["disputed"] == nil })
    }

    @Test("a quantity that extract found in words agrees with the same one in digits")
    func annotated() throws {
        let inWords = newsroom.page("Rescuers led three climbers down from the ridge above Ombrey late on Sunday.", "a")
        let inDigits = newsroom.page("On Sunday rescuers brought 3 climbers down from the ridge above the town.", "b")
        let text = try inWords.text()
        let start = try #require(text.string.utf8.firstRange(of: "three climbers".utf8)).lowerBound
        let offset = text.string.utf8.distance(from: text.string.startIndex, to: start)
        var quantity = RecordDraft(kind: "quantity", text: text[offset..<offset + 14], parents: [inWords.id])
        quantity.set("value", 3)
        let annotation = newsroom.bench.inputs([quantity.sealedByBench(newsroom.bench)])
        let plain = try newsroom.records([["documents": [inWords, inDigits]]], sentences: 1)
        let annotated = try newsroom.records([["documents": [inWords, inDigits], "annotations": annotation]], sentences: 1)
        #expect(plain.first?.fields["support"] == 1)
        #expect(annotated.first?.fields["support"] == 2)
    }

    @Test("sentences that lean on others, questions, fragments and broken quotations give way to whole ones")
    func fitness() throws {
        let whole = "The council of Ombrey sold the old ferry to a museum in Tolvane for one crown."
        let weak = [
            "But they sold the old ferry of Ombrey to a museum in Tolvane for one crown.",
            "Has the council of Ombrey sold the old ferry to a museum in Tolvane for one crown?",
            "The council of Ombrey sold the old ferry to a museum in Tolvane for one crown",
            "The council of Ombrey \"sold the old ferry to a museum in Tolvane for one crown.",
            "We of the council of Ombrey sold the old ferry to a museum in Tolvane for one crown.",
        ]
        for sentence in weak {
            let summary = try newsroom.summary([newsroom.page(sentence, "a"), newsroom.page(whole, "b")], sentences: 1)
            #expect(summary.first?.string == whole, "beside: \(sentence)")
        }
    }

    @Test("a summary keeps to the language of most documents")
    func language() throws {
        let summary = try newsroom.summary(
            [
                newsroom.page(
                    "Мост через реку закрыли для грузовиков после осмотра опор в понедельник утром.", "a", language: "ru"),
                newsroom.page("Рыбаки вернулись в гавань с большим уловом сельди после недели штормов.", "b", language: "ru"),
                newsroom.page(
                    "The bridge over the river was closed to lorries after Monday's inspection.", "c", language: "en-GB"),
            ], sentences: 8)
        #expect(summary.map { $0.fields["language"] } == ["ru", "ru"])
    }

    @Test("reading order is the order of publication, then of the text; ranks count from 1")
    func order() throws {
        let summary = try newsroom.summary(
            [
                newsroom.page(
                    "Workers began to paint the lighthouse at Tolvane in red and white stripes.", "a", published: "2025-05-02"),
                newsroom.page(
                    "The island council chose red paint for the tall lighthouse. A vote on the price of stamps was put off until autumn.",
                    "b",
                    published: "2025-05-01"),
            ], sentences: 3)
        #expect(summary.map { $0.fields["locator"] } == ["b", "b", "a"])
        #expect(Set(summary.compactMap { $0.fields["rank"]?.integer }) == [1, 2, 3])
        #expect(summary.compactMap { $0.fields["score"]?.integer }.max() == 1000)
        #expect(summary.allSatisfy { $0.kind == "summary" && $0.fields["group"] == "all" })
    }

    @Test("nothing to say gives no summary")
    func empty() throws {
        #expect(try newsroom.records([["documents": []]], sentences: 3).isEmpty)
        #expect(try newsroom.records([], sentences: 3).isEmpty)
        #expect(try newsroom.summary([newsroom.page("Menu", "a"), newsroom.page("", "b")], sentences: 3).isEmpty)
    }
}
