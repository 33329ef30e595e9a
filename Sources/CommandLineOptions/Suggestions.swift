/// Finds the names that a mistyped word was most likely meant to be.
enum Suggestions {
  /// The names nearest to `word`, at most three and all equally near; empty where none is near.
  static func nearest(to word: String, among names: [String]) -> [String] {
    let typed = plain(word)
    // Hostile input must not buy quadratic work.
    guard !typed.isEmpty, typed.count <= 64 else { return [] }
    let scored = names.compactMap { name in score(typed, plain(name)).map { (name, $0) } }
    guard let best = scored.map(\.1).min() else { return [] }
    return scored.filter { $0.1 == best }.prefix(3).map(\.0)
  }

  /// Lower case, hyphens for underscores, and no leading dash of any kind.
  private static func plain(_ word: String) -> [Character] {
    word.lowercased().drop { "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}".contains($0) }.map {
      $0 == "_" ? "-" : $0
    }
  }

  private static func score(_ typed: [Character], _ name: [Character]) -> Int? {
    if typed == name { return 0 }
    let distance = editDistance(typed, name)
    if distance <= max(1, min(typed.count, name.count) / 3) { return distance }
    let isPrefix = typed.count >= 3 && name.starts(with: typed) || name.count >= 3 && typed.starts(with: name)
    // `--lr` means `--pi-lr` or `--vf-lr`.
    let isPart = typed.count >= 2 && name.split(separator: "-").contains { $0.elementsEqual(typed) }
    return isPrefix || isPart ? 1 : nil
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment; Damerau 1964).
  static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
