import GymwireIO
import Testing

@Suite("Text from outside, as it is shown")
struct VisibleTextTests {
  @Test("names what a terminal would act upon or not show, and leaves the rest as it is")
  func names() {
    let cases = [
      ("plain text, with ~", "plain text, with ~"), ("Grüße, 世界 ❤️ ё", "Grüße, 世界 ❤️ ё"),
      ("\u{1B}[31mred", "<U+001B escape>[31mred"), ("\u{FEFF}{", "<U+FEFF byte order mark>{"),
      ("a\u{202E}b", "a<U+202E right-to-left override>b"), ("a\u{2066}b", "a<U+2066 left-to-right isolate>b"),
      ("a\u{200B}b", "a<U+200B zero width space>b"), ("a\u{2028}b", "a<U+2028 line separator>b"),
      ("a\u{A0}b", "a<U+00A0 no-break space>b"),
      ("\u{7F}\u{9B}", "<U+007F delete><U+009B control sequence introducer>"),
      ("\u{0}", "<U+0000 null>"), ("a\u{AD}b", "a<U+00AD soft hyphen>b"), ("a\u{3164}b", "a<U+3164 hangul filler>b"),
    ]
    for (text, shown) in cases {
      #expect(VisibleText.line(text) == shown)
      #expect(VisibleText.lines(text) == shown)
    }
  }

  @Test("keeps line ends and tabs where there may be several lines, and nowhere else")
  func lines() {
    #expect(VisibleText.line("a\r\n\tb") == "a\\r\\n\\tb")
    #expect(VisibleText.lines("a\n\tb\r\u{1B}") == "a\n\tb\\r<U+001B escape>")
  }
}
