import Synchronization

/// The files of the sealed packs that were read last, kept open for the next read: to open a file takes longer than to read a
/// small entry. They are few, as there may be more packs than a process may hold open.
final class OpenPacks: Sendable {
    static let most = 16

    /// The one that was read last comes last.
    private let files = Mutex<[(number: Int, file: File)]>([])

    /// The pack's file; nil if it is gone.
    func file(of pack: SealedPack) throws(StoreError) -> File? {
        let known = files.withLock { files -> File? in
            guard let index = files.lastIndex(where: { $0.number == pack.number }) else { return nil }
            if index < files.count - 1 { files.append(files.remove(at: index)) }
            return files.last?.file
        }
        if let known { return known }
        guard let file = try File(ifExists: pack.path, .read, on: pack.disk) else { return nil }
        files.withLock { files in
            if files.count >= OpenPacks.most { files.removeFirst() }
            files.append((pack.number, file))
        }
        return file
    }

    /// Closes the files of all other packs: the space of one that was removed is free when it is.
    func keep(_ packs: [SealedPack]) {
        files.withLock { files in
            files.removeAll { file in !packs.contains { $0.number == file.number } }
        }
    }
}
