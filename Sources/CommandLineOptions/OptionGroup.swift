/// Options under a common heading in the help.
public struct OptionGroup: Sendable {
  let heading: String
  let declarations: [OptionDeclaration]

  /// Puts the options under the heading, in this order.
  public init(_ heading: String, _ options: any DeclaredOption...) {
    self.init(heading, options)
  }

  /// Puts the options under the heading, in this order.
  public init(_ heading: String, _ options: [any DeclaredOption]) {
    self.init(heading, declarations: options.map(\.declaration))
  }

  init(_ heading: String, declarations: [OptionDeclaration]) {
    self.heading = heading
    self.declarations = declarations
  }
}
