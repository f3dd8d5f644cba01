import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// How the client is set in tests: local addresses are allowed, nothing waits longer than it must.
func quick(allow: [String] = ["127.0.0.1"], _ change: (inout HTTPSettings) -> Void = { _ in }) throws -> HTTPSettings {
    var settings = HTTPSettings(addresses: try AddressRules(allowed: allow))
    settings.delay = 0
    settings.backOff = 1
    settings.honoursRobots = false
    settings.stall.seconds = 1
    settings.timeout = 10_000
    change(&settings)
    return settings
}

extension HTTPClient {
    /// Asks for one.
    func get(_ url: String, known: Validators = Validators()) throws -> HTTPAnswer {
        try #require(try get([(url, known)])[0]).get()
    }

    func get(_ urls: [String]) throws -> [Result<HTTPAnswer, any Error>?] { try get(urls.map { ($0, Validators()) }) }

    private func get(_ requests: [(String, Validators)]) throws -> [Result<HTTPAnswer, any Error>?] {
        var results = [Result<HTTPAnswer, any Error>?](repeating: nil, count: requests.count)
        try get(requests.map { (url: $0.0, known: $0.1) }) { index, result in
            #expect(results[index] == nil, "each is answered once")
            results[index] = result
        }
        return results
    }

    /// Why there is no answer.
    func failure(_ url: String) throws -> SourceFailure {
        try #require(throws: SourceFailure.self) { _ = try self.get(url) }
    }
}
