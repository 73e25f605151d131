// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that whoever uses Nightjar neither resolves nor builds what only measures it.
let package = Package(
    name: "nightjar-benchmarks",
    dependencies: [.package(name: "nightjar", path: "..")],
    targets: [
        .systemLibrary(name: "CLuaOfBenchmarks", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .target(name: "CCalls", dependencies: ["CLuaOfBenchmarks"]),
        .executableTarget(
            name: "calls",
            dependencies: ["CCalls", .product(name: "NightjarLua", package: "nightjar")],
            path: "Sources/Calls"),
        .executableTarget(name: "c-threads", dependencies: ["CLuaOfBenchmarks"], path: "Sources/CThreads"),
        .target(name: "CTransfer", dependencies: ["CLuaOfBenchmarks"]),
        .executableTarget(
            name: "transfer",
            dependencies: [
                "CTransfer", .product(name: "Nightjar", package: "nightjar"),
                .product(name: "NightjarLua", package: "nightjar"),
            ],
            path: "Sources/Transfer"),
        .target(name: "CQueues", dependencies: ["CLuaOfBenchmarks"]),
        .executableTarget(
            name: "queues",
            dependencies: [
                "CQueues", .product(name: "Nightjar", package: "nightjar"),
                .product(name: "NightjarLua", package: "nightjar"),
                .product(name: "NightjarConcurrency", package: "nightjar"),
            ],
            path: "Sources/Queues"),
        .executableTarget(
            name: "logs",
            dependencies: [
                .product(name: "Nightjar", package: "nightjar"),
                .product(name: "NightjarLua", package: "nightjar"),
                .product(name: "NightjarLogging", package: "nightjar"),
                .product(name: "NightjarConcurrency", package: "nightjar"),
            ],
            path: "Sources/Logging"),
        .systemLibrary(name: "CMalloc"),
        .executableTarget(
            name: "soak", dependencies: ["CMalloc", .product(name: "Nightjar", package: "nightjar")],
            path: "Sources/Soak"),
    ],
    swiftLanguageModes: [.v6]
)
