/// The Python that runs the servers of tests.
enum Python {
  /// The program itself: what is found as python3 may be a script that looks for it, and takes longer than the server.
  static let path: String = {
    let found = try? Shell.run("python3 -c 'import sys; print(sys.executable)'")
    return found.map { String($0.output.prefix { $0 != "\n" }) } ?? "python3"
  }()
}
