// The languages of commands, and the splits of their wordings.

/// The language of a command.
public enum CommandLanguage: String, CaseIterable, Codable, Sendable {
  case english = "en"
  case korean = "ko"
  /// Whatever the file has, each template as likely as another.
  case any

  /// The languages that wordings are written in.
  static let spoken: [CommandLanguage] = [.english, .korean]

  /// The language of a text: Korean where it holds a Hangul letter, else English.
  public init(of text: String) {
    self = text.contains(where: Korean.isHangul) ? .korean : .english
  }
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

  /// The split whose templates it uses, as commands.yaml names them.
  var templates: CommandSplit {
    switch self {
    case .any, .train, .compositional: return .train
    case .paraphrase: return .paraphrase
    case .distractor: return .distractor
    }
  }

  /// The splits that have templates of their own.
  static let written: [CommandSplit] = [.train, .paraphrase, .distractor]
}
