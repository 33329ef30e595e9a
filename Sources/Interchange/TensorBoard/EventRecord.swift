import PolicyGradients

/// One record of a TensorBoard event file.
///
/// Source: TFRecord (length, its check, the message, its check), and event.proto, summary.proto and the hparams plugin's
/// messages of TensorBoard 2.
public struct EventRecord {
  private var event = ProtobufWriter()

  /// The bytes to append to the file.
  public var bytes: [UInt8] {
    let message = event.bytes
    let length = withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) }
    return length + Self.check(length) + message + Self.check(message)
  }

  private static func check(_ bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Array($0) }
  }

  private init(time: Double, step: Int?, _ fill: (inout ProtobufWriter) -> Void) {
    event.write(1, time)
    if let step { event.write(2, step) }
    fill(&event)
  }

  /// The record that a file begins with; `time` is in seconds since 1970, in every record.
  public static func version(time: Double) -> EventRecord {
    EventRecord(time: time, step: nil) { $0.write(3, "brain.Event:2") }
  }

  /// Says that the program began anew, and that what earlier files of the directory have of `step` and later is void.
  public static func restart(time: Double, step: Int) -> EventRecord {
    EventRecord(time: time, step: step) { event in event.write(7) { $0.write(1, 1) } }
  }

  /// What happened until `step`.
  public static func summary(
    time: Double, step: Int, scalars: [(tag: String, value: Double)],
    histograms: [(tag: String, value: ActionHistogram)] = []
  ) -> EventRecord {
    EventRecord(time: time, step: step) { event in
      event.write(5) { summary in
        for (tag, value) in scalars {
          summary.write(1) { entry in
            entry.write(1, tag)
            entry.write(2, Float(value))
          }
        }
        for (tag, value) in histograms {
          summary.write(1) { entry in
            entry.write(1, tag)
            entry.write(5) { value.write(to: &$0) }
          }
        }
      }
    }
  }

  /// A picture of `step`, or a film: the bytes of a PNG file, which a browser plays if it is an animated one.
  public static func image(
    time: Double, step: Int, tag: String, width: Int, height: Int, png: [UInt8]
  ) -> EventRecord {
    EventRecord(time: time, step: step) { event in
      event.write(5) { summary in
        summary.write(1) { entry in
          entry.write(1, tag)
          entry.write(4) { image in
            image.write(1, height)
            image.write(2, width)
            image.write(3, 3)
            image.write(4, bytes: png)
          }
        }
      }
    }
  }

  /// The settings of a run, for TensorBoard's table of runs.
  public static func settings(time: Double, _ settings: [(name: String, value: SettingValue)]) -> EventRecord {
    parameters(time: time, tag: "_hparams_/session_start_info", field: 3) { session in
      for (name, value) in settings {
        session.write(1) { entry in
          entry.write(1, name)
          entry.write(2) { value.write(to: &$0) }
        }
      }
      session.write(5, time)
    }
  }

  /// Says how a run ended.
  public static func end(time: Double, isComplete: Bool) -> EventRecord {
    parameters(time: time, tag: "_hparams_/session_end_info", field: 4) { session in
      session.write(1, isComplete ? 1 : 2)
      session.write(2, time)
    }
  }

  /// A value of a setting.
  public enum SettingValue {
    /// A number.
    case number(Double)
    /// A word, or anything that is shown as text.
    case text(String)
    /// Whether something is so.
    case flag(Bool)

    fileprivate func write(to message: inout ProtobufWriter) {
      switch self {
      case .number(let number): message.write(2, number)
      case .text(let text): message.write(3, text)
      case .flag(let flag): message.write(4, flag ? 1 : 0)
      }
    }
  }

  private static func parameters(
    time: Double, tag: String, field: UInt64, _ fill: (inout ProtobufWriter) -> Void
  ) -> EventRecord {
    EventRecord(time: time, step: 0) { event in
      event.write(5) { summary in
        summary.write(1) { entry in
          entry.write(1, tag)
          entry.write(9) { metadata in
            metadata.write(1) { plugin in
              plugin.write(1, "hparams")
              plugin.write(2) { content in content.write(field, fill) }
            }
          }
        }
      }
    }
  }
}

extension ActionHistogram {
  fileprivate func write(to message: inout ProtobufWriter) {
    message.write(1, minimum)
    message.write(2, maximum)
    message.write(3, Double(total))
    message.write(4, sum)
    message.write(5, squares)
    message.write(6, limits)
    message.write(7, counts.map(Double.init))
  }
}
