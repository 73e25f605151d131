// swift-tools-version: 6.2
import PackageDescription

// A package of its own, built with libFuzzer by `scripts/fuzz`. What each target stresses is in its first comment.
let package = Package(
    name: "nightjar-fuzz",
    dependencies: [.package(name: "nightjar", path: "..")],
    targets: [
        .fuzzer("FuzzCron", ["NightjarConcurrency"]),
        .fuzzer("FuzzStruct", ["NightjarBinary"]),
        .fuzzer("FuzzZip", ["NightjarBinary"]),
        .fuzzer("FuzzFormat", ["NightjarLogging"]),
        .fuzzer("FuzzMessage", ["Nightjar"]),
    ],
    swiftLanguageModes: [.v6]
)

extension Target {
    static func fuzzer(_ name: String, _ products: [String]) -> Target {
        // libFuzzer brings the main function.
        .executableTarget(
            name: name, dependencies: products.map { .product(name: $0, package: "nightjar") },
            exclude: name == "FuzzMessage" ? ["roundtrip.lua"] : [],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    }
}
