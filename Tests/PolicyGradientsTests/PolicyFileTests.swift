import Environments
import PolicyGradients
import Testing

@Suite("Policy files")
struct PolicyFileTests {
  /// Environments that differ in their spaces, with every form of σ.
  private static let trainers: [@Sendable () throws -> Trainer] = [
    { try trainer(.free) { IdentityTask() } },
    { try trainer(.free) { TargetTask() } },
    { try trainer(.network) { TargetTask() } },
    { try trainer(.head) { TargetTask() } },
    { try trainer(.network) { StructuredTask() } },
  ]

  private static func trainer<Task: Environment>(
    _ form: SigmaForm, _ make: @escaping () -> Task
  ) throws -> Trainer {
    let settings = configuration("vpg") {
      $0.epochs = 2
      $0.hiddenSizes = [6, 5]
      $0.sigmaForm = form
      $0.normalizesObservations = true
    }
    let trainer = try Trainer(settings, environments: [vector(2, make)])
    try trainer.run { _ in }
    return trainer
  }

  @Test("a policy that was written and read writes the same bytes, and acts alike", arguments: trainers.indices)
  func roundTrip(index: Int) throws {
    let snapshot = try Self.trainers[index]().snapshot()
    let bytes = PolicyFile.encode(snapshot)
    let (original, read) = (try snapshot.makePolicy(), try PolicyFile.decode(bytes))
    #expect(try PolicyFile.encode(PolicyFile.snapshot(bytes)) == bytes)
    #expect(read.observationSpace == snapshot.observationSpace && read.actionSpace == snapshot.actionSpace)
    let observations = ValueBatch(snapshot.observationSpace, count: 3)
    for choice in [ActionChoice.greedy, .sampled(seed: 9)] {
      let results = try [original, read].map { policy in
        let answers = ActionBatch(snapshot.actionSpace, count: 3, withEstimates: true)
        try policy.act(on: observations, count: 3, masks: nil, choice: choice, into: answers)
        return answers
      }
      for row in 0..<3 {
        #expect(
          try SpaceValue.load(from: results[0].actions, row: row) == SpaceValue.load(from: results[1].actions, row: row)
        )
      }
      #expect(results[0].logProbabilities == results[1].logProbabilities && results[0].values == results[1].values)
      #expect(results.allSatisfy { $0.hasLogProbabilities && $0.hasValues })
    }
  }

  private func sentence(_ change: (String) -> String) throws -> String? {
    let text = String(decoding: try PolicyFile.encode(Self.trainers[1]().snapshot()), as: UTF8.self)
    let changed = change(text)
    #expect(changed != text)
    do {
      _ = try PolicyFile.decode(Array(changed.utf8))
      return nil
    } catch { return error.description }
  }

  private func replacing(_ text: String, _ part: String, _ other: String) -> String {
    text.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: other)
  }

  @Test("a file that was cut off anywhere is refused")
  func cut() throws {
    let bytes = try PolicyFile.encode(Self.trainers[1]().snapshot())
    for length in stride(from: 0, to: bytes.count - 2, by: 37) {
      #expect(throws: TrainingError.self) { try PolicyFile.decode(Array(bytes[..<length])) }
    }
  }

  @Test(
    "a wrong format, version or activation is named",
    arguments: [
      ("gymwire-policy", "gymwire-poetry", "gymwire-poetry"), ("\"version\":1", "\"version\":99", "version 99"),
      ("\"tanh\"", "\"swish\"", "activation"), ("\"Box\"", "\"Sphere\"", "Sphere"),
      ("\"format\"", "\"formant\"", "unnamed"),
      ("\"float32\"", "\"float31\"", "\"dtype\" has to be one of"), ("\"policy\":", "\"pOlicy\":", "policy is missing"),
      ("\"form\":\"free\"", "\"form\":\"head\"", "layer 2 of policy"), ("\"mean\":[", "\"mean\":[0,", "2 means"),
      ("\"variance\":[", "\"variance\":[-", "normalization"), ("\"values\":[", "\"values\":[0,", "2 values"),
      ("\"shape\":[1]", "\"shape\":[4000000000,4000000000]", "4000000000"),
      ("\"shape\":[1]", "\"shape\":[-1]", "\"shape\" has to be"),
      ("\"biases\":[", "\"biases\":[0,", "policy.0: it has 6 rows of weights and 7 biases"),
      ("\"weights\":[[", "\"weights\":[[],[", "policy.0.weights.1: it has 1 numbers"),
      ("\"weights\":[[", "\"weights\":[[\"NaN\",", "policy.0.weights.0: number 0 is nan"),
      ("\"algorithm\"", "\"version\":1,\"algorithm\"", "version is there twice"),
    ])
  func damage(part: String, other: String, expected: String) throws {
    let sentence = try sentence { replacing($0, part, other) }
    #expect(sentence?.contains(expected) == true, "\(sentence ?? "accepted")")
  }

  /// A policy whose first layer has more weights than are written as text.
  private func wide() throws -> PolicySnapshot {
    let settings = configuration("vpg") { $0.hiddenSizes = [300, 300] }
    return try Trainer(settings, environments: [vector(1) { TargetTask() }]).snapshot()
  }

  @Test("SPEC 18.1, 18.5: weights are base64 where they are many, in a file of version 2, and read back to the bit")
  func wideLayers() throws {
    let snapshot = try wide()
    let bytes = PolicyFile.encode(snapshot)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix(#"{"format":"gymwire-policy","version":2,"#))
    #expect(text.matches(of: #/"b64":"[^"]+"/#).map { $0.output.count - 8 } == [480_000, 480_000])
    let read = try PolicyFile.snapshot(bytes)
    #expect(read.policy == snapshot.policy && read.value == snapshot.value && read.sigma == snapshot.sigma)
    #expect(try Self.trainers[1]().snapshot().policy.allSatisfy { $0.weights.count <= 65536 })
    #expect(
      PolicyFile.encode(try Self.trainers[1]().snapshot()).starts(
        with: #"{"format":"gymwire-policy","version":1,"#.utf8))
  }

  @Test(
    "SPEC 18.5, 13.3: base64 that is no list of the layer's finite float32 is refused with its place",
    arguments: [
      ("AACAPw==", nil), ("AACAPwAAAEA=", "layer 0 of policy should have 1 rows of 1 weights"),
      ("AACAPw", "6 base64 characters are not a number of float32"), ("AACAPx==", "policy.0.weights.b64: "),
      ("AACA*w==", "Character 4 is not in the base64 alphabet"), ("AADAfw==", "policy.0.weights: number 0 is nan"),
      ("", "layer 0 of policy"),
    ] as [(String, String?)])
  func base64(text: String, reason: String?) {
    let file =
      #"{"format":"gymwire-policy","version":2,"algorithm":"vpg","environment_steps":1,"activation":"tanh","#
      + #""obs_space":{"type":"Discrete","n":1},"action_space":{"type":"Discrete","n":1},"#
      + #""policy":[{"weights":{"b64":"\#(text)"},"biases":[0]}]}"#
    var sentence: String?
    do throws(TrainingError) { _ = try PolicyFile.decode(Array(file.utf8)) } catch { sentence = "\(error)" }
    #expect((sentence == nil) == (reason == nil), "\(sentence ?? "accepted")")
    if let reason { #expect(sentence?.contains(reason) == true, "\(sentence ?? "")") }
  }

  @Test(
    "SPEC 18.10: spaces that hello could not have are refused with the place and the reason",
    arguments: [
      (#"{"type":"Discrete","n":2,"start":9223372036854775807}"#, "\"start\" has to be an integer"),
      (#"{"type":"Discrete","n":2,"start":"9223372036854775807"}"#, "2 values from 9223372036854775807 on do not fit"),
      (#"{"type":"Discrete","n":300,"dtype":"int8"}"#, "300 values from 0 on do not fit int8"),
      (
        #"{"type":"MultiDiscrete","shape":[1],"nvec":[2],"start":["9223372036854775807"]}"#,
        "2 values from 9223372036854775807 on do not fit"
      ),
      (
        #"{"type":"Dict","spaces":[["a",{"type":"Discrete","n":2}],["a",{"type":"Discrete","n":2}]]}"#,
        "the key \"a\" is there twice"
      ),
      (#"{"type":"Box","shape":[1],"low":"NaN","high":1}"#, "\"low\" has to be one number"),
      (#"{"type":"Box","shape":[1],"low":[1],"high":["NaN"]}"#, "element 0 of \"high\" is not a usable number"),
      (#"{"type":"Box","shape":[1],"low":2,"high":1}"#, "element 0 of \"low\" is 2.0, above 1.0"),
      (#"{"type":"Box","shape":[1],"dtype":"uint8","low":0,"high":256}"#, "\"high\" has to be one number"),
      (#"{"type":"Sequence","space":{"type":"Discrete","n":2}}"#, "a Sequence"),
    ])
  func spaces(space: String, reason: String) {
    for (observations, actions, place) in [
      (space, #"{"type":"Discrete","n":2}"#, "obs"), (#"{"type":"Discrete","n":2}"#, space, "action"),
    ] {
      let file = """
        {"format":"gymwire-policy","version":1,"algorithm":"vpg","environment_steps":1,"activation":"tanh",
         "obs_space":\(observations),"action_space":\(actions),
         "policy":[{"weights":[[0,0],[0,0]],"biases":[0,0]}]}
        """
      #expect {
        _ = try PolicyFile.decode(Array(file.utf8))
      } throws: { "\($0)".contains(reason) && "\($0)".contains(place) }
    }
  }

  @Test("a small file cannot ask for much memory")
  func hostileSizes() throws {
    // A space of 2^24 numbers with 16 hidden units would be 2^28 weights, which the file does not hold.
    let sentence = try sentence { replacing($0, "\"shape\":[1]", "\"shape\":[16777216]") }
    #expect(sentence != nil)
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: TrainingError.self) { try PolicyFile.decode(Array("{\"policy\":\(deep)".utf8)) }
  }
}

/// Spaces within spaces, both seen and acted in.
struct StructuredTask: Environment {
  let spec = EnvironmentSpec(id: "Structured")
  let observationSpace = Space.dict([
    Space.Member("camera", .box(Box(shape: [2, 2], type: .uint8, low: .same(0), high: .same(255)))),
    Space.Member("state", .tuple([.discrete(Discrete(3, start: 2)), .multiBinary(shape: [2])])),
  ])
  let actionSpace = Space.dict([
    Space.Member("gas", .box(Box(shape: [2], type: .float64, low: .each([-1, 0]), high: .same(.infinity)))),
    Space.Member("gear", .multiDiscrete(MultiDiscrete([2, 3]))),
    Space.Member("horn", .multiBinary(shape: [2])),
  ])

  private func observation(_ number: Int) throws -> SpaceValue {
    let batch = ValueBatch(observationSpace, count: 1)
    if case .members(let members) = batch.storage, case .members(let state) = members[1].storage {
      for index in 0..<4 { members[0].flat?.array.set(Int128(10 * number + index), at: index) }
      state[0].flat?.array.set(Int128(2 + number % 3), at: 0)
      state[1].flat?.array.set(Int128(number % 2), at: 1)
    }
    return try SpaceValue.load(from: batch, row: 0)
  }

  func reset(seed: UInt64?, options: [String: PlainValue]) throws -> SpaceValue { try observation(1) }
  func step(_ action: SpaceValue) throws -> Transition<SpaceValue> {
    Transition(try observation(2), reward: 1, isTruncated: true)
  }
}
