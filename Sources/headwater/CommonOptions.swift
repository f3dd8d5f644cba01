import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterStore

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

    func open() throws -> Store {
        guard let path = store ?? StoreOptions.nearest(from: FileManager.default.currentDirectoryPath) else {
            throw CommandFault(
                "no folder from here upwards has pipelines/ or artifacts/; say where the store is with --store DIR")
        }
        let store = try Store.open(at: path, .read)
        for warning in store.warnings { Console.warning("\(warning)") }
        return store
    }

    /// Resolves what the user wrote, with the store it lies in.
    func resolve(_ text: String, in store: Store) throws -> Resolver.Resolved {
        let reference = try Reference(text) { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
        let resolver = Resolver(store: store) {
            Console.plain(Style.standardError.bold("note: ") + VisibleText.of($0))
        }
        return try resolver.resolve(reference) { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFault("\(path) cannot be read; expected a published file that you may read")
            }
            return Array(data)
        }
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
