// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "nightjar",
    products: [
        .library(name: "Nightjar", targets: ["Nightjar"]),
        .library(name: "NightjarLua", targets: ["NightjarLua"]),
        .library(name: "NightjarLogging", targets: ["NightjarLogging"]),
        .library(name: "NightjarConcurrency", targets: ["NightjarConcurrency"]),
        .library(name: "NightjarBinary", targets: ["NightjarBinary"]),
        .library(name: "NightjarTransport", targets: ["NightjarTransport"]),
        .executable(name: "nightjar", targets: ["nightjar-cli"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // The C libraries of the system, and the only C of our own: what Lua needs, thread-local variables, and libcurl when asked for.
        .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CLuaSupport", dependencies: ["CLua"]),
        .target(name: "CThreadSupport"),
        // Needs libcurl's headers (libcurl4-openssl-dev) and links nothing.
        .target(name: "CCurl"),

        // What knows one thing each.
        .target(name: "NightjarLua", dependencies: ["CLua", "CLuaSupport"]),
        .target(
            name: "NightjarConcurrency",
            dependencies: ["CThreadSupport", .product(name: "DequeModule", package: "swift-collections")]),
        .target(name: "NightjarTransport", dependencies: ["CCurl", "NightjarConcurrency"]),
        .target(name: "NightjarLogging", dependencies: ["NightjarConcurrency", "NightjarTransport", "CZlib"]),
        .target(name: "NightjarBinary", dependencies: ["CDeflate", "CZlib"]),

        // Where Lua meets the rest, what an application imports, and the command.
        .target(
            name: "NightjarModules",
            dependencies: ["NightjarLua", "NightjarConcurrency", "NightjarLogging", "NightjarBinary"]),
        .target(
            name: "Nightjar",
            dependencies: ["NightjarModules", "NightjarLua", "NightjarLogging", "NightjarConcurrency"]),
        .executableTarget(
            name: "nightjar-cli",
            dependencies: [
                "Nightjar", "NightjarConcurrency", "NightjarLua",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "Host", dependencies: ["Nightjar"], path: "examples/Host", exclude: ["logging.lua"]),
        .executableTarget(
            name: "Background", dependencies: ["Nightjar"], path: "examples/Background", exclude: ["workers.lua"]),
        .executableTarget(
            name: "Components", dependencies: ["Nightjar"], path: "examples/Components", exclude: ["config.lua"]),

        .testTarget(name: "NightjarLuaTests", dependencies: ["NightjarLua"]),
        .testTarget(name: "NightjarConcurrencyTests", dependencies: ["NightjarConcurrency"]),
        .testTarget(name: "NightjarTransportTests", dependencies: ["NightjarTransport"]),
        .testTarget(name: "NightjarLoggingTests", dependencies: ["NightjarLogging"], exclude: ["Goldens"]),
        .testTarget(name: "NightjarBinaryTests", dependencies: ["NightjarBinary"]),
        .testTarget(name: "NightjarModulesTests", dependencies: ["NightjarModules", "Nightjar"]),
        .testTarget(name: "NightjarTests", dependencies: ["Nightjar"]),
        .testTarget(name: "CommandTests", dependencies: ["nightjar-cli", "Host", "Background", "Components"]),
    ],
    swiftLanguageModes: [.v6]
)

// One loop, so that no target is stricter or laxer than its neighbours.
let ownC = ["CLuaSupport", "CThreadSupport", "CCurl"]
for target in package.targets where target.type != .system && !ownC.contains(target.name) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
