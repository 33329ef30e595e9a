import Foundation
import TestSupport
import Testing

/// A page of a documentation catalog, below Sources.
struct DocumentationPage: CustomTestStringConvertible, Sendable {
  /// Its path from the root of the repository.
  let path: String
  let text: String

  var testDescription: String { path }
  var name: String { (path as NSString).lastPathComponent.replacing(".md", with: "") }
  /// The directory of its catalog.
  var catalog: String { (path as NSString).deletingLastPathComponent }

  /// Every page that there is.
  static let all: [DocumentationPage] = {
    let root = repositoryRoot + "/Sources"
    let paths = (FileManager.default.subpaths(atPath: root) ?? []).filter {
      $0.contains(".docc/") && $0.hasSuffix(".md")
    }
    return paths.sorted().map { path in
      let text = (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? ""
      return DocumentationPage(path: "Sources/" + path, text: text)
    }
  }()

  /// The page of that name.
  static func named(_ name: String) -> DocumentationPage? { all.first { $0.name == name } }

  /// The text without its blocks of code.
  var prose: String { text.replacing(#/(?m)^```[\s\S]*?^```/#, with: "") }

  /// What stands between single or double backticks.
  var code: [String] { prose.matches(of: #/`+([^`\n]+)`+/#).map { String($0.output.1) } }

  /// The blocks of code in one language.
  func blocks(_ language: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }

  /// The files that a reader makes while following the page.
  var files: [String] { text.matches(of: #/`([\w\/]+\.swift)`:\n/#).map { String($0.output.1) } }
}
