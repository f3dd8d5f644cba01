import HeadwaterModel
import HeadwaterPluginKit

/// What a summary is wanted to be: the stage's parameters, read once.
struct SummaryRequest {
    enum Grouping: String, CaseIterable { case all, document, cluster, topic, entity, date }
    enum Form: String, CaseIterable { case brief, report, timeline, positions }
    enum Method: String, CaseIterable { case lexrank, textrank, centroid, coverage }
    enum Order: String, CaseIterable { case time, source, rank }
    enum Period: String, CaseIterable {
        case day, month, year

        /// So many characters of an ISO 8601 date name it.
        var length: Int {
            switch self {
            case .day: 10
            case .month: 7
            case .year: 4
            }
        }
    }

    /// How much each of these counts, from 0 for nothing to 1 for all that it can.
    struct Weights {
        var position = 1.0
        var title = 1.0
        var corroboration = 1.0
    }

    var grouping = Grouping.all
    /// Groups at most, the largest first.
    var groups = 20
    var period = Period.day
    var form = Form.brief
    var method = Method.lexrank
    var limit = SummaryLimit(sentences: 8)
    var redundancy = 0.5
    var order = Order.time
    var weights = Weights()

    static let parameters: [ParameterDeclaration] = [
        ParameterDeclaration("sentences", .integer(0...1000), default: 8, help: "how many sentences at most; 0: no limit"),
        ParameterDeclaration("words", .integer(0...1_000_000), default: 0, help: "how many words at most; 0: no limit"),
        ParameterDeclaration("bytes", .integer(0...100_000_000), default: 0, help: "how many bytes at most; 0: no limit"),
        ParameterDeclaration(
            "group", .choice(Grouping.allCases.map(\.rawValue)), default: "all",
            help: "what is summed up by itself: all of it, each document, documents about one event or one topic, or "
                + "what is said of one entity or was published at one date"),
        ParameterDeclaration("groups", .integer(1...10_000), default: 20, help: "how many groups at most, the largest first"),
        ParameterDeclaration(
            "period", .choice(Period.allCases.map(\.rawValue)), default: "day", help: "how long a date is, for groups by date"),
        ParameterDeclaration(
            "form", .choice(Form.allCases.map(\.rawValue)), default: "brief",
            help: "a brief; a report with headline and background apart; a timeline of dated events; or the positions that "
                + "sources agree on, dispute, and take alone"),
        ParameterDeclaration(
            "method", .choice(Method.allCases.map(\.rawValue)), default: "lexrank", help: "what makes a sentence central"),
        ParameterDeclaration(
            "redundancy", .decimal(0.0...1.0), default: .decimal(0.5),
            help: "how alike two chosen sentences may be: 0 for no word in common, 1 for anything"),
        ParameterDeclaration(
            "order", .choice(Order.allCases.map(\.rawValue)), default: "time",
            help: "sentences as their documents were published, as their sources are called, or the best first"),
        ParameterDeclaration(
            "position", .decimal(0.0...1.0), default: .decimal(1), help: "how much it counts that a sentence stands early"),
        ParameterDeclaration(
            "title", .decimal(0.0...1.0), default: .decimal(1), help: "how much it counts that a sentence has words of the title"),
        ParameterDeclaration(
            "corroboration", .decimal(0.0...1.0), default: .decimal(1),
            help: "how much it counts that other sources say the same"),
    ]

    init() {}

    init(_ parameters: Parameters) throws {
        grouping = Grouping(rawValue: parameters.text("group")) ?? .all
        groups = parameters.integer("groups")
        period = Period(rawValue: parameters.text("period")) ?? .day
        form = Form(rawValue: parameters.text("form")) ?? .brief
        method = Method(rawValue: parameters.text("method")) ?? .lexrank
        limit = SummaryLimit(
            sentences: parameters.integer("sentences"), words: parameters.integer("words"), bytes: parameters.integer("bytes"))
        redundancy = parameters.decimal("redundancy")
        order = Order(rawValue: parameters.text("order")) ?? .time
        weights = Weights(
            position: parameters.decimal("position"), title: parameters.decimal("title"),
            corroboration: parameters.decimal("corroboration"))
        guard limit.isSet else {
            throw StageError("`sentences`, `words` and `bytes` are all 0: give at least one of them, or the summary has no end")
        }
    }
}
