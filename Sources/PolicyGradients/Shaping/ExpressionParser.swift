/// Reads the text of an ``ObservationExpression`` by recursive descent: sums of products of powers.
struct ExpressionParser {
  typealias Operation = ObservationExpression.Operation

  /// Parentheses, functions, signs and powers within one another, so that no text exhausts the stack.
  private static let greatestDepth = 100
  private static let greatestIndex = 1 << 24

  private let text: String
  private let characters: [Character]
  private var position = 0
  private var depth = 0
  private var operations: [Operation] = []

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func parse() throws(ExpressionError) -> [Operation] {
    try sum()
    skipBlanks()
    guard position == characters.count else { throw error("there has to be an operator such as + or the end") }
    return operations
  }

  private mutating func sum() throws(ExpressionError) {
    try product()
    while let operation = next(of: [.sum, .difference]) {
      try product()
      operations.append(.binary(operation))
    }
  }

  private mutating func product() throws(ExpressionError) {
    try signed()
    while let operation = next(of: [.product, .quotient]) {
      try signed()
      operations.append(.binary(operation))
    }
  }

  private mutating func signed() throws(ExpressionError) {
    guard depth < Self.greatestDepth else { throw error("the formula is nested more than \(Self.greatestDepth) deep") }
    depth += 1
    defer { depth -= 1 }
    if take("-") {
      try signed()
      operations.append(.unary(.negation))
      return
    }
    try operand()
    if take("^") {
      try signed()
      operations.append(.binary(.power))
    }
  }

  private mutating func operand() throws(ExpressionError) {
    skipBlanks()
    guard let character = characters[safe: position] else {
      throw error("a number, o[0] or a function is missing")
    }
    if take("(") {
      try sum()
      try expect(")")
    } else if character.isDigit || character == "." {
      try number()
    } else if character.isLetter {
      try named()
    } else {
      throw error("a number, o[0] or a function has to be here")
    }
  }

  private mutating func number() throws(ExpressionError) {
    let start = position
    skipDigits()
    if characters[safe: position] == "." {
      position += 1
      skipDigits()
    }
    if characters[safe: position] == "e" || characters[safe: position] == "E" {
      position += 1
      if characters[safe: position] == "+" || characters[safe: position] == "-" { position += 1 }
      skipDigits()
    }
    guard let number = Double(String(characters[start..<position])), number.isFinite else {
      position = start
      throw error("this is no number")
    }
    operations.append(.number(number))
  }

  private mutating func named() throws(ExpressionError) {
    let start = position
    while let character = characters[safe: position], character.isLetter { position += 1 }
    let name = String(characters[start..<position])
    if name == "o" { return try observed() }
    if let function = ObservationExpression.UnaryFunction(rawValue: name) {
      try expect("(")
      try sum()
      try expect(")")
      operations.append(.unary(function))
    } else if let function = ObservationExpression.BinaryFunction(rawValue: name) {
      try expect("(")
      try sum()
      try expect(",")
      repeat {
        try sum()
        operations.append(.binary(function))
      } while take(",")
      try expect(")")
    } else {
      position = start
      throw error("there is no \"\(name)\"; there are o[0], sin, cos, abs, sqrt, exp, min and max")
    }
  }

  private mutating func observed() throws(ExpressionError) {
    try expect("[")
    skipBlanks()
    let start = position
    skipDigits()
    guard let index = Int(String(characters[start..<position])), index <= Self.greatestIndex else {
      position = start
      throw error("the index of a number of the observation has to be here, from 0 on")
    }
    try expect("]")
    operations.append(.observed(index))
  }
}

extension ExpressionParser {
  private mutating func next(
    of functions: [ObservationExpression.BinaryFunction]
  ) -> ObservationExpression.BinaryFunction? {
    skipBlanks()
    guard let function = functions.first(where: { characters[safe: position] == Character($0.rawValue) }) else {
      return nil
    }
    position += 1
    return function
  }

  private mutating func take(_ character: Character) -> Bool {
    skipBlanks()
    guard characters[safe: position] == character else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(ExpressionError) {
    guard take(character) else { throw error("\"\(character)\" is missing") }
  }

  private mutating func skipBlanks() {
    while characters[safe: position]?.isWhitespace == true { position += 1 }
  }

  private mutating func skipDigits() {
    while characters[safe: position]?.isDigit == true { position += 1 }
  }

  private func error(_ problem: String) -> ExpressionError {
    ExpressionError(text: text, position: position, problem: problem)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Character {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
