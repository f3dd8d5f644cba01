import HeadwaterTesting

/// One way in for bytes from outside: what good input looks like, and what must hold of any.
struct Subject {
    let name: String
    /// Good input to begin with, and what was found before.
    let seeds: @Sendable () -> [[UInt8]]
    /// What input consists of, so that mutations move whole parts of it.
    var grains: [Grain] = [.bytes, .lines]
    /// Words that mean something.
    var words: [String] = []
    /// Packs what was mutated, where mutations of the packed bytes would not come far.
    var pack: (@Sendable ([UInt8], inout SplitMix) -> [UInt8])?
    /// Processor time that a case may take, in seconds; nil for what goes with its size.
    var limit: Double?
    /// Makes the function that reads input, throws where a law does not hold, and returns a number for the shape of what came out.
    let reader: @Sendable (_ folder: String) throws -> (_ bytes: [UInt8]) throws -> Int

    func packed(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] { pack?(bytes, &random) ?? bytes }

    static let all: [Subject] =
        [.page, .flatText, .charset, .feed, .robots, .answerHead, .pipeline, .json] + Subject.containers

    static func named(_ name: String) -> Subject? { (all + selfTests).first { $0.name == name } }

    /// Do what readers must not where they meet a word, so that a test can see it found.
    private static let selfTests: [Subject] = ["crash", "law", "time"].map { kind in
        Subject(name: "self-test-" + kind, seeds: { [Array("so".utf8)] }, words: ["!"], limit: 0.05) { _ in
            { bytes in
                guard bytes.contains(UInt8(ascii: "!")) else { return bytes.count }
                switch kind {
                case "crash": fatalError("it crashes as it should")
                case "law": throw Fuzz.Broken("it is broken as it should be")
                default: while true {}
                }
            }
        }
    }

    /// What was found in this subject before.
    static func cases(_ name: String) -> [[UInt8]] { Fuzz.files("Tests/Fuzz/Cases/\(name)").map(\.bytes) }
}

/// What input consists of.
enum Grain {
    case bytes, lines, tags, blocks
}

/// The shape of an outcome, as a number: equal ones are likely to have taken the same way.
struct Shape {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a.
    mutating func add(_ text: String) {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }

    /// Counts are told apart roughly: 3 and 4 are not, 3 and 30 are.
    mutating func add(_ count: Int) { add("\(count.bitWidth - count.leadingZeroBitCount)") }

    var number: Int { Int(truncatingIfNeeded: hash) }
}
