// swift-tools-version: 6.2
import PackageDescription

/// The rules every target of ours is compiled by; `Docs/Architecture.md` says why each is worth having.
let rules: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// The worker for kernels in Python.
let pythonModules = [
    "arguments", "backend", "compile_server", "device", "failures", "fills", "helion_language", "helion_space", "main",
    "results",
    "sources", "timer", "triton_language", "triton_launch",
]

let package = Package(
    name: "autotune",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "autotune", targets: ["autotune"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .target(name: "ConfigSpace", swiftSettings: rules),
        .target(name: "KernelSpec", dependencies: ["ConfigSpace"], swiftSettings: rules),
        .target(
            name: "Prompts", path: "Prompts",
            resources: [
                .embedInCode("system.mustache"), .embedInCode("initial.mustache"), .embedInCode("refinement.mustache"),
                .embedInCode("cpu.mustache"), .embedInCode("cuda.mustache"), .embedInCode("helion.mustache"),
                .embedInCode("triton.mustache"), .embedInCode("again.mustache"),
            ],
            swiftSettings: rules),
        .target(
            name: "LanguageModel", dependencies: ["CCurl", crypto, subprocess, systemPackage],
            resources: [.embedInCode("Prices/prices.json")], swiftSettings: rules),
        .target(
            name: "Measurement",
            dependencies: ["ConfigSpace", "KernelSpec", crypto, subprocess, systemPackage],
            resources: pythonModules.map { .embedInCode("Python/Worker/\($0).py") },
            swiftSettings: rules),
        .target(name: "Search", dependencies: ["ConfigSpace", "Measurement"], swiftSettings: rules),
        .target(
            name: "Guidance",
            dependencies: [
                "ConfigSpace", "KernelSpec", "LanguageModel", "Measurement", "Prompts", "Search",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: rules),
        .target(
            name: "Tuning",
            dependencies: [
                "ConfigSpace", "Guidance", "KernelSpec", "LanguageModel", "Measurement", "Search", systemPackage,
            ],
            swiftSettings: rules),
        .target(
            name: "Reporting",
            dependencies: ["ConfigSpace", "KernelSpec", "Measurement", "Search", "Tuning"],
            swiftSettings: rules),
        .executableTarget(
            name: "autotune",
            dependencies: [
                "ConfigSpace", "Guidance", "KernelSpec", "LanguageModel", "Measurement", "Reporting", "Search",
                "Tuning",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: rules),
        // Measures what Benchmarks/*.py compare; no product of the package.
        .executableTarget(
            name: "autotune-benchmark",
            dependencies: [
                "ConfigSpace", "KernelSpec", "Measurement", "Search",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Program", swiftSettings: rules),
        .testTarget(name: "ConfigSpaceTests", dependencies: ["ConfigSpace"]),
        .testTarget(name: "KernelSpecTests", dependencies: ["KernelSpec", "ConfigSpace", subprocess]),
        // What a service may do that no proper server would.
        .target(
            name: "LoopbackServices", dependencies: [.product(name: "FlyingSocks", package: "FlyingFox")],
            path: "Tests/LoopbackServices"),
        .testTarget(
            name: "LanguageModelTests",
            dependencies: ["LanguageModel", "LoopbackServices", .product(name: "FlyingFox", package: "FlyingFox")]),
        .testTarget(name: "MeasurementTests", dependencies: ["Measurement", "autotune", subprocess]),
        .testTarget(name: "SearchTests", dependencies: ["Search"]),
        .testTarget(name: "GuidanceTests", dependencies: ["Guidance"]),
        .testTarget(name: "TuningTests", dependencies: ["Tuning"]),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting"]),
        .testTarget(
            name: "EndToEnd", dependencies: ["autotune", "LoopbackServices", subprocess, systemPackage],
            path: "Tests/EndToEnd"),
    ],
    swiftLanguageModes: [.v6]
)
