// Typing a command: what was given before, and what may follow.

import PlanarArmEnvironments
import PlanarViewer

extension DemoControls {
  /// Takes the keys that bring commands back and complete them.
  ///
  /// - Returns: whether the key was one of them.
  mutating func handleCommandKey(_ key: Key, _ modifiers: Modifiers) -> Bool {
    switch key {
    case .up: if let text = history.earlier(than: field.text) { put(text) }
    case .down where field.isFocused: if let text = history.later() { put(text) }
    case .tab where field.isFocused: complete(isBackward: modifiers.contains(.shift))
    default: return false
    }
    return true
  }

  private mutating func put(_ text: String) {
    field.setText(text)
    field.isFocused = true
    completion = nil
  }

  /// Goes on with the command as far as the scene leaves no choice; after that from word to word.
  private mutating func complete(isBackward: Bool) {
    var found: CommandCompletion
    if let completion, completion.text == field.text {
      found = completion
      found.choose(isBackward: isBackward)
    } else {
      found = CommandCompletion(
        of: field.text, among: session.world.commands(beginningWith: CommandCompletion.clean(field.text)))
      if !found.extends(field.text) { found.choose(isBackward: isBackward) }
    }
    completion = found
    guard !found.words.isEmpty else {
      return show(
        "No command of this scene begins so.\(suggestion.map { " You could say: \($0)" } ?? "")", tone: .neutral)
    }
    field.setText(found.text)
    let others = found.words.prefix(12).joined(separator: " · ") + (found.words.count > 12 ? " …" : "")
    show(found.words.count > 1 ? "Tab goes through: \(others)" : "Enter gives it.")
  }
}
