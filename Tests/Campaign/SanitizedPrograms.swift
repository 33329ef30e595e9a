import GymwireIO

/// The programs under attack, built with the address sanitizer.
enum SanitizedPrograms {
  /// Builds them where nothing else is built, and gives the directory.
  static func build() throws -> String {
    try build(in: ".build/campaign/address", ["--sanitize", "address"], product: nil)
  }

  /// The fuzzers, which are this program once more with coverage, and with libFuzzer in charge.
  static func buildFuzzers() throws -> String {
    let flags = ["-sanitize=fuzzer,address", "-DFUZZING", "-use-ld=lld"].flatMap { ["-Xswiftc", $0] }
    return try build(in: ".build/campaign/fuzzing", flags, product: "campaign")
  }

  private static func build(in directory: String, _ flags: [String], product: String?) throws -> String {
    let words = ["swift", "build", "-c", "release", "--scratch-path", directory] + flags
    let build = try ChildProcess(
      command: words + (product.map { ["--product", $0] } ?? []), showsStandardError: true)
    let reader = LineReader(build.output)
    while case .line? = try reader.next() {}
    guard build.exit(within: .seconds(3600)) == .status(0) else {
      throw CampaignError("the programs could not be built; run from the top of the checkout")
    }
    return directory + "/release"
  }
}

/// A sentence for whoever runs the campaign.
struct CampaignError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
