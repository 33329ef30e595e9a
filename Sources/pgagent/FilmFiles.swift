import Drawing
import GymwireIO

/// Where `watch` keeps what was seen: a film, or one file for each picture.
final class FilmFiles {
  private let path: String?
  private let directory: String?
  /// How long a picture is shown.
  private let milliseconds: Int
  /// Which pictures are kept: players show none for less than 20 ms.
  private let every: Int
  private var film: Film?
  private var seen = 0
  private(set) var count = 0

  /// The most pictures of a film, whose changes are all in memory until it is written.
  static let longest = 20_000

  /// - Parameter framesPerSecond: of the play, its speed included.
  init(path: String?, directory: String?, framesPerSecond: Double) throws {
    self.path = path
    self.directory = directory
    every = path == nil ? 1 : max(1, Int((framesPerSecond / 50).rounded(.up)))
    milliseconds = Int((1000 * Double(every) / framesPerSecond).rounded())
    if let path { try NamedFile.requireWritable(path, of: "--save") }
    if let directory { try NamedFile.makeDirectory(directory, of: "--save-frames") }
  }

  /// Keeps a picture.
  func add(_ picture: Picture) throws {
    defer { seen += 1 }
    if let directory {
      let number = String(seen)
      let name = String(repeating: "0", count: max(0, 6 - number.count)) + number
      try Self.write(PNGFile.encode(picture), to: "\(directory)/frame-\(name).png")
      count += 1
    }
    guard path != nil, seen % every == 0, film?.count ?? 0 < Self.longest else { return }
    if film == nil { film = Film(width: picture.width, height: picture.height) }
    film?.append(picture, milliseconds: milliseconds)
  }

  /// Writes the film, and says what there is now.
  func finish() throws {
    if let directory { StandardStreams.report("\(count.grouped) frames written to \(directory)") }
    guard let path, let film else { return }
    let bytes = film.animatedPNG
    try Self.write(bytes, to: path)
    let cut = film.count >= Self.longest ? ", which is the most of one film" : ""
    StandardStreams.report(
      "film of \(film.count.grouped) pictures\(cut) written to \(path), \((bytes.count / 1000).grouped) kB")
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }
}
