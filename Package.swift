// swift-tools-version: 6.1
import PackageDescription

/// What every target of ours is compiled with. Warnings become errors when `HEADWATER_STRICT` is set, as the
/// test command does, so that a newer compiler's new warning never stops a user's build.
let strict = Context.environment["HEADWATER_STRICT"] != nil
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (strict ? [.unsafeFlags(["-warnings-as-errors"])] : [])

/// One of our libraries under `Sources/`.
func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A built-in stage: a plain library target that lives in `Plugins/` beside the external ones.
func plugin(_ folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: "Headwater" + folder,
        dependencies: ["HeadwaterPluginKit", "HeadwaterModel"] + dependencies,
        path: "Plugins/" + folder,
        exclude: ["README.md"],
        swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

func system(_ name: String, _ pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let templates = [
    "python-plugin", "python-stage", "python-headwater", "python-test", "swift-plugin", "swift-package", "swift-passages",
    "swift-main", "swift-tests", "shell-plugin", "shell-start", "shell-stage", "shell-json", "shell-test",
]

let package = Package(
    name: "headwater",
    products: [
        .executable(name: "headwater", targets: ["headwater"]),
        .library(name: "HeadwaterPluginKit", targets: ["HeadwaterPluginKit", "HeadwaterModel"]),
        .library(name: "HeadwaterTesting", targets: ["HeadwaterTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        system("CYAML", "yaml-0.1", apt: "libyaml-dev"),
        system("CCrypto", "libcrypto", apt: "libssl-dev"),
        system("CZstd", "libzstd", apt: "libzstd-dev"),
        system("CZlib", "zlib", apt: "zlib1g-dev"),
        // Without a file for pkg-config.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        system("CLzma", "liblzma", apt: "liblzma-dev"),
        system("CBrotli", "libbrotlidec", apt: "libbrotli-dev"),
        system("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        system("CUchardet", "uchardet", apt: "libuchardet-dev"),
        system("CSQLite", "sqlite3", apt: "libsqlite3-dev"),

        // Checksums for SQLite's pages, in C because SQLite wants structures of functions.
        .target(name: "CPageCheck", linkerSettings: [.linkedLibrary("sqlite3")]),

        // What posix_spawn cannot do for a child, in C because it runs between a fork and a program.
        .target(name: "CSpawn"),

        // Tables only, in C because Swift would take minutes to compile them.
        .target(name: "CCharsetIndexes", exclude: ["make.py"]),
        .target(name: "CNameTables", exclude: ["make.py", "README.md"]),
        library("HeadwaterModel", ["CCrypto", "CCharsetIndexes"]),
        library("HeadwaterCompression", ["CZstd", "CZlib", "CBzip2", "CLzma", "CBrotli"]),
        library("HeadwaterProcesses", ["CSpawn"]),
        library("HeadwaterPluginKit", ["HeadwaterModel"]),
        library("HeadwaterTesting", ["HeadwaterPluginKit", "HeadwaterModel"]),

        // Written in C++, so it needs a C face of ours.
        .target(name: "CCLD2", linkerSettings: [.linkedLibrary("cld2")]),

        library("HeadwaterPipelines", ["HeadwaterModel", "CYAML"]),
        library("HeadwaterStore", ["HeadwaterModel", "CZstd", "CZlib"]),
        library("HeadwaterLineage", ["HeadwaterStore", "HeadwaterModel", "CSQLite", "CPageCheck"]),
        library(
            "HeadwaterEngine",
            ["HeadwaterStore", "HeadwaterLineage", "HeadwaterPluginKit", "HeadwaterPipelines", "HeadwaterModel"]),
        library("HeadwaterWorkers", ["HeadwaterProcesses", "HeadwaterPluginKit", "HeadwaterModel"]),
        // Links to the files under Plugins/examples, which `plugin new` writes.
        .target(
            name: "HeadwaterTemplates",
            resources: templates.map { .embedInCode("Files/\($0).txt") }, swiftSettings: settings),
        plugin("Fetch", ["HeadwaterCompression", "CCurl", "CUchardet"]),
        plugin("Clean", ["CCLD2"]),
        plugin("Dedupe"),
        plugin("Extract", ["CNameTables"]),
        plugin("Link"),
        plugin("Summarize"),
        plugin("Command", ["HeadwaterProcesses"]),

        .executableTarget(
            name: "headwater",
            dependencies: [
                "HeadwaterEngine", "HeadwaterWorkers", "HeadwaterLineage", "HeadwaterStore", "HeadwaterPipelines",
                "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterProcesses", "HeadwaterTemplates", "HeadwaterCompression",
                "CMalloc",
                "HeadwaterFetch", "HeadwaterClean", "HeadwaterDedupe", "HeadwaterExtract", "HeadwaterLink",
                "HeadwaterSummarize", "HeadwaterCommand",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // A plugin in a process of its own, as its folder's own package builds it.
        .executableTarget(
            name: "passages-swift", dependencies: ["HeadwaterPluginKit", "HeadwaterModel"],
            path: "Plugins/examples/passages-swift/Sources", swiftSettings: settings),

        // What `make bench` runs beside the command; part of no product.
        .executableTarget(
            name: "task-benchmark",
            dependencies: ["HeadwaterEngine", "HeadwaterPipelines", "HeadwaterStore", "HeadwaterPluginKit", "HeadwaterModel"],
            path: "Tests/Benchmark/Tasks", swiftSettings: settings),
        .executableTarget(
            name: "benchmark-plugin", dependencies: ["HeadwaterPluginKit", "HeadwaterModel"], path: "Tests/Benchmark/Plugin",
            swiftSettings: settings),
        .executableTarget(
            name: "dedupe-benchmark", dependencies: ["HeadwaterDedupe", "HeadwaterPluginKit", "HeadwaterModel"],
            path: "Tests/Benchmark/Dedupe", swiftSettings: settings),

        // What `Tests/Quality/train_lines.py` learns from; part of no product.
        .executableTarget(
            name: "clean-signals", dependencies: ["HeadwaterClean", "HeadwaterPluginKit", "HeadwaterModel"],
            path: "Tests/Quality/Signals", swiftSettings: settings),

        // What `Tests/Quality/train_names.py` learns from; part of no product.
        .executableTarget(
            name: "name-signals", dependencies: ["HeadwaterExtract", "HeadwaterModel"], path: "Tests/Quality/NameSignals",
            swiftSettings: settings),

        // What `make fuzz` runs; part of no product.
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "HeadwaterFetch", "HeadwaterClean", "HeadwaterExtract", "HeadwaterPipelines", "HeadwaterCompression",
                "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting",
            ],
            path: "Tests/Fuzz", exclude: ["Cases"], swiftSettings: settings),

        tests("FuzzTests", ["fuzz", "HeadwaterTesting"]),
        tests("ArchitectureTests", []),
        tests(
            "HeadwaterEngineTests",
            [
                "HeadwaterEngine", "HeadwaterPipelines", "HeadwaterStore", "HeadwaterLineage", "HeadwaterPluginKit",
                "HeadwaterModel", "HeadwaterTesting",
            ]),
        tests(
            "HeadwaterLineageTests",
            [
                "HeadwaterLineage", "HeadwaterEngine", "HeadwaterPipelines", "HeadwaterStore", "HeadwaterModel",
                "HeadwaterTesting", "HeadwaterFetch", "HeadwaterClean", "HeadwaterDedupe", "HeadwaterExtract",
                "HeadwaterSummarize",
            ]),
        tests(
            "ScenarioTests",
            ["headwater", "storm", "passages-swift", "HeadwaterLineage", "HeadwaterStore", "HeadwaterModel", "HeadwaterTesting"],
            exclude: ["Pinned", "Plugins"]),
        tests("HeadwaterModelTests", ["HeadwaterModel", "HeadwaterTesting"]),
        tests("HeadwaterPluginKitTests", ["HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"]),
        tests(
            "HeadwaterPipelinesTests", ["HeadwaterPipelines", "HeadwaterModel", "HeadwaterTesting"],
            resources: [.copy("Fixtures")]),
        tests("HeadwaterStoreTests", ["HeadwaterStore", "HeadwaterModel", "HeadwaterTesting", "storm"]),
        .executableTarget(
            name: "storm", dependencies: ["HeadwaterStore", "HeadwaterModel", "HeadwaterTesting"], path: "Tests/Storm",
            swiftSettings: settings),
        tests("HeadwaterProcessesTests", ["HeadwaterProcesses", "HeadwaterTesting"]),
        tests(
            "HeadwaterWorkersTests",
            ["HeadwaterWorkers", "passages-swift", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"]),
        tests(
            "HeadwaterFetchTests",
            ["HeadwaterFetch", "HeadwaterCompression", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"],
            resources: [.copy("Fixtures")]),
        tests(
            "HeadwaterCleanTests", ["HeadwaterClean", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"],
            resources: [.copy("Fixtures")]),
        tests("HeadwaterDedupeTests", ["HeadwaterDedupe", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"]),
        tests(
            "HeadwaterExtractTests", ["HeadwaterExtract", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"],
            resources: [.copy("Fixtures")]),
        tests(
            "HeadwaterLinkTests",
            ["HeadwaterLink", "HeadwaterExtract", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"]),
        tests("HeadwaterSummarizeTests", ["HeadwaterSummarize", "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting"]),
    ]
)
