import JSONLines

/// Where a message departs from its schema.
public struct SchemaFault: Error, Equatable, Sendable {
  /// The clause that the schema names nearest to the fault.
  public let clause: String
  /// The place within the message, such as `error.code`; empty for the message itself.
  public let path: String
  /// What the schema demands there.
  public let expected: String
}

/// Compares values with JSON Schemas, as far as those of protocol/schema go (JSON Schema 2020-12).
///
/// A word of the standard that it does not know is an error rather than nothing, so that a schema cannot outgrow it.
struct SchemaValidator {
  let schemas: [String: JSONValue]

  /// A schema within a file, and the clause that holds until a deeper one is named.
  private struct Place {
    let file: String
    let schema: JSONValue
    let clause: String
    let path: String

    func fault(_ expected: String) -> SchemaFault { SchemaFault(clause: clause, path: path, expected: expected) }

    func inner(_ schema: JSONValue, _ step: String? = nil) -> Place {
      let path = step.map { self.path.isEmpty ? $0 : self.path + "." + $0 } ?? self.path
      return Place(file: file, schema: schema, clause: schema.clause ?? clause, path: path)
    }
  }

  /// The first fault of a value by the schema of a file.
  func fault(in value: JSONValue, file: String) -> SchemaFault? {
    guard let schema = schemas[file] else {
      return SchemaFault(clause: "4.8", path: "", expected: "there is no schema \(file)")
    }
    return fault(in: value, at: Place(file: file, schema: schema, clause: schema.clause ?? "4.8", path: ""))
  }

  private func fault(in value: JSONValue, at place: Place) -> SchemaFault? {
    guard case .object(let words) = place.schema else {
      return place.schema == .boolean(true) ? nil : place.fault("no such member")
    }
    for word in words {
      if let fault = fault(in: value, word: word.name, operand: word.value, at: place) { return fault }
    }
    return nil
  }

  private func fault(in value: JSONValue, word: String, operand: JSONValue, at place: Place) -> SchemaFault? {
    switch word {
    case "$schema", "$id", "$comment", "$defs", "title", "then": return nil
    case "$ref": return fault(in: value, at: resolve(operand, from: place))
    case "type":
      let types = operand.elements ?? [operand]
      return types.contains { value.isOf(type: $0) } ? nil : place.fault(types.map(\.word).joined(separator: " or "))
    case "const": return value.equals(operand) ? nil : place.fault(operand.text)
    case "enum":
      let choices = operand.elements ?? []
      return choices.contains(where: value.equals) ? nil : place.fault("one of \(operand.text)")
    case "anyOf": return alternatives(value, operand, place) > 0 ? nil : place.fault(describe(operand, from: place))
    case "oneOf":
      guard alternatives(value, operand, place) != 1 else { return nil }
      // The alternative whose own members are there tells more than all of them together, or else one that lacks some.
      let forms = operand.elements ?? []
      let meant =
        forms.first { ($0["required"]?.elements ?? []).allSatisfy { value[$0.word] != nil } }
        ?? forms.first { form in
          form["properties"].map { limits(value, "properties", $0, place.inner(form)) == nil } ?? true
        } ?? forms.first
      return meant.flatMap { self.fault(in: value, at: place.inner($0)) } ?? place.fault("exactly one of the forms")
    case "allOf":
      return (operand.elements ?? []).lazy.compactMap { self.fault(in: value, at: place.inner($0)) }.first
    case "if":
      guard fault(in: value, at: place.inner(operand)) == nil, let then = place.schema["then"] else { return nil }
      return fault(in: value, at: place.inner(then))
    default: return limits(value, word, operand, place)
    }
  }

  private func limits(_ value: JSONValue, _ word: String, _ operand: JSONValue, _ place: Place) -> SchemaFault? {
    switch (value, word) {
    case (.object(let members), "properties"):
      return members.lazy.compactMap { member in
        operand[member.name].flatMap { self.fault(in: member.value, at: place.inner($0, member.name)) }
      }.first
    case (.object, "required"):
      let missing = (operand.elements ?? []).first { value[$0.word] == nil }
      return missing.map { place.fault("a member \"\($0.word)\"") }
    case (.object(let members), "additionalProperties"):
      let known = place.schema["properties"]
      return members.lazy.filter { known?[$0.name] == nil }
        .compactMap { self.fault(in: $0.value, at: place.inner(operand, $0.name)) }.first
    case (.object, "dependentSchemas"):
      guard case .object(let schemas) = operand else { return nil }
      return schemas.lazy.filter { value[$0.name] != nil }
        .compactMap { self.fault(in: value, at: place.inner($0.value)) }.first
    case (.array(let elements), "prefixItems"):
      return zip(elements, operand.elements ?? []).enumerated().lazy
        .compactMap { self.fault(in: $0.element.0, at: place.inner($0.element.1, "\($0.offset)")) }.first
    case (.array(let elements), "items"):
      let start = place.schema["prefixItems"]?.elements?.count ?? 0
      return elements.enumerated().dropFirst(start).lazy
        .compactMap { self.fault(in: $0.element, at: place.inner(operand, "\($0.offset)")) }.first
    case (.array(let elements), "minItems"):
      return Double(elements.count) >= (operand.double ?? 0) ? nil : place.fault("at least \(operand.text) elements")
    case (.array(let elements), "maxItems"):
      return Double(elements.count) <= (operand.double ?? 0) ? nil : place.fault("at most \(operand.text) elements")
    case (.array(let elements), "uniqueItems"):
      let texts = Set(elements.map(\.text))
      return texts.count == elements.count ? nil : place.fault("distinct elements")
    case (.string(let text), "pattern"):
      return SchemaPattern.matches(text, pattern: operand.word) ? nil : place.fault("text like \(operand.word)")
    case (.string(let text), "minLength"):
      return Double(text.unicodeScalars.count) >= (operand.double ?? 0) ? nil : place.fault("a longer text")
    case (.string(let text), "maxLength"):
      let isShort = Double(text.unicodeScalars.count) <= (operand.double ?? 0)
      return isShort ? nil : place.fault("at most \(operand.text) characters")
    case (_, "minimum"):
      return value.double.map { $0 >= operand.double ?? 0 } ?? true ? nil : place.fault("at least \(operand.text)")
    case (_, "maximum"):
      return value.double.map { $0 <= operand.double ?? 0 } ?? true ? nil : place.fault("at most \(operand.text)")
    case (_, "exclusiveMinimum"):
      return value.double.map { $0 > operand.double ?? 0 } ?? true ? nil : place.fault("more than \(operand.text)")
    case (_, "properties"), (_, "required"), (_, "additionalProperties"), (_, "dependentSchemas"),
      (_, "prefixItems"), (_, "items"), (_, "minItems"), (_, "maxItems"), (_, "uniqueItems"), (_, "pattern"),
      (_, "minLength"), (_, "maxLength"):
      return nil
    default: return place.fault("a schema that this program understands; it does not know the word \(word)")
    }
  }

  private func alternatives(_ value: JSONValue, _ operand: JSONValue, _ place: Place) -> Int {
    (operand.elements ?? []).count { fault(in: value, at: place.inner($0)) == nil }
  }

  /// What the alternatives of an `anyOf` are, in a few words.
  private func describe(_ operand: JSONValue, from place: Place) -> String {
    (operand.elements ?? []).map { words(for: $0, from: place) }.joined(separator: " or ")
  }

  private func words(for schema: JSONValue, from place: Place) -> String {
    let schema = schema["$ref"].map { resolve($0, from: place).schema } ?? schema
    if let type = schema["type"] { return (type.elements ?? [type]).map(\.word).joined(separator: " or ") }
    if let values = schema["enum"] { return "one of \(values.text)" }
    if let forms = schema["anyOf"] { return describe(forms, from: place) }
    if let first = schema["allOf"]?.elements?.first { return words(for: first, from: place) }
    if let names = schema["required"]?.elements {
      return "the member " + names.map(\.word).joined(separator: " and ")
    }
    guard case .object(let members)? = schema["properties"] else { return "another form" }
    return members.map { "\($0.name) \($0.value["const"]?.text ?? "of another form")" }.joined(separator: " and ")
  }

  /// Follows `common.json#/$defs/id`, `#/$defs/dtype`, `#` and `space.json`.
  private func resolve(_ reference: JSONValue, from place: Place) -> Place {
    let parts = reference.word.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let file = parts[0].isEmpty ? place.file : String(parts[0])
    var schema = schemas[file] ?? .boolean(false)
    for step in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
      schema = schema[String(step)] ?? .boolean(false)
    }
    return Place(file: file, schema: schema, clause: schema.clause ?? place.clause, path: place.path)
  }
}
