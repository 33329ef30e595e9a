import ClassicControl
import Testing

@Suite("The catalog finds environments by name")
struct EnvironmentCatalogTests {
  @Test("every registered name is there once, with a summary")
  func names() throws {
    let ids = EnvironmentCatalog.entries.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(ids).isSuperset(of: ["CartPole-v0", "CartPole-v1", "CartPoleSwingUp-v0", "CartPoleSwingUp-v1"]))
    for id in ids {
      let entry = try EnvironmentCatalog.entry(id)
      #expect(entry.id == id)
      #expect(!entry.summary.isEmpty)
    }
  }

  @Test(
    "a name that is nearly one proposes it",
    arguments: [
      ("CartPole-v2", ["CartPole-v0", "CartPole-v1"]), ("cartpole-v1", ["CartPole-v1", "CartPole-v0"]),
      ("CartPoleSwingup", ["CartPoleSwingUp-v0", "CartPoleSwingUp-v1"]), ("Humanoid-v5", []), ("", []),
    ]
  )
  func nearMatches(id: String, expected: [String]) {
    let error = #expect(throws: UnknownEnvironment.self) { try EnvironmentCatalog.entry(id) }
    #expect(error?.nearMatches == expected)
    #expect(error?.description.contains("\"\(id)\"") == true)
  }

  @Test("a task is found with its versions, and with those of no other task")
  func versions() {
    #expect(EnvironmentCatalog.versions(of: "CartPole") == ["CartPole-v0", "CartPole-v1"])
    #expect(EnvironmentCatalog.versions(of: "Cart") == [])
  }

  @Test("the message is one sentence that names what there is")
  func message() {
    #expect(
      UnknownEnvironment(id: "Cart-v1", known: ["Cart-v0", "Pendulum-v1"]).description
        == "there is no environment \"Cart-v1\"; did you mean Cart-v0? the environments here are Cart-v0, Pendulum-v1"
    )
    #expect(
      UnknownEnvironment(id: "Maze", known: ["Cart-v0"]).description
        == "there is no environment \"Maze\"; the environments here are Cart-v0"
    )
  }
}
