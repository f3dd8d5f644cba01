/// A plugin to begin with, in one language: the files of an example under `Plugins/examples`, with the name of the new
/// plugin in place of the example's. They are part of the program, which needs nothing beside it to write them.
public struct PluginTemplate: Sendable {
    public enum Language: String, Sendable, CaseIterable { case python, swift, shell }

    public let language: Language
    /// What the example is called, wherever its files name it.
    private let example: String
    private let contents: [(path: String, bytes: [UInt8])]

    public init(_ language: Language) {
        self.language = language
        switch language {
        case .python:
            example = "passages-python"
            contents = [
                ("plugin.yaml", PackageResources.python_plugin_txt), ("stage.py", PackageResources.python_stage_txt),
                ("headwater.py", PackageResources.python_headwater_txt), ("test_stage.py", PackageResources.python_test_txt),
            ]
        case .swift:
            example = "passages-swift"
            contents = [
                ("plugin.yaml", PackageResources.swift_plugin_txt), ("Package.swift", PackageResources.swift_package_txt),
                ("Sources/Passages.swift", PackageResources.swift_passages_txt),
                ("Sources/Main.swift", PackageResources.swift_main_txt),
                ("Tests/PassagesTests.swift", PackageResources.swift_tests_txt),
            ]
        case .shell:
            example = "lines-awk"
            contents = [
                ("plugin.yaml", PackageResources.shell_plugin_txt), ("start.sh", PackageResources.shell_start_txt),
                ("stage.awk", PackageResources.shell_stage_txt), ("json.awk", PackageResources.shell_json_txt),
                ("test.sh", PackageResources.shell_test_txt),
            ]
        }
    }

    /// The files of a plugin, by their paths in its folder.
    ///
    /// - Parameters:
    ///   - name: of the plugin.
    ///   - package: where Headwater's own package lies, on which a plugin in Swift is built.
    public func files(name: String, package: String = "") -> [(path: String, text: String)] {
        contents.map { path, bytes in
            var text = String(decoding: bytes, as: UTF8.self).replacing(example, with: name)
            if path == "Package.swift" {
                text = text.replacing(PluginTemplate.examplePackage, with: PluginTemplate.literal(package))
            }
            return (path, text)
        }
    }

    /// Where the package lies for the example.
    private static let examplePackage = "\"../../..\""

    /// A literal of Swift.
    private static func literal(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
