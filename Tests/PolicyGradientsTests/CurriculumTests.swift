import Environments
import SpaceCoding
import Testing

@testable import PolicyGradients

@Suite("Options that episodes draw")
struct OptionTemplateTests {
  private func draws(_ text: String, _ count: Int = 2000) throws -> [[String: PlainValue]] {
    let template = try OptionTemplate(text)
    var generator = PCG64(seed: 3)
    return (0..<count).map { _ in template.draw(using: &generator) }
  }

  @Test("are as they were written where there is nothing to draw")
  func fixed() throws {
    let text = #"{"deep":{"low":[1,{"a":null}],"uniform":3,"other":1},"gravity":9.8,"name":"moon"}"#
    #expect(throws: Never.self) { try OptionTemplate(text) }
    let written = try PlainValue(parsing: text)
    for drawn in try draws(text, 2) { #expect(PlainValue.object(drawn) == written) }
    #expect(try OptionTemplate(text).isFixed)
  }

  @Test("come from the distributions that are named, wherever they stand")
  func distributions() throws {
    let drawn = try draws(#"{"a":{"uniform":[8,12]},"b":[{"choice":[1,"x",{"uniform":[0,1]}]}],"c":{"normal":[5,2]}}"#)
    let uniform = drawn.compactMap { $0["a"]?.number }
    #expect(uniform.count == 2000 && uniform.allSatisfy { $0 >= 8 && $0 < 12 })
    #expect(abs(uniform.reduce(0, +) / 2000 - 10) < 0.1)
    let choices = drawn.compactMap { $0["b"]?.list?.first }
    for value in [PlainValue.number(1), .string("x")] {
      let count = choices.filter { $0 == value }.count
      #expect((567...767).contains(count), "a third of 2000, give or take five deviations")
    }
    let normal = drawn.compactMap { $0["c"]?.number }
    let mean = normal.reduce(0, +) / 2000
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000
    #expect(abs(mean - 5) < 0.2 && abs(variance.squareRoot() - 2) < 0.15)
  }

  @Test(
    "are refused with the place where they are wrong",
    arguments: [
      ("[1]", "they are no object"), ("{", "they are not JSON"),
      (#"{"a":{"uniform":[2,1]}}"#, "the bounds of uniform at a are 2.0 and 1.0; the lower one comes first"),
      (#"{"a":[0,{"uniform":[1]}]}"#, "uniform at a[1] needs a list of two numbers, the lower bound and the upper one"),
      (#"{"a":{"b":{"normal":[0,-1]}}}"#, "the deviation of normal at a.b is -1.0"),
      (#"{"a":{"choice":[]}}"#, "choice at a needs a list with at least one value"),
    ])
  func refused(text: String, reason: String) throws {
    let error = try #require(throws: OptionError.self) { try OptionTemplate(text) }
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test("make a grid of all combinations")
  func grid() throws {
    let points = try OptionGrid.points(#"{"b":{"grid":[1,2]},"a":{"grid":["x","y"]},"c":{"uniform":[0,1]}}"#)
    let texts = points.map { $0.text.replacing(#","c":{"uniform":[0,1]}"#, with: "") }
    #expect(texts == [#"{"a":"x","b":1}"#, #"{"a":"x","b":2}"#, #"{"a":"y","b":1}"#, #"{"a":"y","b":2}"#])
    #expect(throws: OptionError.self) { try OptionGrid.points(#"{"b":{"grid":[]}}"#) }
  }
}

@Suite("A curriculum")
struct CurriculumTests {
  private static let text = """
    {"lessons":[{"name":"a","options":{"x":1},"next":{"steps":10,"mean_return":3,"info":{"won":0.5},"episodes":2}},
                {"options":{"x":2},"next":{"mean_length":4,"episodes":1}}, {"options":{"x":{"uniform":[0,1]}}}]}
    """

  private func episode(_ total: Double, _ length: Int, won: Double?) -> CurriculumEpisode {
    CurriculumEpisode(total: total, length: length, info: won.map { ["won": $0] } ?? [:])
  }

  @Test("goes on once all that a lesson asks for holds, and counts the episodes of that lesson alone")
  func lessons() throws {
    let curriculum = try Curriculum(Self.text)
    func play(_ steps: Int, _ episodes: [CurriculumEpisode], of lesson: Int) -> Int {
      for episode in episodes { curriculum.note(episode, of: lesson) }
      curriculum.note(steps: steps)
      curriculum.advance()
      return curriculum.state.lesson
    }
    #expect(curriculum.infoNames == ["won"] && curriculum.lesson.name == "a")
    #expect(play(10, [episode(9, 9, won: 1)], of: 0) == 0, "one episode where two are wanted")
    #expect(play(0, [episode(-9, 9, won: 1)], of: 0) == 0, "a mean return that is too low")
    #expect(play(0, [episode(9, 9, won: nil), episode(9, 9, won: 0)], of: 0) == 0, "too few successes")
    #expect(play(0, [episode(9, 9, won: 1)], of: 0) == 1, "the last two are good enough")
    #expect(play(0, [episode(9, 9, won: 1)], of: 0) == 1, "an episode of the lesson before")
    #expect(play(0, [episode(0, 4, won: nil)], of: 1) == 2)
    #expect(play(1000, [episode(9, 9, won: 1)], of: 2) == 2)
  }

  @Test("draws for each sub-environment from the seed of its own first episode")
  func draws() throws {
    let curriculum = Curriculum(always: try OptionTemplate(#"{"x":{"uniform":[0,1]}}"#))
    curriculum.begin(seed: 7)
    let together = (0..<3).map { row in (0..<2).map { _ in curriculum.next(row) } }
    for row in 0..<3 {
      curriculum.begin(seed: 7 + UInt64(row))
      #expect((0..<2).map { _ in curriculum.next(0) } == together[row])
    }
    let numbers = together.flatMap { $0 }.compactMap { $0["x"]?.number }
    #expect(Set(numbers).count == 6)
    let before = curriculum.next(0)
    curriculum.begin(seed: nil)
    #expect(curriculum.next(0) != before, "without a seed the draws run on")
  }

  @Test(
    "is refused with a sentence about the place that is wrong",
    arguments: [
      ("{}", "it needs \"lessons\""), (#"{"lessons":[]}"#, "at least one lesson"),
      (#"{"lessons":[{},{}]}"#, "lesson 1 needs \"next\""),
      (#"{"lessons":[{"next":{"steps":1}}]}"#, "lesson 1 is the last one"),
      (#"{"lessons":[{"next":{}},{}]}"#, "\"next\" of lesson 1 says nothing"),
      (#"{"lessons":[{"next":{"step":1}},{}]}"#, "\"next\" of lesson 1 has \"step\"; it may have"),
      (#"{"lessons":[{"next":{"steps":1.5}},{}]}"#, "steps in \"next\" of lesson 1 is 1.5"),
      (#"{"lessons":[{"next":{"steps":1e300}},{}]}"#, "has to be an integer from 0"),
      (#"{"lessons":[{"options":[],"next":{"steps":1}},{}]}"#, "the options of lesson 1 cannot be used"),
    ])
  func refused(text: String, reason: String) throws {
    let error = try #require(throws: OptionError.self) { try Curriculum(text) }
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test("does not go on from a place that it does not have")
  func implausible() throws {
    let curriculum = try Curriculum(Self.text)
    for state in [CurriculumState(lesson: 3), CurriculumState(lesson: -1), CurriculumState(lesson: 0, steps: -1)] {
      #expect(throws: TrainingError.self) { try curriculum.restore(state) }
    }
  }
}
