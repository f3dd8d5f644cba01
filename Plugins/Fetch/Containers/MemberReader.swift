import Glibc
import HeadwaterCompression
import HeadwaterModel
import HeadwaterPluginKit
import Synchronization

/// Reads parts of files. Files stay open for the next part, and what is compressed as a whole is unpacked once, into a file
/// without a name.
final class MemberReader: Sendable {
    /// A file that members are read from: as it lies there, or unpacked.
    private struct Place: Hashable {
        var path: [UInt8]
        var stamp: FileStamp
        /// Nil for the file as it is.
        var unpacked: Container.Layer?
    }

    private struct State {
        var open: [Place: OpenFile] = [:]
        /// The places in `open`, the one used last at the end.
        var used: [Place] = []
        /// What the packed bytes that were unpacked last hold, for the next part of them.
        var last: (place: Place, result: Unpacking.Result)?
    }

    private let state = Mutex(State())
    /// Files are unpacked one after the other: two that need the same would else both do it.
    private let unpacking = Mutex(())

    private static let mostOpen = 16
    /// Packed bytes beyond which they are unpacked into a file for the parts of what they hold.
    private static let smallLayer = 1 << 20
    /// What fewer hold is kept in memory for the next part, up to so many bytes.
    private static let mostKept = 16 << 20
    /// After so many bytes it is seen whether the disk has room for as many and as many more, which others may need.
    private static let freeStep = 64 << 20

    /// Of what one part unpacks to, in bytes.
    private let maximumLength: Int
    /// Of what lies unpacked in a file.
    private let limits: UnpackingLimits
    /// The one file whose parts are read; nil where each is opened by its path.
    private let only: OpenFile?

    init(
        maximumLength: Int = Unpacking.maximumLength, limits: UnpackingLimits = UnpackingLimits(), only: OpenFile? = nil
    ) {
        self.maximumLength = maximumLength
        self.limits = limits
        self.only = only
    }

    /// The bytes of a member, and what is known of them. Bytes that cannot be unpacked are given as they lie in the file, with
    /// the reason among the facts.
    ///
    /// - Throws: `StageError` where the file cannot be read or is not what it was when its members were listed.
    func read(_ member: Member) throws -> Retrieved {
        var facts = member.facts
        let checksum = facts.removeValue(forKey: MemberFact.checksum)
        var layers = member.layers[...]
        do {
            var file = try open(Place(path: member.file.path, stamp: member.file.stamp, unpacked: nil)) {
                try original(member.file)
            }
            if let first = layers.first, PackedStream.reads(first.codec), layers.count > 1,
                first.range.map({ $0.length > MemberReader.smallLayer }) ?? true
            {
                let packed = file
                file = try unpacking.withLock { _ in
                    try open(Place(path: member.file.path, stamp: member.file.stamp, unpacked: first)) {
                        try unpacked(packed, first)
                    }
                }
                layers = layers.dropFirst()
            }
            guard let layer = layers.first, let start = layer.range?.checked(within: Int.max) else {
                throw StageError("a part of \(PathText.shown(member.file.path)) has no place in it")
            }
            guard start.count <= FileReading.maximumSize else {
                return MemberReader.failed(
                    [], facts, "too-large", "it has \(start.count) bytes; a source has at most \(FileReading.maximumSize)")
            }
            let raw = try file.bytes(start)
            do {
                var result = try unpacked(raw, layer, of: member.file, isShared: layers.count > 1)
                for layer in layers.dropFirst() {
                    var bytes = result.bytes
                    if let range = layer.range {
                        let named = range.checked(within: Int.max) ?? 0..<0
                        bytes = Array(bytes[named.clamped(to: bytes.indices)])
                    }
                    let isTruncated = result.isTruncated
                    result = try Unpacking.bytes(of: bytes, layer.codec, limit: maximumLength)
                    result.isTruncated = result.isTruncated || isTruncated
                }
                if let checksum, String(Checksum.crc32(result.bytes), radix: 16) != checksum {
                    facts[MemberFact.fault] = "damaged"
                    facts[MemberFact.message] = "its bytes are not those that the archive's checksum is of"
                }
                if result.isTruncated && facts[MemberFact.truncated] == nil { facts[MemberFact.truncated] = "end of file" }
                return Retrieved(bytes: result.bytes, facts: facts)
            } catch let error as MemberFault {
                return MemberReader.failed(raw, facts, error.reason, error.description)
            } catch let error as StreamDecoder.Fault {
                return MemberReader.failed(raw, facts, "damaged", error.description)
            }
        } catch let fault as SystemFault {
            throw StageError("\(PathText.shown(member.file.path)) cannot be read: \(fault.reason)")
        }
    }

    /// What the first layer holds. Many members may lie in one: it is not unpacked anew for each.
    private func unpacked(
        _ raw: [UInt8], _ layer: Container.Layer, of file: MemberFile, isShared: Bool
    ) throws -> Unpacking.Result {
        guard isShared, PackedStream.reads(layer.codec) else {
            return try Unpacking.bytes(of: raw, layer.codec, limit: maximumLength)
        }
        let place = Place(path: file.path, stamp: file.stamp, unpacked: layer)
        if let last = state.withLock({ $0.last }), last.place == place { return last.result }
        let result = try Unpacking.bytes(of: raw, layer.codec, limit: maximumLength)
        if result.bytes.count <= MemberReader.mostKept { state.withLock { $0.last = (place, result) } }
        return result
    }

    private static func failed(
        _ bytes: [UInt8], _ facts: [String: String], _ reason: String, _ message: String
    ) -> Retrieved {
        Retrieved(
            bytes: bytes, facts: facts.merging([MemberFact.fault: reason, MemberFact.message: message]) { $1 })
    }

    private func original(_ file: MemberFile) throws -> OpenFile {
        let opened = try only ?? OpenFile(file.path)
        guard opened.stamp == file.stamp else {
            throw StageError(
                "\(PathText.shown(file.path)) changed after its parts were listed; run again when nothing writes to it")
        }
        return opened
    }

    private func unpacked(_ file: OpenFile, _ layer: Container.Layer) throws -> OpenFile {
        let range = layer.range?.checked(within: file.stamp.size) ?? 0..<file.stamp.size
        var offset = range.lowerBound
        let source = ByteStream { buffer in
            let count = try file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(range.upperBound - offset)), at: offset)
            offset += count
            return count
        }
        guard let packed = try PackedStream(source, layer.codec, limits) else {
            throw StageError("\(PathText.shown(file.path)) is not \(layer.codec.rawValue) any more; run again")
        }
        let folder = OpenFile.temporaryFolder
        func full(_ written: Int) -> StageError {
            StageError(
                "\(PathText.shown(file.path)) cannot be unpacked: \(folder) has no room for more than the first \(written) bytes "
                    + "of it; make room there, or name another folder with TMPDIR")
        }
        let target = try OpenFile(temporaryIn: folder)
        let content = packed.content
        var written = 0
        var checked = 0
        do {
            while try !content.hasEnded() {
                if written >= checked {
                    guard try target.freeBytes() > 2 * MemberReader.freeStep else { throw full(written) }
                    checked = written + MemberReader.freeStep
                }
                let count = try content.peek(1) { bytes in
                    try target.write(bytes, at: written)
                    return bytes.count
                }
                written += try content.skip(count)
            }
        } catch is StreamDecoder.Fault {
            // What came before is there, and no part was listed of what did not.
        } catch is MemberFault {
            // Likewise.
        } catch let fault as SystemFault where fault.number == ENOSPC || fault.number == EDQUOT {
            throw full(written)
        }
        return target
    }

    private func open(_ place: Place, _ make: () throws -> OpenFile) throws -> OpenFile {
        if let known = state.withLock({ state in
            state.used.removeAll { $0 == place }
            state.used.append(place)
            return state.open[place]
        }) {
            return known
        }
        let made = try make()
        state.withLock { state in
            state.open[place] = made
            while state.used.count > MemberReader.mostOpen { state.open[state.used.removeFirst()] = nil }
        }
        return made
    }
}
