import Foundation
import GymwireIO

/// A server to attack, and what is said to it.
struct Target {
  let name: String
  /// The words that start it; `{directory}` stands for a fresh directory.
  let command: [String]
  /// The beginnings of conversations: a hello each.
  let hellos: [String]
  /// Ordinary requests, from which hostile ones are made.
  let requests: [String]
  /// Requests whose answers are known, since they are asked for before and after.
  let questions: [String]
  /// Whether the answers stay the same to the byte; a learner's change with what it learns.
  var isConstant = true

  /// All that there are, by the names of their roles.
  static func all(_ orders: Orders) throws -> [Target] {
    let swift = [
      environment("env with Discrete actions", [orders.program("cartpole-server")], action: "1"),
      environment("env with Box actions", [orders.program("swingup-server")], action: "[0.5]"),
      try policy(orders), learner(orders),
    ]
    return orders.hasGymnasium ? swift + [python(orders)] : swift
  }

  private static func python(_ orders: Orders) -> Target {
    environment("env in Python", [orders.python, "-m", "gymwire", "serve", "CartPole-v1"], action: "1")
  }

  private static func environment(_ name: String, _ command: [String], action: String) -> Target {
    let batched = "[" + [action, action].map { $0.trimmingCharacters(in: ["[", "]"]) }.joined(separator: ",") + "]"
    return Target(
      name: name, command: command,
      hellos: [
        #"{"id":0,"op":"hello","versions":[1]}"#,
        #"{"id":0,"op":"hello","versions":[1],"features":["batch"],"want":{"num_envs":2}}"#,
        #"{"id":0,"op":"hello","versions":[1],"features":["batch","b64"],"want":{"num_envs":2},"max_line":65536}"#,
        #"{"id":0,"op":"hello","versions":[1],"features":["b64","mask","render"],"want":{"render_mode":"rgb_array"}}"#,
      ],
      requests: [
        #"{"id":0,"op":"hello","versions":[1],"client":{"name":"x","version":"1"},"features":["batch"],"max_line":65536}"#,
        #"{"id":1,"op":"reset","seed":42}"#, #"{"id":2,"op":"reset","seed":[1,null],"options":{"x":[1,{"y":2}]}}"#,
        #"{"id":3,"op":"reset","envs":[1],"seed":7}"#, #"{"id":4,"op":"reset"}"#,
        #"{"id":5,"op":"step","action":\#(action)}"#, #"{"id":6,"op":"step","action":\#(action)}"#,
        #"{"id":7,"op":"step","action":\#(batched)}"#,
        #"{"id":8,"op":"step","action":{"b64":"AQAAAAAAAAAAAAAAAAAAAA=="}}"#, #"{"id":9,"op":"render","env":0}"#,
        #"{"op":"log","level":"info","text":"hm"}"#,
      ],
      questions: [
        #"{"id":11,"op":"reset","seed":5}"#, #"{"id":12,"op":"step","action":\#(action)}"#,
        #"{"id":13,"op":"step","action":\#(batched)}"#, #"{"id":14,"op":"jump"}"#,
      ])
  }

  private static let spaces =
    #""want":{"obs_space":{"type":"Box","shape":[2],"low":-9,"high":9},"action_space":{"type":"Discrete","n":3}}"#

  private static func policy(_ orders: Orders) throws -> Target {
    let path = orders.directory + "/policy.json"
    try AtomicFile.write(SeedFiles.policy, to: path)
    return Target(
      name: "policy", command: [orders.program("pgagent"), "serve", path],
      hellos: [
        #"{"id":0,"op":"hello","versions":[1]}"#,
        #"{"id":0,"op":"hello","versions":[1],"features":["batch","mask"]}"#,
        #"{"id":0,"op":"hello","versions":[1],"features":["batch","b64","mask"]}"#,
      ],
      requests: [
        #"{"id":0,"op":"hello","versions":[1],"features":["batch"],\#(spaces)}"#,
        #"{"id":1,"op":"act","deterministic":true,"obs":[0.5,-1]}"#, #"{"id":2,"op":"act","seed":7,"obs":[0.25,1]}"#,
        #"{"id":3,"op":"act","n":2,"seed":7,"obs":[0.5,1,2,3]}"#,
        #"{"id":4,"op":"act","action_mask":[1,0,1],"obs":[0,0]}"#,
        #"{"id":5,"op":"act","n":2,"action_mask":[1,0,1,0,1,1],"obs":[0,0,1e-3,4.25]}"#,
        #"{"id":6,"op":"act","obs":{"b64":"AAAAAAAAgD8="}}"#, #"{"id":7,"op":"reload"}"#, #"{"id":8,"op":"act"}"#,
      ],
      questions: [
        #"{"id":11,"op":"act","deterministic":true,"obs":[0.5,-1]}"#, #"{"id":12,"op":"act","seed":3,"obs":[2,1]}"#,
        #"{"id":13,"op":"act","n":2,"seed":3,"obs":[2,1,0,0]}"#, #"{"id":14,"op":"step","action":0}"#,
      ])
  }

  private static func learner(_ orders: Orders) -> Target {
    Target(
      name: "learner",
      command: [
        orders.program("pgagent"), "learn", "--out", "{directory}/run", "--hidden", "8", "--steps-per-epoch", "200",
      ],
      hellos: ["", #","features":["mask"]"#, #","features":["batch","b64","mask"]"#].map {
        #"{"id":0,"op":"hello","versions":[1]\#($0),\#(spaces)}"#
      },
      requests: [
        #"{"id":0,"op":"hello","versions":[1],\#(spaces)}"#, #"{"id":1,"op":"begin","session":"a"}"#,
        #"{"id":2,"op":"act","session":"a","obs":[0.5,-1]}"#,
        #"{"id":3,"op":"act","session":"a","reward":1,"obs":[0.25,1]}"#,
        #"{"id":4,"op":"log_action","session":"a","reward":0.5,"obs":[1,1],"action":2}"#,
        #"{"id":5,"op":"end","session":"a","reward":-1,"terminated":true,"truncated":false,"obs":[0,0]}"#,
        #"{"id":6,"op":"abandon","session":"a"}"#, #"{"id":7,"op":"begin","session":"b"}"#,
        #"{"id":8,"op":"act","session":"b","reward":0,"action_mask":[1,0,1],"obs":[3,2]}"#,
        #"{"id":9,"op":"act","obs":[1,2],"deterministic":true}"#, #"{"id":10,"op":"act","n":2,"obs":[1,2,3,4]}"#,
        #"{"id":11,"op":"save"}"#,
      ],
      questions: [
        #"{"id":11,"op":"act","deterministic":true,"obs":[0.5,-1]}"#, #"{"id":12,"op":"begin","session":"question"}"#,
        #"{"id":13,"op":"act","session":"question","obs":[0.5,-1]}"#,
        #"{"id":14,"op":"abandon","session":"question"}"#, #"{"id":15,"op":"reset"}"#,
      ], isConstant: false)
  }
}
