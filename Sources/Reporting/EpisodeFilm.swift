import Drawing
import JSONLines

/// One episode of a policy, to be shown in a report.
public struct EpisodeFilm: Sendable {
  /// Which group of runs it belongs to.
  public var group: Int
  /// What it is an example of, such as "best".
  public var title: String
  /// What it earned.
  public var total: Double
  /// How many steps it took.
  public var steps: Int
  /// Its pictures, evenly over the episode; empty where there are texts.
  public var pictures: [Picture]
  /// Its pictures as texts, where the environment draws nothing else.
  public var texts: [String]
  /// How many seconds it took at the environment's own speed.
  public var seconds: Double

  /// Creates a film.
  public init(
    group: Int, title: String, total: Double, steps: Int, pictures: [Picture], texts: [String] = [], seconds: Double
  ) {
    (self.group, self.title, self.total, self.steps) = (group, title, total, steps)
    (self.pictures, self.texts, self.seconds) = (pictures, texts, seconds)
  }

  private static let columns = 8

  /// The pictures side by side in one, through which a style sheet walks, and a script where there are scripts.
  var html: String {
    let caption =
      "<figcaption><b>\(HTML.text(title))</b> return \(HTML.number(total)), \(HTML.number(Double(steps))) steps</figcaption>"
    guard let first = pictures.first else {
      let shown = Self.spread(texts, 4).map { "<pre>\(HTML.text($0))</pre>" }.joined()
      return "<figure class=\"texts\">\(caption)<div>\(shown)</div></figure>\n"
    }
    let rows = max(2, (pictures.count + Self.columns - 1) / Self.columns)
    var sheet = Picture(width: first.width * Self.columns, height: first.height * rows)
    for index in 0..<rows * Self.columns {
      let picture = pictures[min(index, pictures.count - 1)]
      sheet.paste(picture, x: index % Self.columns * first.width, y: index / Self.columns * first.height)
    }
    let time = max(2, min(seconds, 30))
    let style = """
      aspect-ratio:\(first.width)/\(first.height);background-size:\(Self.columns)00% \(rows)00%;\
      --x:\(time / Double(rows))s;--y:\(time)s;--c:\(Self.columns);--r:\(rows);\
      background-image:url(data:image/png;base64,\(Base64.text(of: PNGFile.encode(sheet))))
      """
    return """
      <figure class="film" data-n="\(pictures.count)" data-c="\(Self.columns)" data-r="\(rows)" data-s="\(steps)" data-t="\(time)">
      <div class="stage" role="img" aria-label="\(HTML.text(title)) episode" style="\(style)"></div>
      <div class="controls" hidden><button type="button">Pause</button><input type="range" min="0" max="\(pictures.count - 1)" value="0" aria-label="place in the \(HTML.text(title)) episode"><span></span></div>
      \(caption)</figure>

      """
  }

  /// At most `count` of some elements, evenly chosen, the first and the last among them.
  public static func spread<Element>(_ elements: [Element], _ count: Int) -> [Element] {
    guard elements.count > count, count > 1 else { return elements }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
  }
}
