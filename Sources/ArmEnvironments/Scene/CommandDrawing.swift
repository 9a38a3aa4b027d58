// Which of the possible commands an environment draws: languages, splits, and how often words like "nearest" are needed.

import PlanarCore

/// Which commands are drawn with scenes.
public struct CommandDrawing: Sendable {
  /// The commands that are understood, and their wordings.
  public var grammar: CommandGrammar
  /// The language of commands.
  public var language: CommandLanguage
  /// Which commands are drawn.
  public var split: CommandSplit

  func admits(_ instruction: Instruction) -> Bool { grammar.admits(instruction, in: split) }

  func sample(
    _ instruction: Instruction, in scene: Scene, using random: inout RandomStream
  ) throws -> String {
    var bystander: NounPhrase?
    if split == .distractor {
      let named = instruction.requests.compactMap(\.subject)
      let others = scene.objects.map {
        NounPhrase(color: $0.colorName, shape: $0.shape.rawValue)
      }.filter { other in !named.contains { $0.color == other.color && $0.shape == other.shape } }
      if !others.isEmpty { bystander = others[random.integer(below: others.count)] }
    }
    return try grammar.sample(
      instruction, language: language, split: split, mentioning: bystander, using: &random)
  }
}
