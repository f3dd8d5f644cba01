import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterEngine

/// What a stage's `retry` does with failures that may pass, and with those that may not.
@Suite struct RetryTests {
    /// Fails a number of times and counts how often it was asked.
    private final class Stumbling: Sendable {
        let asked = Mutex(0)
        let failures: Int
        let isTransient: Bool

        init(failures: Int, isTransient: Bool = true) {
            self.failures = failures
            self.isTransient = isTransient
        }

        func step() throws {
            let count = asked.withLock {
                $0 += 1
                return $0
            }
            if count <= failures { throw StageError("the wire is cut", isTransient: isTransient) }
        }
    }

    @Test("a task is tried again until it passes, with a word about each failure", arguments: [true, false])
    func passes(whileReading: Bool) throws {
        let bench = try Bench()
        let stumbling = Stumbling(failures: 2)
        var script = Bench.pages(1)
        let expected = try bench.run(script, store: "calm")
        if whileReading {
            script.onRetrieve = { _ in try stumbling.step() }
        } else {
            script.onApply = { _ in try stumbling.step() }
        }
        let summary = try bench.run(script, defaults: "{retry: {times: 2, delay: 1ms}}")
        #expect(summary.state == .done)
        #expect(stumbling.asked.withLock { $0 } == 3)
        let stage = whileReading ? "read" : "copy"
        #expect(
            bench.reporter.warnings.withLock { $0 }
                == (1...2).map { "stage \(stage), apply of page-00000: try \($0) of 3 failed, trying again: the wire is cut" })
        #expect(summary.stages.map(\.artifact) == expected.stages.map(\.artifact), "a second try leaves no trace in an artifact")
    }

    @Test("what fails more often than it may be tried fails the run")
    func failsForGood() throws {
        let bench = try Bench()
        let stumbling = Stumbling(failures: 9)
        var script = Bench.pages(1)
        script.onApply = { _ in try stumbling.step() }
        let summary = try bench.run(script, defaults: "{retry: {times: 3, delay: 1ms}}")
        #expect(summary.failures.map(\.message) == ["the wire is cut"])
        #expect(stumbling.asked.withLock { $0 } == 4)
    }

    @Test("what would fail again is not tried again")
    func lastingFailure() throws {
        let bench = try Bench()
        let stumbling = Stumbling(failures: 1, isTransient: false)
        var script = Bench.pages(1)
        script.onApply = { _ in try stumbling.step() }
        let summary = try bench.run(script, defaults: "{retry: 5}")
        #expect(summary.state == .failed)
        #expect(stumbling.asked.withLock { $0 } == 1)
    }

    @Test("how often a task is tried is no part of its key")
    func noPartOfTheKey() throws {
        let bench = try Bench()
        _ = try bench.run(Bench.pages(10))
        let again = try bench.run(Bench.pages(10), defaults: "{retry: 7, resources: {slots: 2}}")
        #expect(again.stages.allSatisfy { $0.executed == 0 })
    }

    @Test("waits double, and are never longer than five minutes")
    func waits() {
        let retry = TaskPolicy.Retry(times: 100, delay: 1000)
        #expect((1...4).map(retry.wait) == [1000, 2000, 4000, 8000])
        #expect(retry.wait(after: 100) == 300_000)
        #expect(TaskPolicy.Retry(times: 2, delay: 3_600_000).wait(after: 2) == 3_600_000, "who asks for an hour gets it")
    }
}
