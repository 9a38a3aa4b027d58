// What may follow in a command that is being typed.

/// A beginning of a command, completed from the commands that can be obeyed.
///
/// What all commands with this beginning go on with is added at once; after that each call puts the next of the words
/// that may follow in its place:
///
/// ```
///   "pu"           → "push the "
///   "push the "    → "push the red" → "push the green" → "push the red" …
/// ```
struct CommandCompletion: Equatable {
  /// What the field should hold.
  private(set) var text: String
  /// The words that may follow, in the grammar's order; empty where no command begins so.
  let words: [String]
  /// What stands before the words.
  private let beginning: String
  private var choice = -1

  /// - Parameter commands: all that can be obeyed; those that begin otherwise are passed over.
  init(of typed: String, among commands: [String]) {
    let start = Self.clean(typed)
    let fitting = commands.filter { $0.lowercased().hasPrefix(start.lowercased()) }
    guard let first = fitting.first else {
      (text, words, beginning) = (typed, [], typed)
      return
    }
    var common = Array(first)
    for command in fitting.dropFirst() {
      common = Array(zip(common, command).prefix { $0 == $1 }.map(\.0))
    }
    let whole = String(first.prefix(max(common.count, start.count)))
    let end = whole.lastIndex(of: " ").map { whole.index(after: $0) } ?? whole.startIndex
    let kept = String(whole[..<end])
    (text, beginning) = (whole, kept)
    var seen: Set<String> = []
    words = fitting.compactMap { command in
      let word = command.dropFirst(kept.count).prefix { $0 != " " }
      return !word.isEmpty && seen.insert(String(word)).inserted ? String(word) : nil
    }
  }

  /// What was typed, without spaces before it and with single ones between its words.
  static func clean(_ typed: String) -> String {
    let words = typed.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words + (typed.last?.isWhitespace == true && !words.isEmpty ? " " : "")
  }

  /// Whether anything was added to what was typed.
  func extends(_ typed: String) -> Bool { text.count > typed.count }

  /// Puts the next of the words in its place.
  mutating func choose(isBackward: Bool = false) {
    guard !words.isEmpty else { return }
    choice =
      choice < 0 ? (isBackward ? words.count - 1 : 0) : (choice + (isBackward ? words.count - 1 : 1)) % words.count
    text = beginning + words[choice]
  }
}
