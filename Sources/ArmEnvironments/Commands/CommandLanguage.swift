// What the grammar adds to the languages and splits of commands.

// The environments' interface is made of these types: who imports this module has them too.
@_exported import PlanarPolicyInterface

extension CommandLanguage {
  /// The languages that wordings are written in.
  static let spoken: [CommandLanguage] = [.english, .korean]

  /// The language of a text: Korean where it holds a Hangul letter, else English.
  public init(of text: String) {
    self = text.contains(where: Korean.isHangul) ? .korean : .english
  }
}

extension CommandSplit {
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
