import HeadwaterModel

/// Which known results a run carries out again, to see whether they come to the same: a share of them, another one in
/// each run, so that in the course of time all are met.
struct AuditSample: Sendable {
    /// In parts of a million.
    private let share: Int
    private let run: RunID?

    static let none = AuditSample(share: 0, run: nil)
    static let whole = 1_000_000

    init(share: Int, run: RunID?) {
        self.share = share
        self.run = run
    }

    func selects(_ key: Digest) -> Bool {
        guard share > 0, let run else { return false }
        // The digest of both is as good as a throw of dice, and the same for every number of jobs.
        let word = Digest(of: key.bytes + run.description.utf8).bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return word % AuditSample.whole < share
    }
}
