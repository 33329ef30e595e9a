import Environments
import JSONLines

/// A policy as it stands in a request, which is written once for all workers that are sent it.
///
/// Workers share one as long as a version of the policy is the same for all of them.
public final class PolicyText {
  private var version: Int?
  private var writer = JSONWriter()

  /// Makes one without a text yet.
  public init() {}

  /// The policy of an order, valid until another version is asked for.
  func json(of order: RolloutOrder) -> UnsafeRawBufferPointer {
    if version != order.policyVersion {
      writer.removeAll()
      writer.write(order.policy)
      version = order.policyVersion
    }
    return writer.bytes
  }
}
