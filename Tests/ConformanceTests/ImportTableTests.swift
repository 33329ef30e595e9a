import Foundation
import TestSupport
import Testing

/// Who may import whom, and what the repository consists of.
@Suite("The layout of the package")
struct ImportTableTests {
  /// The targets of ours that each library may import; the executables may import all of them.
  private static let table: [String: Set<String>] = [
    "Environments": [], "CommandLineOptions": [], "CKernels": [], "CText": [], "CLibraryMath": [],
    "Drawing": ["Environments"],
    "JSONLines": ["CText"],
    "Kernels": ["CKernels"],
    "ClassicControl": ["Environments", "CLibraryMath"],
    "SpaceCoding": ["JSONLines", "Environments"],
    "Gymwire": ["Drawing", "SpaceCoding", "JSONLines", "Environments"],
    "GymwireIO": ["Gymwire", "SpaceCoding", "JSONLines", "Environments"],
    "Conformance": ["GymwireIO", "Gymwire", "SpaceCoding", "JSONLines", "Environments"],
    "NeuralNetworks": ["Kernels"],
    "Reporting": ["Drawing", "JSONLines", "Environments"],
    "PolicyGradients": ["NeuralNetworks", "Kernels", "SpaceCoding", "JSONLines", "Environments"],
    "Interchange": ["PolicyGradients", "SpaceCoding", "JSONLines", "Environments"],
  ]
  private static let executables: Set<String> = [
    "pgagent", "classic-control-server", "cartpole-server", "swingup-server",
  ]
  private static let platform: Set<String> = ["Glibc", "Musl", "Darwin", "Android", "WASILibc", "ucrt"]
  /// What the toolchain ships.
  private static let toolchain: Set<String> = ["Foundation", "FoundationEssentials", "Dispatch", "Synchronization"]

  @Test("Sources holds exactly the targets of the table")
  func targets() throws {
    let found = try FileManager.default.contentsOfDirectory(atPath: repositoryRoot + "/Sources")
    #expect(Set(found.filter { !$0.hasPrefix(".") }) == Self.executables.union(Self.table.keys))
  }

  @Test("every import in Sources is one that the table allows")
  func imports() throws {
    let files = try SourceFile.all()
    #expect(files.count > 100)
    for file in files {
      let ours = Self.table[file.target] ?? Set(Self.table.keys)
      let allowed = ours.union(Self.toolchain).union(Self.platform)
      for module in file.imports { #expect(allowed.contains(module), "\(file.path) imports \(module)") }
    }
  }

  @Test("the C library is imported in one file of a target at most, or in its folder Platform")
  func platformImports() throws {
    let files = try SourceFile.all().filter { !$0.imports.isDisjoint(with: Self.platform) }
    for (target, group) in Dictionary(grouping: files, by: \.target) {
      let isFolder = group.allSatisfy { $0.path.hasPrefix("\(target)/Platform/") }
      #expect(group.count == 1 || isFolder, "\(target): \(group.map(\.path).sorted())")
    }
  }

  @Test("libraries that are on the hot path do without Foundation")
  func foundation() throws {
    let hot: Set = [
      "Environments", "ClassicControl", "Drawing", "JSONLines", "SpaceCoding", "Gymwire", "GymwireIO", "Kernels",
      "NeuralNetworks",
    ]
    for file in try SourceFile.all() where hot.contains(file.target) {
      #expect(file.imports.isDisjoint(with: ["Foundation", "FoundationEssentials"]), "\(file.path)")
    }
  }

  @Test("the package depends on no other")
  func noDependencies() throws {
    let manifest = try String(contentsOfFile: repositoryRoot + "/Package.swift", encoding: .utf8)
    #expect(manifest.contains("\n  dependencies: [],\n"))
    #expect(!manifest.contains(".package("))
    #expect(!FileManager.default.fileExists(atPath: repositoryRoot + "/Package.resolved"))
  }

  @Test("the visible top level is Package.swift, Sources, Tests, protocol and README.md")
  func topLevel() throws {
    // What the README's commands leave behind, such as runs/, is no part of the project.
    let ignored = try String(contentsOfFile: repositoryRoot + "/.gitignore", encoding: .utf8).split(separator: "\n")
    let visible = try FileManager.default.contentsOfDirectory(atPath: repositoryRoot)
      .filter { !$0.hasPrefix(".") && !ignored.contains("\($0)/") }
    #expect(visible.sorted() == ["Package.swift", "README.md", "Sources", "Tests", "protocol"])
  }
}

/// A file below Sources, with the modules that it imports.
private struct SourceFile {
  let path: String
  let target: String
  let imports: Set<String>

  static func all() throws -> [SourceFile] {
    let root = repositoryRoot + "/Sources"
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root)
    return try paths.filter { $0.hasSuffix(".swift") }.map { path in
      SourceFile(
        path: path, target: String(path.prefix { $0 != "/" }),
        imports: modules(in: try String(contentsOfFile: root + "/" + path, encoding: .utf8)))
    }
  }

  /// The modules of all import declarations, such as `public import struct Foundation.Data`.
  private static func modules(in text: String) -> Set<String> {
    let pattern =
      #/(?m)^\s*(?:@\w+(?:\([^)]*\))?\s+|\w+\s+)*?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/#
    return Set(text.matches(of: pattern).map { String($0.output.1) })
  }
}
