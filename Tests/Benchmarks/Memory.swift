import CommandLineOptions

/// (e) Memory that does not grow with the number of steps.
enum Memory {
  static let command = Command.benchmark(
    "memory", summary: "Resident memory of driver and server after 1 and after 10 million steps.", run)

  static func run(_ report: Report) throws {
    var table = Table(
      name: "memory", title: "Resident memory in kB",
      columns: ["environments", "form", "driver, 1 M steps", "driver, 10 M", "server, 1 M", "server, 10 M"])
    for (count, form) in [(32, "text"), (1024, "text"), (1024, "b64")] {
      let samples = try Samples.run(["steps", "\(count)", form, "\(10_000_000 / count)"])
      table.rows.append(
        [.text("\(count)"), .text(form)] + [0, 1].flatMap { process in samples.map { .number($0[process]) } })
    }
    try report.add(table)
  }
}
