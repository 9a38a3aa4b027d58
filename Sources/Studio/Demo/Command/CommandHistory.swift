// The commands that were given, to be brought back with the arrow keys.

/// Commands in the order in which they were given, and the one that is looked at.
struct CommandHistory: Equatable {
  private var commands: [String] = []
  /// As many as there are commands: what is being typed.
  private var place = 0
  /// What was being typed before the history was looked at.
  private var draft = ""

  private static let capacity = 100

  /// Keeps a command that was given; the same one twice in a row is kept once.
  mutating func add(_ text: String) {
    if commands.last != text { commands.append(text) }
    if commands.count > Self.capacity { commands.removeFirst() }
    place = commands.count
    draft = ""
  }

  /// What was typed is gone: the next look begins at the newest command.
  mutating func leave() {
    place = commands.count
    draft = ""
  }

  /// The command before the one that is looked at; nil where there is none.
  ///
  /// - Parameter present: what stands in the field.
  mutating func earlier(than present: String) -> String? {
    guard place > 0 else { return nil }
    if place == commands.count { draft = present }
    place -= 1
    return commands[place]
  }

  /// The command after the one that is looked at, at last what was being typed; nil where that is shown already.
  mutating func later() -> String? {
    guard place < commands.count else { return nil }
    place += 1
    return place == commands.count ? draft : commands[place]
  }
}
