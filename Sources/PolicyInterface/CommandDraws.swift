// Which of an environment's commands are drawn.

/// The language of a command.
public enum CommandLanguage: String, CaseIterable, Codable, Sendable {
  /// English alone.
  case english = "en"
  /// Korean alone.
  case korean = "ko"
  /// Whatever the file has, each template as likely as another.
  case any
}

/// Which wordings, for which instructions. `train`, `paraphrase`, `compositional` and `distractor` have no
/// command in common; `any` is `train` and `compositional` together.
public enum CommandSplit: String, CaseIterable, Codable, Sendable {
  /// Train wordings over every combination of colour, shape and target.
  case any
  /// Train wordings, without the held-out combinations.
  case train
  /// Other verbs and another word order, never trained on; without the held-out combinations.
  case paraphrase
  /// Train wordings of the held-out combinations.
  case compositional
  /// Wordings that also name an object to be left alone; without the held-out combinations.
  case distractor
}
