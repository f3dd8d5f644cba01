import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterStore
import Synchronization

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

/// How a command that prints facts prints them.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print facts as JSON.")
    var json = false

    @Option(name: .long, help: "When to use colour: auto, always or never.")
    var color: ColorChoice = .auto

    /// Called once the command line is parsed, before the command runs.
    func validate() { Style.choose(color) }
}

/// Options that every command takes which reads a store.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The store's folder. (default: artifacts/ beside the nearest pipelines/)", valueName: "dir"))
    var store: String?

    @OptionGroup var output: OutputOptions

    var json: Bool { output.json }

    /// The stores that this command has opened for reading, and what was said of them.
    private static let opened = Mutex<[(store: Store, said: Set<StoreWarning>)]>([])

    /// Says what damage was met since the stores were opened.
    /// - Throws: `ExitStatus.damaged` if there was any.
    static func sayWhatWasMet() throws {
        let met = opened.withLock { $0.flatMap { store, said in store.warnings.filter { !said.contains($0) } } }
        for warning in met { Console.warning(VisibleText.of("\(warning)")) }
        if met.contains(where: \.isDamage) { throw ExitStatus.damaged }
    }

    func path() throws -> String {
        guard let path = store ?? StoreOptions.nearest(from: FileManager.default.currentDirectoryPath) else {
            throw CommandFault(
                "no folder from here upwards has pipelines/ or artifacts/; say where the store is with --store DIR")
        }
        return path
    }

    func open() throws -> Store {
        let store = try Store.open(at: try path(), .read)
        for warning in store.warnings { Console.warning("\(warning)") }
        if (try? Store.pendingErasure(at: store.path)) ?? nil != nil {
            Console.warning("an erasure was begun in this store and is not finished: headwater erase --resume")
        }
        StoreOptions.opened.withLock { $0.append((store, Set(store.warnings))) }
        return store
    }

    /// Resolves what the user wrote, with the store it lies in.
    func resolve(_ text: String, in store: Store) throws -> Resolver.Resolved {
        let (resolved, field) = try resolveWithField(text, in: store)
        if field != nil { throw CommandFault("\(text): only trace asks for the field of a record; name the record") }
        return resolved
    }

    /// The same, and the field of the record that is asked for.
    func resolveWithField(_ text: String, in store: Store) throws -> (Resolver.Resolved, field: String?) {
        let reference = try Reference(text) { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
        let resolver = Resolver(store: store) {
            Console.plain(Style.standardError.bold("note: ") + VisibleText.of($0))
        }
        let resolved = try resolver.resolve(reference) { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFault("\(path) cannot be read; expected a published file that you may read")
            }
            return Array(data)
        }
        return (resolved, reference.field)
    }

    /// The store of the nearest folder upwards that has pipelines or a store.
    static func nearest(from folder: String) -> String? {
        var url = URL(fileURLWithPath: folder).standardizedFileURL
        while true {
            for name in ["pipelines", "artifacts/format"]
            where FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path) {
                return url.appendingPathComponent("artifacts").path
            }
            let above = url.deletingLastPathComponent().standardizedFileURL
            if above.path == url.path { return nil }
            url = above
        }
    }
}
