// swift-tools-version: 6.0
import PackageDescription

/// A library target; `uses` names the targets of ours that it may import (ImportTableTests holds this against the sources).
func library(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses)
}

/// A library product of a target, and of others whose vocabulary it speaks.
func product(_ name: String, with others: String...) -> Product { .library(name: name, targets: [name] + others) }

func tests(_ name: String, uses: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .testTarget(name: name, dependencies: uses + ["TestSupport"], path: "Tests/\(name)", resources: resources)
}

let everything: [Target.Dependency] = [
  "Environments", "ClassicControl", "Drawing", "JSONLines", "SpaceCoding", "Gymwire", "GymwireIO", "Conformance",
  "Kernels", "NeuralNetworks", "PolicyGradients", "Interchange", "Reporting", "CommandLineOptions",
]

/// What a server needs; without learning it needs no Foundation and starts in half the time.
let serving: [Target.Dependency] = ["Environments", "ClassicControl", "Gymwire", "GymwireIO", "CommandLineOptions"]

let package = Package(
  name: "gymwire",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "pgagent", targets: ["pgagent"]),
    .executable(name: "classic-control-server", targets: ["classic-control-server"]),
    .executable(name: "cartpole-server", targets: ["cartpole-server"]),
    .executable(name: "swingup-server", targets: ["swingup-server"]),
    product("Environments"), product("ClassicControl", with: "Environments"),
    product("PolicyGradients", with: "Environments"),
    .library(name: "Gymwire", targets: ["Environments", "Gymwire", "GymwireIO"]),
  ],
  dependencies: [],
  targets: [
    library("Environments"),
    .target(name: "CLibraryMath"),
    library("ClassicControl", uses: ["Environments", "CLibraryMath"]),
    library("Drawing", uses: ["Environments"]),
    .target(name: "CText"),
    library("JSONLines", uses: ["CText"]),
    library("SpaceCoding", uses: ["JSONLines", "Environments"]),
    library("Gymwire", uses: ["Drawing", "SpaceCoding", "JSONLines", "Environments"]),
    library("GymwireIO", uses: ["Gymwire", "SpaceCoding", "JSONLines", "Environments"]),
    .target(
      name: "Conformance", dependencies: ["GymwireIO", "Gymwire", "SpaceCoding", "JSONLines", "Environments"],
      exclude: ["Schemas/README.md", "Schemas/check.py", "Schemas/faults.json"],
      // A link to protocol/schema: the executable carries the very files, and no second description of a message.
      // So is the specification, which check --explain prints.
      resources: [.embedInCode("Schemas"), .embedInCode("SPEC.md"), .embedInCode("WORKERS.md")]),
    .target(name: "CKernels"),
    library("Kernels", uses: ["CKernels"]),
    library("NeuralNetworks", uses: ["Kernels"]),
    library("PolicyGradients", uses: ["NeuralNetworks", "Kernels", "SpaceCoding", "JSONLines", "Environments"]),
    library("Interchange", uses: ["PolicyGradients", "JSONLines", "SpaceCoding", "Environments"]),
    library("CommandLineOptions"),
    library("Reporting", uses: ["Drawing", "JSONLines", "Environments"]),
    .executableTarget(name: "pgagent", dependencies: everything),
    .executableTarget(name: "classic-control-server", dependencies: serving),
    .executableTarget(name: "cartpole-server", dependencies: serving),
    .executableTarget(name: "swingup-server", dependencies: serving),

    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["JSONTestSuite/files.json"]),
    .executableTarget(
      name: "benchmarks", dependencies: everything, path: "Tests/Benchmarks",
      exclude: [
        "peer_environment.py", "peers.py", "matrix_peer.py", "training_peers.py", "off_policy_costs.py",
        "on_policy_costs.py", "worker_runs.py", "workers_model.py",
        "inverted_loop.py", "count_allocations.c", "first_choice.py",
        "reproduce.py",
      ]),
    .executableTarget(name: "campaign", dependencies: everything, path: "Tests/Campaign", exclude: ["README.md"]),
    .executableTarget(
      name: "mutants", dependencies: ["Conformance", "CommandLineOptions", "Gymwire", "GymwireIO"],
      path: "Tests/Mutants",
      exclude: ["README.md", "SCORE.md", "Faults", "Programs"]),
    tests("EnvironmentsTests", uses: ["Environments"]),
    tests("ClassicControlTests", uses: ["ClassicControl", "Environments"], resources: [.copy("Golden")]),
    tests("DrawingTests", uses: ["Drawing", "ClassicControl", "Environments"], resources: [.copy("Golden")]),
    tests("JSONLinesTests", uses: ["JSONLines", "CText"]),
    tests("GymwireTests", uses: ["Gymwire", "Drawing", "SpaceCoding", "JSONLines", "Environments"]),
    tests("GymwireIOTests", uses: ["GymwireIO", "Gymwire", "JSONLines", "Environments"]),
    tests("KernelsTests", uses: ["Kernels"]),
    tests("NeuralNetworksTests", uses: ["NeuralNetworks", "Kernels"]),
    tests(
      "PolicyGradientsTests",
      uses: ["PolicyGradients", "NeuralNetworks", "Kernels", "SpaceCoding", "Environments", "ClassicControl"]
    ),
    tests("ReportingTests", uses: ["Reporting", "Drawing", "JSONLines", "Environments"]),
    tests("CommandLineOptionsTests", uses: ["CommandLineOptions"]),
    tests(
      "ConformanceTests",
      uses: ["pgagent", "classic-control-server", "cartpole-server", "swingup-server", "campaign", "mutants"]
        + everything,
      resources: [.copy("Fixtures")]
    ),
  ],
  swiftLanguageModes: [.v6]
)
