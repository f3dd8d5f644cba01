import Testing

@testable import HeadwaterProcesses

@Suite struct BoundedLogTests {
    @Test("what is kept is the start and the end of what was written, however it came", arguments: 0..<200)
    func law(seed: Int) {
        var random = SystemRandomNumberGenerator()
        var log = BoundedLog(kept: seed % 7)
        var all: [UInt8] = []
        for _ in 0..<Int.random(in: 0...9, using: &random) {
            let piece = (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            piece.withUnsafeBytes { log.append($0) }
            all += piece
            let kept = log.kept
            let rest = all.dropFirst(kept)
            #expect(log.start == Array(all.prefix(kept)))
            #expect(log.end == Array(rest.suffix(kept)), "of \(all), keeping \(kept)")
            #expect(log.leftOut == max(0, rest.count - kept))
            #expect(log.written == all.count)
        }
    }
}
