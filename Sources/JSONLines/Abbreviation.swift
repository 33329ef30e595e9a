extension String {
  /// The text, or its beginning where it is long: what a hostile line may put into an answer has to be bounded.
  public func abbreviated(to count: Int = 40) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: unicodeScalars.prefix(count))
    return unicodeScalars.count > count ? String(scalars) + "..." : String(scalars)
  }
}
