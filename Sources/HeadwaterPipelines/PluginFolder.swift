import Glibc
public import HeadwaterModel

/// A folder with a plugin in it: its manifest, and the digest of the files that make it up.
public enum PluginFolder {
    public static let manifestName = "plugin.yaml"

    /// Reads the plugin in a folder.
    ///
    /// - Parameters:
    ///   - path: the folder; a relative path counts from `workingDirectory`. Diagnostics name it as it is given here.
    ///   - environment: the variables of this process, of which the plugin may see those it names.
    /// - Throws: all faults of the manifest at once.
    public static func load(
        _ path: String, workingDirectory: String, environment: [String: String]
    ) throws(PipelineFaults) -> PluginManifest {
        let file = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/" + manifestName
        let bytes = try PipelineFile.read(file, workingDirectory: workingDirectory)
        try PipelineFile.check(bytes, path: file)
        let folder = PathText.folder(of: PathText.absolute(file, from: workingDirectory))
        let result = try PluginManifestReader(folder: folder, environment: environment).read(SourceText(file: file, bytes: bytes))
        var manifest = result.manifest
        // Where it truly lies: a sandbox shows that path, and what links lead to is looked for there.
        manifest.folder = real(folder)
        manifest.declaration.digest = try digest(of: folder, named: result.files, manifest: file)
        return manifest
    }

    /// The folders with a manifest in the folders of a search path: by name, the first of each name.
    public static func all(in searchPath: [String], workingDirectory: String) -> [(name: String, path: String)] {
        var found: [String: String] = [:]
        for place in searchPath {
            for name in names(in: PathText.absolute(place, from: workingDirectory)) where found[name] == nil {
                let path = (place.hasSuffix("/") ? String(place.dropLast()) : place) + "/" + name
                let manifest = PathText.absolute(path, from: workingDirectory) + "/" + manifestName
                if access(manifest, F_OK) == 0 { found[name] = path }
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func real(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    // MARK: The files

    /// Nothing that comes and goes as a plugin is used or edited.
    private static let passing: Set = ["__pycache__", "node_modules", "target"]
    private static let mostFiles = 10_000

    /// Digest over path, whether it may be executed, and content of every file, sorted by path.
    private static func digest(of folder: String, named: [String], manifest: String) throws(PipelineFaults) -> Digest {
        var paths: [String] = []
        if named.isEmpty {
            try collect(folder, "", into: &paths, manifest)
        } else {
            for name in named {
                guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                    throw fault(manifest, "\"files\" names \(name), which is not inside the plugin's folder")
                }
                var status = stat()
                guard stat(folder + "/" + name, &status) == 0 else {
                    throw fault(manifest, "\"files\" names \(name), which is not there")
                }
                if status.st_mode & S_IFMT == S_IFDIR {
                    try collect(folder, name + "/", into: &paths, manifest)
                } else {
                    paths.append(name)
                }
            }
            paths.append(manifestName)
        }
        var list: [JSON] = []
        for path in Set(paths).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let place = folder + "/" + path
            let descriptor = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { throw fault(manifest, "\(path) cannot be read: \(String(cString: strerror(errno)))") }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            var hasher = DigestHasher()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw fault(manifest, "\(path) cannot be read: \(String(cString: strerror(errno)))") }
                if count == 0 { break }
                buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            }
            list.append([.string(path), .bool(status.st_mode & S_IXUSR != 0), .string(hasher.finish().description)])
        }
        return JSON.array(list).digest
    }

    private static func collect(
        _ folder: String, _ prefix: String, into paths: inout [String], _ manifest: String
    ) throws(PipelineFaults) {
        guard prefix.utf8.count < 1024 else { throw fault(manifest, "the plugin's folders are nested too deeply") }
        for name in names(in: folder + "/" + prefix)
        where !name.hasPrefix(".") && !passing.contains(name) && !name.hasSuffix(".pyc") {
            var status = stat()
            guard lstat(folder + "/" + prefix + name, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                try collect(folder, prefix + name + "/", into: &paths, manifest)
            } else {
                paths.append(prefix + name)
            }
            guard paths.count <= mostFiles else {
                throw fault(
                    manifest, "the plugin's folder holds more than \(mostFiles) files; name those that make it up under \"files\""
                )
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func fault(_ file: String, _ message: String) -> PipelineFaults {
        PipelineFaults([Diagnostic(position: SourcePosition(file: file), message: message)])
    }
}
