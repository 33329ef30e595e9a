import Testing

@testable import Reporting

@Suite("Statistics of scores")
struct StatisticsTests {
  @Test("the interquartile mean leaves a quarter out at each end, as scipy.stats.trim_mean(x, 0.25) does")
  func interquartileMean() {
    #expect(Statistics.interquartileMean([1, 2, 3, 4]) == 2.5)
    #expect(Statistics.interquartileMean([100, 2, -50, 3]) == 2.5)
    #expect(Statistics.interquartileMean([1, 2, 3]) == 2)
    #expect(Statistics.interquartileMean([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000]) == 5.5)
    #expect(Statistics.interquartileMean([]).isNaN)
  }

  @Test("a bootstrap interval is about as wide as theory says for a mean, and the same every time")
  func interval() throws {
    let numbers = (0..<100).map { Double($0 % 10) }
    let interval = try #require(Statistics.confidenceInterval(numbers, of: Statistics.mean))
    // 1.96 standard errors of ten equally probable numbers on each side.
    let half = 1.96 * (8.25 / 100).squareRoot()
    #expect(abs(interval.lowerBound - (4.5 - half)) < 0.08 && abs(interval.upperBound - (4.5 + half)) < 0.08)
    #expect(Statistics.confidenceInterval(numbers, of: Statistics.mean) == interval)
    #expect(Statistics.confidenceInterval([3], of: Statistics.mean) == nil)
    #expect(Statistics.confidenceInterval([3, 3], of: Statistics.mean) == 3...3)
  }

  @Test("the probability of improvement counts pairs, and ties by half")
  func improvement() {
    #expect(Statistics.probabilityOfImprovement([2, 3], over: [1, 1]) == 1)
    #expect(Statistics.probabilityOfImprovement([1, 3], over: [2, 3]) == 0.375)
  }

  @Test("numbers are written as people read them")
  func numbers() {
    let written = [0.0, 500, 1234.5678, 12.3456, 0.01234, -0.5, 1e-7, -2.5e9, .nan].map(HTML.number)
    #expect(written == ["0", "500", "1235", "12.35", "0.0123", "−0.5", "1e-7", "−2.5e9", "–"])
    #expect([960.0, 28_800, 2_048_000].map(HTML.count) == ["960", "28.8k", "2.05M"])
    #expect([0.04, -0.04, 1.25, -0.3, 12].map(HTML.coordinate) == ["0", "0", "1.3", "-0.3", "12"])
  }

  @Test("an axis has round ticks that cover its numbers")
  func axis() {
    let axis = Axis(covering: [0.3, 487])
    #expect(axis.ticks == [0, 100, 200, 300, 400, 500] && axis.place(250) == 0.5)
    #expect(Axis(covering: [7, 7]).ticks.count > 1 && Axis(covering: []).ticks.count > 1)
  }

  @Test("metrics are read line by line: null is no number, and what is broken ends the table")
  func table() {
    func read(_ text: String) -> MetricsTable { Array(text.utf8).withUnsafeBytes { MetricsTable(jsonLines: $0) } }
    let table = read(
      "{\"epoch\":1,\"kl\":null}\n{\"epoch\":2,\"kl\":0.5}\n{\"kl\":1.5,\"epoch\":3}\n{\"epoch\":4,\"kl\":")
    #expect(table.names == ["epoch", "kl"] && table.count == 3 && table["epoch"] == [1, 2, 3])
    #expect(table["kl"]?[0].isNaN == true && table["kl"]?.dropFirst() == [0.5, 1.5] && table["x"] == nil)
    #expect(read("").count == 0 && read("nonsense\n{\"epoch\":1}\n").count == 0)
  }
}
