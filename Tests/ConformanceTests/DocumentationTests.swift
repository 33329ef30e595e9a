import Foundation
import TestSupport
import Testing

/// What the pages name exists, and what they show works.
@Suite("The documentation", .serialized)
struct DocumentationTests {
  private static let sources: [(path: String, text: String)] = {
    let root = repositoryRoot + "/Sources"
    return (FileManager.default.subpaths(atPath: root) ?? []).filter { $0.hasSuffix(".swift") }.map { path in
      (path, (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? "")
    }
  }()
  /// Everything that is declared in Sources, and every suite of tests, by name.
  private static let declarations: Set<String> = {
    let pattern = #/(?:class|struct|enum|protocol|actor|typealias|func|var|let|case|associatedtype)\s+(\w+)/#
    let suites = (FileManager.default.subpaths(atPath: repositoryRoot + "/Tests") ?? []).map { path in
      ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    }
    return Set(sources.flatMap { $0.text.matches(of: pattern).map { String($0.output.1) } } + suites)
  }()

  @Test("every link leads to a page of the same catalog, and every picture is there", arguments: DocumentationPage.all)
  func links(page: DocumentationPage) {
    for link in page.text.matches(of: /<doc:([^>]+)>/).map({ String($0.output.1) }) {
      #expect(FileManager.default.fileExists(atPath: "\(repositoryRoot)/\(page.catalog)/\(link).md"), "\(link)")
    }
    for picture in page.text.matches(of: /!\[[^\]]+\]\(([^)]+)\)/).map({ String($0.output.1) }) {
      let path = "\(repositoryRoot)/\(page.catalog)/Resources/\(picture)"
      #expect(FileManager.default.fileExists(atPath: path), "\(picture)")
    }
  }

  @Test("every page is reached from the first page of its catalog", arguments: DocumentationPage.all)
  func reachable(page: DocumentationPage) throws {
    let catalog = (page.catalog as NSString).lastPathComponent.replacing(".docc", with: "")
    let first = try #require(DocumentationPage.named(catalog))
    #expect(page.name == catalog || first.text.contains("<doc:\(page.name)>"))
  }

  @Test("every file that a page names exists", arguments: DocumentationPage.all)
  func files(page: DocumentationPage) {
    for name in page.code where name.wholeMatch(of: #/[\w+.\/-]+/#) != nil && !page.files.contains(name) {
      if name.firstMatch(of: /^(Sources|Tests|protocol)\//) != nil {
        #expect(FileManager.default.fileExists(atPath: "\(repositoryRoot)/\(name)"), "\(name)")
      } else if name.hasSuffix(".swift"), name != "Package.swift" {
        #expect(Self.sources.contains { $0.path.hasSuffix("/" + name) }, "\(name)")
      }
    }
  }

  @Test("every type and member that a page names is declared", arguments: DocumentationPage.all)
  func names(page: DocumentationPage) {
    let own = page.blocks("swift").joined(separator: "\n") + page.blocks("js").joined(separator: "\n")
    // The protocol's names of spaces, which Swift has in other letters.
    let foreign: Set = ["Discrete", "Box", "MultiBinary"]
    for code in page.code where !foreign.contains(code) && !code.hasSuffix(".swift") {
      guard let match = code.wholeMatch(of: #/([A-Z]\w+)(?:\.(\w+))?(?:\([\w:]*\))?/#) else { continue }
      let (type, member) = (String(match.output.1), match.output.2.map(String.init))
      for name in [type, member].compactMap({ $0 })
      where name != "Sources" && !own.contains(name) && !Self.modules.contains(name) {
        #expect(Self.declarations.contains(name), "\(code)")
      }
    }
  }

  private static let modules = Set(
    (try? FileManager.default.contentsOfDirectory(atPath: repositoryRoot + "/Sources")) ?? [])

  @Test("every equation stands beside the function that computes it")
  func equations() throws {
    let page = try #require(DocumentationPage.named("TheTheoryBesideTheCode"))
    let rows = page.text.matches(of: #/(?m)^\| .+ \| `([\w\/+]+\.swift)` \| `(\w+)` \|$/#)
    #expect(rows.count >= 40)
    for row in rows {
      let path = "PolicyGradients/\(row.output.1)"
      let text = try #require(Self.sources.first { $0.path == path }?.text, "\(path)")
      #expect(text.contains("func \(row.output.2)("), "\(path) has no \(row.output.2)")
    }
  }

  @Test(
    "a new environment and a new algorithm compile as they are shown",
    arguments: [
      ("AddAnEnvironment", "@testable import ClassicControl\n"),
      ("AddAnAlgorithm", "@testable import PolicyGradients\n"),
      ("ClassicControl", ""), ("PolicyGradients", ""),
    ])
  func examples(name: String, imports: String) throws {
    let source = try #require(DocumentationPage.named(name)?.blocks("swift").first)
    try Shell.withDirectory { directory in
      try (imports + source).write(toFile: directory + "/main.swift", atomically: true, encoding: .utf8)
      let products = BuiltProgram.path("")
      let maps = ["CKernels", "CText", "CLibraryMath"].map {
        "-Xcc '-fmodule-map-file=\(products)\($0).build/module.modulemap'"
      }
      let (status, output) = try Shell.run(
        "swiftc -swift-version 6 -typecheck -I '\(products)Modules' \(maps.joined(separator: " ")) main.swift",
        in: directory)
      #expect(status == 0, "\(output)")
    }
  }

  @Test("the package of the page builds by its path, and its agent learns to walk", .timeLimit(.minutes(20)))
  func package() throws {
    let blocks = try #require(DocumentationPage.named("ASwiftPackage")).blocks("swift")
    try #require(blocks.count == 3)
    let directory = repositoryRoot + "/.build/documented-package"
    let sources = directory + "/Sources/walk"
    try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
    let manifest = blocks[0].replacing("../gymwire", with: repositoryRoot)
    #expect(manifest != blocks[0])
    for (path, text) in [
      (directory + "/Package.swift", manifest), (sources + "/Walk.swift", blocks[1]),
      (sources + "/main.swift", blocks[2]),
    ] { try text.write(toFile: path, atomically: true, encoding: .utf8) }

    let (status, output) = try Shell.run(
      "swift build -Xswiftc -warnings-as-errors 2>&1 && .build/debug/walk", in: directory)
    let score = output.firstMatch(of: /the greedy policy's mean return is (-?[\d.]+)/).flatMap { Double($0.output.1) }
    // A walker that goes to the right at every step takes 5 steps on the average of all cells.
    #expect(status == 0 && score.map { abs($0 + 5) < 0.5 } == true, "\(output.suffix(2000))")
  }

  @Test("the server of the page in JavaScript answers as shown, and keeps to the protocol")
  func server() throws {
    let page = try #require(DocumentationPage.named("WriteAServer"))
    let source = try #require(page.blocks("js").first)
    let dialogue = try #require(page.text.firstMatch(of: /```\n((?:[<>] .*\n)+)```/)).output.1.split(separator: "\n")
    try Shell.withDirectory { directory in
      try source.write(toFile: directory + "/corridor.js", atomically: true, encoding: .utf8)
      let input = dialogue.filter { $0.hasPrefix("> ") }.map { String($0.dropFirst(2)) }.joined(separator: "\n")
      let (_, output) = try Shell.run("printf '%s\\n' '\(input)' | node corridor.js", in: directory)
      #expect(output.split(separator: "\n") == dialogue.filter { $0.hasPrefix("< ") }.map { $0.dropFirst(2) })
      let (status, report) = try Shell.run(
        "'\(BuiltProgram.path("pgagent"))' check --env-cmd 'node corridor.js'", in: directory)
      #expect(status == 0, "\(report)")
    }
  }
}
