// swift-tools-version:6.2
// The import table of DESIGN and ARCHITECTURE.md as targets; TidyTests holds the sources to it.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Swift's own libraries within the binary: it runs where no Swift is, and counting references and allocating go without a jump through the loader's table
/// (12 % of rendering a template). Only where it is linked: the tests use the very modules that are shipped, with the libraries of the toolchain.
let withSwiftItself = ["-static-stdlib", "-Xlinker", "--start-group"]
    + ["Foundation", "CoreFoundation", "FoundationEssentials", "FoundationInternationalization", "_FoundationICU", "_FoundationCShims", "_FoundationCollections"].map { "-l\($0)" }
    + ["-Xlinker", "--end-group"]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["\(name).md"], swiftSettings: settings)
}

/// A module whose tests look inside. The flag is set here and not on the command line, so that the tests use the very build that is shipped
/// and the dependencies are compiled once; nothing in these modules is hot.
func openModule(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["\(name).md"], swiftSettings: settings + [.unsafeFlags(["-enable-testing"])])
}

/// A module whose loops run for every event: its own accesses are not checked again while it runs (5 % of applying), the compiler's checks stay.
func hotModule(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["\(name).md"], swiftSettings: settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "martlet", targets: ["martlet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The C that Swift cannot express well: checksums and keyed hashes with hardware dispatch, and three system libraries.
        .target(name: "CKernels"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),

        module("Vocabulary"),
        module("Storage", ["Vocabulary", "CKernels", .product(name: "GRDB", package: "GRDB.swift")]),
        module("Privacy", ["Vocabulary", "Storage", "CCrypto", .product(name: "GRDB", package: "GRDB.swift")]),
        module("Access", ["Vocabulary", "Storage", "CCrypto", .product(name: "GRDB", package: "GRDB.swift")]),
        module("Packing", ["CKernels", "CZstd"]),
        module("EventLog", ["Vocabulary", "Storage", "Privacy", "Packing", "CKernels", "CZstd"]),
        module("Ingest", ["Vocabulary", "Storage", "Privacy", "EventLog", "CKernels", "CZlib", "CZstd", .product(name: "GRDB", package: "GRDB.swift")]),
        hotModule("Identity", ["Vocabulary", "Storage", "Privacy", "EventLog", "CKernels"]),
        hotModule("Columnar", ["Packing", "CKernels"]),
        hotModule("Profiles", ["Vocabulary", "Storage", "Privacy", "EventLog", "Identity", "Packing", "Columnar", "CKernels"]),
        hotModule("Matching", ["Vocabulary"]),
        hotModule("Templates", ["Vocabulary"]),
        openModule("Mail", [
            "Vocabulary", "CCrypto", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOTLS", package: "swift-nio"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
        ]),
        module("Segments", ["Vocabulary", "Storage", "Privacy", "EventLog", "Identity", "Profiles", "Columnar", "CKernels", .product(name: "GRDB", package: "GRDB.swift")]),
        module("Resolution", ["Vocabulary", "Storage", "Privacy", "EventLog", "Identity", "Profiles", "Columnar", "Matching", .product(name: "GRDB", package: "GRDB.swift")]),
        module("Analytics", ["Vocabulary", "Privacy", "Profiles", "Segments", "Columnar"]),
        module(
            "Decisions",
            [
                "Vocabulary", "Storage", "Privacy", "EventLog", "Identity", "Profiles", "Segments", "Columnar", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        module("Delivery", ["Vocabulary", "Storage", "Templates", "Mail", "Privacy", "EventLog", "Identity", "Profiles", "Segments", "Decisions", .product(name: "GRDB", package: "GRDB.swift")]),
        module(
            "Webhooks",
            [
                "Vocabulary", "Privacy", "Identity", "Delivery", "CCrypto", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio"),
            ]),
        openModule("Console"),
        openModule("BrowserSDK"),
        openModule("Demo"),
        module(
            "Server",
            [
                "Vocabulary", "Storage", "Privacy", "Access", "EventLog", "Ingest", "Identity", "Profiles", "Columnar", "Segments", "Analytics", "Matching", "Resolution", "Templates", "Mail", "Decisions", "Delivery", "Webhooks", "Console", "BrowserSDK", "Demo", "CZlib", "CKernels",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "Server", "Delivery", "Demo", "Ingest", "Matching", "Templates", "Vocabulary", .product(name: "Logging", package: "swift-log"), .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings,
            linkerSettings: [.unsafeFlags(withSwiftItself, .when(platforms: [.linux]))]
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "Vocabulary", "Storage", "Privacy", "EventLog", "Ingest", "Identity", "Profiles", "Segments", "CZstd", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/TestSupport", swiftSettings: settings
        ),
        tests("Vocabulary", ["Vocabulary", "TestSupport"]),
        tests("Packing", ["Packing", "TestSupport"]),
        tests("Columnar", ["Columnar", "TestSupport"]),
        tests("EventLog", ["EventLog", "Packing", "Vocabulary", "Privacy", "Storage", "CZstd", "TestSupport"]),
        tests("Ingest", ["Ingest", "EventLog", "Vocabulary", "Privacy", "Storage", "CZlib", "CZstd", "TestSupport"]),
        tests("Profiles", ["Profiles", "Identity", "EventLog", "Privacy", "Storage", "Vocabulary", "TestSupport"]),
        tests("Segments", ["Segments", "Analytics", "Columnar", "Profiles", "Identity", "EventLog", "Privacy", "Storage", "Vocabulary", "TestSupport"]),
        tests("Decisions", ["Decisions", "Segments", "Columnar", "Profiles", "Identity", "EventLog", "Ingest", "Privacy", "Storage", "Vocabulary", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
        tests("Matching", ["Matching", "Vocabulary"]),
        tests("Resolution", ["Resolution", "Matching", "Columnar", "Profiles", "Identity", "EventLog", "Privacy", "Storage", "Vocabulary", "TestSupport"]),
        tests("Delivery", ["Delivery", "Mail", "Decisions", "Webhooks", "Templates", "Segments", "Profiles", "Identity", "EventLog", "Privacy", "Storage", "Vocabulary", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
        tests("Privacy", ["Privacy", "Storage", "Vocabulary", "TestSupport"]),
        tests("Templates", ["Templates", "Delivery", "Vocabulary"]),
        tests("Mail", ["Mail", "Vocabulary"]),
        tests("Access", ["Access", "Storage", "Vocabulary", "TestSupport"]),
        tests("Console", ["Console"]),
        tests("Demo", ["Demo"]),
        tests("BrowserSDK", ["BrowserSDK"]),
        tests("Tidy", []),
    ]
)
