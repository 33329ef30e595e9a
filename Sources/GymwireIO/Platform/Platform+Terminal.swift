#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Terminals: how large they are, and who gets the keys.
extension Platform {
  /// Columns and rows; nil where it is no terminal or does not tell.
  static func terminalSize(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    #if canImport(Musl)
      let result = ioctl(descriptor, CInt(TIOCGWINSZ), &size)
    #else
      let result = ioctl(descriptor, UInt(TIOCGWINSZ), &size)
    #endif
    guard result == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  // What a signal handler needs to give a terminal back; written before its handlers are installed.
  nonisolated(unsafe) private static var keys: (descriptor: Int32, before: termios, raw: termios)?
  nonisolated(unsafe) private static var screen: Int32 = -1

  /// Takes the whole screen, and each key as soon as it is hit; `input` is nil where no keys come from a terminal.
  static func takeTerminal(input: Int32?, output: Int32) {
    if let input {
      var before = termios()
      if tcgetattr(input, &before) == 0 {
        var raw = before
        // Ctrl-C and Ctrl-Z stay what they are.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        keys = (input, before, raw)
      }
    }
    screen = output
    handle(fatalSignals) { number in
      Platform.giveTerminalBack()
      Platform.dieOf(number)
    }
    handle([SIGTSTP]) { _ in
      Platform.giveTerminalBack()
      raise(SIGSTOP)
    }
    handle([SIGCONT]) { _ in Platform.enterTerminal() }
    enterTerminal()
  }

  /// Leaves the terminal as it was before; safe in a signal handler.
  static func giveTerminalBack() {
    guard screen >= 0 else { return }
    writeConstant(screen, "\u{1B}[?2026l\u{1B}[?7h\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
    if var before = keys?.before, let descriptor = keys?.descriptor { tcsetattr(descriptor, TCSANOW, &before) }
  }

  /// Gives the terminal back for good.
  static func releaseTerminal() {
    giveTerminalBack()
    for number in fatalSignals + [SIGTSTP, SIGCONT] { _ = signal(number, SIG_DFL) }
    (keys, screen) = (nil, -1)
  }

  private static let fatalSignals = [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  private static func enterTerminal() {
    guard screen >= 0 else { return }
    // The other screen, no cursor, and lines that are cut off rather than folded.
    writeConstant(screen, "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
    if var raw = keys?.raw, let descriptor = keys?.descriptor { tcsetattr(descriptor, TCSANOW, &raw) }
  }

  /// Safe in a signal handler.
  static func writeConstant(_ descriptor: Int32, _ text: StaticString) {
    _ = write(descriptor, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
