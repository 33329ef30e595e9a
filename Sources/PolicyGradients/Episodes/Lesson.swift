/// One lesson.
public struct Lesson: Equatable, Sendable {
  /// What people call it.
  public let name: String
  /// The options of its resets.
  public let options: OptionTemplate
  /// When it is learned; nil for the last one.
  public let end: LessonEnd?
}
