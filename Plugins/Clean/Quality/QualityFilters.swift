import HeadwaterModel
import HeadwaterPluginKit

/// The quality rules that a pipeline asks for, in the order in which it names them, with its thresholds.
struct QualityFilters {
    /// Rules of one set, in the order of the set.
    private var filters: [(family: String, rules: Set<String>)] = []
    /// Counts, and shares in thousandths, by rule.
    private var thresholds: [String: Int] = [:]
    private let stopWords: Set<UInt64>?

    /// Why a document is left out: the rule, what was measured, and the threshold; shares in thousandths.
    struct Failure {
        var rule: String
        var measured: Int
        var threshold: Int?

        var details: [String: JSON] {
            var details: [String: JSON] = ["measured": .integer(measured)]
            if let threshold { details["threshold"] = .integer(threshold) }
            return details
        }
    }

    /// - Throws: `StageError` for a name that is neither a set of rules nor one of them.
    init(_ names: [String], thresholds given: JSON, stopWords: [String]) throws {
        for (element, name) in names.enumerated() {
            let rules = QualityRule.all.filter { $0.isRule && ($0.family == name || $0.name == name) }.map(\.name)
            guard !rules.isEmpty else {
                throw StageError(
                    "there is no filter '\(name)'; expected one of \(QualityRule.families.joined(separator: ", ")), or one of their rules",
                    parameter: "filters", element: element)
            }
            filters.append((String(name.prefix { $0 != ":" }), Set(rules)))
        }
        for rule in QualityRule.all {
            let number = given[rule.name]?.decimal
            switch rule.threshold {
            case nil: break
            case .count(let count): thresholds[rule.name] = number.map { Int($0) } ?? count
            case .share(let share): thresholds[rule.name] = number.map { Int(($0 * 1000).rounded()) } ?? share
            }
        }
        self.stopWords = stopWords.isEmpty ? nil : Set(stopWords.map { WordHash.lowercased($0.utf8) })
    }

    /// Leaves lines out of the article and says why the rest is not to stay; nil where it is.
    func apply(to article: inout Article) -> Failure? {
        for (family, rules) in filters {
            let thresholds = thresholds.filter { rules.contains($0.key) }
            let failure: Failure?
            switch family {
            case "gopher-quality":
                failure = GopherQuality(thresholds, stopWords: stopWords ?? GopherQuality.stopWords(for: article.language))
                    .failure(
                        of: QualityText(article.body))
            case "gopher-repetition": failure = GopherRepetition(thresholds).failure(of: QualityText(article.body))
            case "c4": failure = C4Rules(rules, thresholds).apply(to: &article)
            default:
                failure = FineWebRules(thresholds, shortLine: self.thresholds["fineweb:short-line-length"] ?? 0).failure(
                    of: QualityText(article.body))
            }
            if let failure { return failure }
        }
        return nil
    }
}

/// Measures against thresholds, the first that does not hold being the failure.
struct Measuring {
    private let thresholds: [String: Int]
    private let family: String
    private(set) var failure: QualityFilters.Failure?

    /// - Parameter thresholds: of the rules that are asked for.
    init(_ family: String, _ thresholds: [String: Int]) { (self.family, self.thresholds) = (family, thresholds) }

    /// Whether the rule is asked for and nothing has failed yet.
    func wants(_ rule: String) -> Bool { failure == nil && thresholds["\(family):\(rule)"] != nil }

    mutating func want(_ rule: String, atLeast count: Int) { judge(rule, count) { $0 >= $1 } }

    mutating func want(_ rule: String, atMost count: Int) { judge(rule, count) { $0 <= $1 } }

    /// A share of nothing is nothing.
    mutating func want(_ rule: String, share part: Int, of whole: Int, _ holds: (_ part: Int, _ limit: Int) -> Bool) {
        // Both sides times the whole, so that nothing is rounded before it is compared.
        judge(rule, whole > 0 ? part * 1000 / whole : 0) { _, threshold in whole == 0 || holds(part * 1000, threshold * whole) }
    }

    private mutating func judge(_ rule: String, _ measured: Int, _ holds: (_ measured: Int, _ threshold: Int) -> Bool) {
        guard failure == nil, let threshold = thresholds["\(family):\(rule)"], !holds(measured, threshold) else { return }
        failure = QualityFilters.Failure(rule: "\(family):\(rule)", measured: measured, threshold: threshold)
    }
}
