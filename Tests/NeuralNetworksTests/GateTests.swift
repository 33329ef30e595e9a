import Dispatch
import Foundation
import Synchronization
import Testing

@testable import NeuralNetworks

@Suite("The gate between two threads")
struct GateTests {
  @Test("two threads take turns ten thousand times, at once and after sleeping", arguments: [0, 200])
  func turns(pauseEvery: Int) {
    let (there, back) = (Gate(), Gate())
    // Long enough for the other thread to fall asleep.
    @Sendable func pause(_ turn: Int) {
      if pauseEvery > 0, turn % pauseEvery == 0 { Thread.sleep(forTimeInterval: 0.002) }
    }
    let partner = DispatchQueue(label: "partner")
    partner.async {
      for turn in 1...10_000 {
        there.wait(for: turn)
        pause(turn)
        back.raise()
      }
    }
    for turn in 1...10_000 {
      there.raise()
      back.wait(for: turn)
      pause(turn + 1)
    }
    partner.sync {}
  }

  @Test("a count that has come already is not waited for")
  func hasCome() {
    let gate = Gate()
    for _ in 0..<3 { gate.raise() }
    gate.wait(for: 3)
    gate.wait(for: 1)
  }

  @Test("it goes on where other threads want every processor", .timeLimit(.minutes(5)))
  func busyProcessors() {
    let (there, back, end) = (Gate(), Gate(), Flag())
    let busy = (0..<4).map { DispatchQueue(label: "busy \($0)") }
    for queue in busy {
      queue.async { while !end.isUp.load(ordering: .relaxed) {} }
    }
    let partner = DispatchQueue(label: "partner")
    partner.async {
      for turn in 1...200 {
        there.wait(for: turn)
        back.raise()
      }
    }
    for turn in 1...200 {
      there.raise()
      back.wait(for: turn)
    }
    end.isUp.store(true, ordering: .relaxed)
    for queue in busy { queue.sync {} }
  }
}

private final class Flag: Sendable {
  let isUp = Atomic(false)
}
