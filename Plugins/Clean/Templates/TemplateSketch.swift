import HeadwaterModel
import HeadwaterPluginKit

/// What the search for templates knows of a page: whose it is, and hashes of the blocks that would be kept of it.
struct TemplateSketch: Equatable {
    /// A kept block, as it may stand on other pages of the host.
    struct Block: Equatable {
        var hash: UInt64
        /// Whether it is prose of some length, which pages repeat for other reasons than their template's.
        var isLong: Bool
    }

    /// Bytes from which a block counts as long: about two sentences.
    private static let longLength = 200

    var host: UInt64
    var blocks: [Block]

    init(_ article: Article, locator: String) {
        let host = TemplateHost(locator: locator).hash
        self.host = host
        blocks = article.blocks.compactMap { block in
            guard block.reason == nil, !block.text.isEmpty else { return nil }
            return Block(
                hash: TemplateSketch.hash(of: block, host: host), isLong: block.text.count >= TemplateSketch.longLength)
        }
    }

    /// Of what a reader sees, and of the host, so that nothing is a template on two of them.
    static func hash(of block: HeadwaterClean.Block, host: UInt64) -> UInt64 {
        block.text.reduce(host) { FNV1a.adding($1, to: $0) }
    }

    /// Equal for pages of a host that say the same: copies of a page count once.
    var content: UInt64 {
        blocks.reduce(host) { hash, block in
            (0..<8).reduce(hash) { FNV1a.adding(UInt8(truncatingIfNeeded: block.hash >> ($1 * 8)), to: $0) }
        }
    }
}

// MARK: As bytes

extension TemplateSketch {
    private static let format: StaticString = "clean.templates"
    private static let version: UInt8 = 1

    private init(host: UInt64, blocks: [Block]) {
        self.host = host
        self.blocks = blocks
    }

    static func encode(_ sketches: [TemplateSketch]) -> [UInt8] {
        PackedWriter.list(sketches, format: format, version: version) { writer, sketch in
            writer.hash(sketch.host)
            writer.list(sketch.blocks) { writer, block in
                writer.hash(block.hash)
                writer.flag(block.isLong)
            }
        }
    }

    static func decode(_ bytes: [UInt8]) throws -> [TemplateSketch] {
        try PackedReader.list(of: bytes, format: format, version: version, ofAtLeast: 9) { reader in
            TemplateSketch(
                host: try reader.hash(),
                blocks: try reader.list(ofAtLeast: 9) { Block(hash: try $0.hash(), isLong: try $0.flag()) })
        }
    }
}

extension PackedWriter {
    mutating func hash(_ value: UInt64) {
        word(UInt32(truncatingIfNeeded: value))
        word(UInt32(truncatingIfNeeded: value >> 32))
    }
}

extension PackedReader {
    mutating func hash() throws -> UInt64 { UInt64(try word()) | UInt64(try word()) << 32 }
}
