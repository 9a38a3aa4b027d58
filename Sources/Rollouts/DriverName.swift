// The words by which options, recipes and records name a driver.

import PlanarCore

/// A driver as options, recipes and records name it: a word, or else the folder of a checkpoint.
public enum DriverName: Hashable, Sendable, CustomStringConvertible {
  /// The demonstrator of the environment.
  case expert
  /// The planner, which serves every environment.
  case planner
  /// Random actions.
  case random
  /// A person at a window.
  case person
  /// The policy in a folder.
  case checkpoint(String)

  private static let words: [(DriverName, String)] = [
    (.expert, "expert"), (.planner, "planner"), (.random, "random"), (.person, "teleop"),
  ]
  /// Words that are read and no longer written.
  private static let otherWords: [(DriverName, String)] = [(.person, "teleoperation"), (.person, "person")]

  /// Reads a word; any other text is the path of a checkpoint.
  public init(_ text: String) {
    self = (Self.words + Self.otherWords).first { $0.1 == text }?.0 ?? .checkpoint(text)
  }

  /// Reads the word of one of some drivers.
  ///
  /// - Throws: `UserError` that lists them where the text is none of theirs.
  public init(_ text: String, among choices: [DriverName]) throws {
    self.init(text)
    guard choices.contains(self) else {
      let names = choices.map(\.description)
      let hint = nearestName(to: text, among: names).map { " (did you mean '\($0)'?)" } ?? ""
      throw UserError("'\(text)' cannot drive here\(hint); choose \(names.joined(separator: ", "))")
    }
  }

  /// The word, or the path.
  public var description: String {
    if case .checkpoint(let path) = self { return path }
    return Self.words.first { $0.0 == self }!.1
  }
}
