import PolicyGradients
import Testing

@Suite("A formula of an observation")
struct ObservationExpressionTests {
  static let observation: [Float] = [0.5, -2, 3]

  @Test(
    "has the value that its text says",
    arguments: [
      ("1", 1), ("o[1]", -2), (" o[ 2 ] ", 3), ("1.5e1", 15), (".5", 0.5), ("2.", 2),
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("8 - 4 - 2", 2), ("8 / 4 / 2", 1), ("2^3^2", 512), ("-2^2", -4),
      ("2^-1", 0.5), ("--3", 3), ("2 * -o[0]", -1), ("1--1", 2), ("(-2)^2", 4),
      ("sin(0)", 0), ("cos(0)", 1), ("abs(o[1])", 2), ("sqrt(16)", 4), ("exp(0)", 1), ("min(3, 1, 2)", 1),
      ("max(o[0], o[1])", 0.5), ("100 * (o[0] + 0.5)^2 - max(abs(o[1]), 1)", 98), ("sin(o[2])^2 + cos(o[2])^2", 1),
    ] as [(String, Double)])
  func value(text: String, expected: Double) throws {
    let expression = try ObservationExpression(text)
    #expect(abs(expression.value(Self.observation) - expected) < 1e-12)
    #expect(expression.text == text)
  }

  @Test(
    "knows how many numbers it needs",
    arguments: [("7", 0), ("o[0]", 1), ("o[3] - o[10] * o[2]", 11)])
  func width(text: String, expected: Int) throws {
    #expect(try ObservationExpression(text).observationWidth == expected)
  }

  @Test(
    "that cannot be read is refused with the place, and says what is missing or wrong",
    arguments: [
      ("", 0, "missing"), ("   ", 3, "missing"), ("1 +", 3, "missing"), ("1 + * 2", 4, "has to be here"),
      ("o", 1, "\"[\""), ("o[x]", 2, "index"), ("o[-1]", 2, "index"), ("o[1", 3, "\"]\""),
      ("o[99999999999999999999]", 2, "index"), ("sin o[0]", 4, "\"(\""), ("2 sin(1)", 2, "operator"),
      ("1 + sinn(2)", 4, "no \"sinn\""), ("min(1)", 5, "\",\""), ("(1 + 2", 6, "\")\""), ("1)", 1, "operator"),
      ("1.2.3", 3, "operator"), ("1e", 0, "no number"), ("1e999", 0, "no number"), ("o[0] § 2", 5, "operator"),
      ("π * 2", 0, "no \"π\""),
    ])
  func refused(text: String, position: Int, problem: String) {
    let error = #expect(throws: ExpressionError.self) { try ObservationExpression(text) }
    #expect(error?.position == position)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
  }

  @Test("shows the place below the formula")
  func mark() {
    let error = #expect(throws: ExpressionError.self) { try ObservationExpression("o[0] + sinn(o[1])") }
    #expect(
      error?.description == """
        there is no "sinn"; there are o[0], sin, cos, abs, sqrt, exp, min and max, at character 8:
          o[0] + sinn(o[1])
                 ^
        """)
  }

  @Test(
    "nested beyond any use is refused, and does not exhaust the stack",
    arguments: ["(", "-", "abs(", "2^"])
  func depth(opening: String) throws {
    let error = #expect(throws: ExpressionError.self) {
      try ObservationExpression(String(repeating: opening, count: 100_000) + "1")
    }
    #expect(error?.problem.contains("nested") == true)
    // A long formula that is not deep is fine.
    #expect(try ObservationExpression(String(repeating: "1+", count: 10_000) + "1").value([0]) == 10_001)
  }
}
