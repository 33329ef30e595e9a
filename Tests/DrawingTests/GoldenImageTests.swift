import ClassicControl
import Environments
import Foundation
import Testing

@testable import Drawing

/// The native environments look as they did when somebody looked at them (Golden/README.md).
@Suite("Golden images")
struct GoldenImageTests {
  static let states: [String: [Double]] = [
    "CartPole-v1": [0.4, 0, 0.15, 0], "CartPoleSwingUp-v0": [-0.7, 0, 2.4, 0], "Pendulum-v1": [0.6, 0],
    "MountainCar-v0": [-0.2, 0], "MountainCarContinuous-v0": [-0.9, 0], "Acrobot-v1": [1, 0.7, 0, 0],
  ]

  private static func scene(_ id: String) throws -> Scene {
    let environment = try EnvironmentCatalog.entry(id).make(1)
    let observations = ValueBatch(environment.observationSpace, count: 1)
    let state = PlainValue.list((states[id] ?? []).map { .number($0) })
    try environment.reset(0, seed: nil, options: ["state": state], into: observations, row: 0)
    return try #require(environment.scene(of: 0))
  }

  @Test("frames are those of the files, but for roundings", arguments: states.keys.sorted())
  func frames(id: String) throws {
    let url = try #require(Bundle.module.url(forResource: id, withExtension: "png", subdirectory: "Golden"))
    let golden = try #require(try PNGReader([UInt8](Data(contentsOf: url)))?.pictures().first)
    let drawn = Rasterizer.draw(try Self.scene(id), width: golden.width, height: golden.height)
    // Sines differ in their last bit between platforms, which may move an edge by a shade.
    for (old, new) in zip(golden.bytes, drawn.bytes) where abs(Int(old) - Int(new)) > 3 {
      Issue.record("\(id) is drawn otherwise than in its golden image")
      return
    }
  }

  @Test("every native environment draws itself, at every size, as a frame and as a text")
  func everyOne() throws {
    for entry in EnvironmentCatalog.entries {
      let environment = entry.make(1)
      #expect((environment.framesPerSecond ?? 0) > 0)
      let scene = try #require(environment.scene(of: 0))
      for (width, height) in [(1, 1), (3, 200), (200, 3), (64, 48)] {
        let picture = Rasterizer.draw(scene, width: width, height: height)
        #expect(picture.width == width && picture.height == height)
        let lines = BrailleText.draw(scene, columns: width, rows: height).split(separator: "\n")
        #expect(lines.count == height && lines.allSatisfy { $0.count == width })
      }
      #expect(Set(Rasterizer.draw(scene, width: 64, height: 48).bytes).count > 4, "\(entry.id) is empty")
    }
  }
}
