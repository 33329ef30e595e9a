/// The options of every server that can wait for its driver, instead of being started by it.
public enum ListeningOptions {
  /// Where to wait.
  public static let address = Option(
    "listen", .text("ADDRESS"), defaultText: "standard input and output",
    help: """
      Wait for drivers at HOST:PORT or unix:PATH, one at a time, and go on until somebody stops it. HOST is localhost or \
      an address in digits, and port 0 is any that is free.
      """)
  /// Whether other machines may connect.
  public static let isPublic = Option(
    flag: "public",
    help: "Let HOST be one that other machines reach. Whoever connects can drive the server: there is no password.")

  /// Both of them.
  public static let group = OptionGroup("Waiting for a driver", address, isPublic)
}
