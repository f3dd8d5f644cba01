// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "passages-swift",
    dependencies: [.package(name: "headwater", path: "../../..")],
    targets: [
        .executableTarget(
            name: "Plugin", dependencies: [.product(name: "HeadwaterPluginKit", package: "headwater")], path: "Sources"),
        .testTarget(
            name: "PluginTests", dependencies: ["Plugin", .product(name: "HeadwaterTesting", package: "headwater")], path: "Tests"
        ),
    ]
)
