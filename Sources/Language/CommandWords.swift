// Where one word of a command ends and the next begins: the first step of every encoder that learns.

import PlanarCore

/// Commands cut into words.
public enum CommandWords {
  /// A command's words: lower case, canonical composition (NFC), without punctuation and symbols, which
  /// separate words, except for apostrophes, which vanish ("don't" → "dont").
  public static func words(in command: String) -> [String] {
    let text = command.composed.lowercased().composed
    return text.filter { $0 != "'" && $0 != "’" }
      .split { $0.isWhitespace || $0.isPunctuation || $0.isSymbol }
      .map(String.init)
  }
}
