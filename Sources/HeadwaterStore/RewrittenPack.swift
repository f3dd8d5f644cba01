import HeadwaterModel

/// The pack that entries of others are copied to, as they are stored and each once. Of a dry one only the contents are
/// noted.
struct RewrittenPack {
    private let layout: StoreLayout
    private let settings: Store.Settings
    private let isDry: Bool
    private var writer: PackWriter?
    private var blobs: Set<Digest> = []
    private var bindings: Set<Digest> = []
    private var end = PackHeader.size

    init(_ layout: StoreLayout, _ settings: Store.Settings, isDry: Bool) {
        self.layout = layout
        self.settings = settings
        self.isDry = isDry
    }

    var isFull: Bool { end > settings.fullPack }

    /// Copies the blob as it is stored, checked; false if it is there already.
    mutating func append(blob row: PackIndex.Row, of pack: SealedPack, _ file: File) throws(StoreError) -> Bool {
        if blobs.contains(row.key) { return false }
        if !isDry {
            let entry = try pack.blob(row, in: file)
            try begin()
            try writer?.append(blob: entry)
        }
        blobs.insert(row.key)
        end += row.size
        return true
    }

    mutating func append(_ binding: Binding, _ entry: Entry) throws(StoreError) -> Bool {
        if !bindings.insert(entry.digest).inserted { return false }
        if !isDry {
            try begin()
            try writer?.append(binding: entry, Binding.lookupKey(binding.kind, binding.key), binding.kind)
        }
        end += EntryHeader.size + entry.stored.count
        return true
    }

    private mutating func begin() throws(StoreError) {
        // Not called a pack: what it holds is there already, so that writers need neither see it nor take it up.
        if writer == nil { writer = try PackWriter(in: layout, sync: settings.syncMarker(), "copy") }
    }

    /// Removes what was written, as far as it is not sealed. What cannot be removed is a leftover that the next writer removes.
    func discard() {
        if let writer { try? layout.disk.remove(writer.file.path) }
    }

    /// Seals what was written, durably; false if that is nothing.
    ///
    /// - Parameter announce: is told the pack's name before anybody can see the pack.
    mutating func finish(
        announcing announce: (Digest) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) -> Bool {
        defer { self = RewrittenPack(layout, settings, isDry: isDry) }
        _ = try writer?.seal(layout, announcing: announce)
        return !blobs.isEmpty || !bindings.isEmpty
    }
}
