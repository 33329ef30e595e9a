import Environments
import JSONLines
import PolicyGradients

/// A policy as one C99 file that needs nothing but libm, allocates nothing and keeps no state.
///
/// It defines `NAME_act`, which computes the deterministic action of one observation, and the sizes of its arrays. The
/// numbers are in the order of protocol/SPEC.md 18.3 and 18.6.
public struct CFile {
  let policy: ExportedPolicy
  let name: String
  var text = ""

  /// The bytes of the file.
  ///
  /// - Parameters:
  ///   - name: what every name in it begins with, a C identifier.
  ///   - version: the version of the program that writes it.
  public static func encode(_ policy: ExportedPolicy, name: String, version: String) -> [UInt8] {
    var file = CFile(policy, name)
    file.addHead(version)
    file.addConstants()
    file.addFunctions()
    return Array(file.text.utf8)
  }

  /// Whether everything in a file may begin with this name.
  public static func isName(_ name: String) -> Bool {
    name.wholeMatch(of: #/[A-Za-z][A-Za-z0-9_]{0,62}/#) != nil
  }

  private init(_ policy: ExportedPolicy, _ name: String) { (self.policy, self.name) = (policy, name) }

  private var upperName: String { name.uppercased() }
  private var sigmaLayers: [PolicySnapshot.Layer] { if case .network(let layers) = policy.sigma { layers } else { [] } }
  var networks: [(name: String, layers: [PolicySnapshot.Layer])] {
    [("policy", policy.snapshot.policy)] + (sigmaLayers.isEmpty ? [] : [("sigma", sigmaLayers)])
  }
  private var actionWidth: Int { policy.actions.reduce(0) { $0 + $1.width } }
  var inputWidth: Int { policy.observationWidth + policy.noiseWidth }

  private mutating func addHead(_ version: String) {
    let snapshot = policy.snapshot
    text += """
      /* A policy that pgagent \(version) has trained with \(snapshot.algorithm.forComment), in C99.

         void \(name)_act(const float *obs, const unsigned char *mask, double *action, float *parameters);

         obs         \(upperName)_OBS numbers, those of the observation one after another, as they are; of a choice
                     among n, n numbers that are 0 but for a 1 in the place of the choice. All are finite.
                     \(snapshot.observationSpace.text.forComment)
         mask        NULL, or \(upperName)_MASK numbers, 0 for each choice that is forbidden; one of each has to be legal.
         action      receives the \(upperName)_ACTION numbers of the deterministic action:

      """
    var column = 0
    for action in policy.actions {
      let shape = action.shape.isEmpty ? "" : ", of shape \(action.shape)"
      text += "                     [\(column)...\(column + action.width - 1)] \(action.path.forComment), "
      text += "\(action.type.rawValue)\(shape)\n"
      column += action.width
    }
    text += """
         parameters  NULL, or receives the \(upperName)_PARAMETERS parameters of the distributions of actions:

      """
    column = 0
    func addRow(_ count: Int, _ meaning: String) {
      text += "                     [\(column)...\(column + count - 1)] \(meaning)\n"
      column += count
    }
    for action in policy.actions where action.hasDistribution {
      let path = action.path.forComment
      guard let sigma = action.sigmaColumns else {
        addRow(action.columns.count, "logits of \(path), -infinity where forbidden")
        continue
      }
      addRow(action.columns.count, "means of \(path)\(action.afterMeans)")
      addRow(sigma.count, "logarithms of the standard deviations of the same")
    }
    if policy.parameterCount == 0 { text += "                     there are none\n" }
    text += """

         It allocates nothing and keeps no state, so that threads may call it at the same time. It uses
         \((inputWidth + 2 * widest + sigmaCount) * 4) bytes of stack. Compile it with optimisation, and link it with -lm. */

      #include <math.h>
      #include <stddef.h>

      #define \(upperName)_OBS \(policy.observationWidth)
      #define \(upperName)_MASK \(policy.maskWidth)
      #define \(upperName)_ACTION \(actionWidth)
      #define \(upperName)_PARAMETERS \(policy.parameterCount)

      void \(name)_act(const float *obs, const unsigned char *mask, double *action, float *parameters);


      """
  }

  var widest: Int { networks.flatMap(\.layers).map(\.biases.count).max() ?? 1 }
  var sigmaCount: Int {
    switch policy.sigma {
    case .network(let layers): layers.last?.biases.count ?? 0
    default: 0
    }
  }
}

extension String {
  /// The text as a comment can hold it whatever it is: nothing in it ends the comment or the line.
  fileprivate var forComment: String {
    let plain = unicodeScalars.map { scalar in
      scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
    }
    // Two question marks may begin a trigraph, and these two end or begin a comment.
    return String(plain).replacing("*/", with: "* /").replacing("/*", with: "/ *").replacing("??", with: "? ?")
      .replacing("??", with: "? ?")
  }
}
