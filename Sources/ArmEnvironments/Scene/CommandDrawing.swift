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
    if grammar.mentionsBystanders(split) {
      // What looks like an object that is meant cannot be told to be left alone.
      let visible = scene.visibleObjects
      let zones = scene.zones.map { (name: $0.name, center: $0.center) }
      let meant = instruction.requests.flatMap { request in
        (try? request.subject?.resolve(among: visible, zones: zones)) ?? []
      }.map { visible[$0].phrase }
      let others = visible.map(\.phrase).filter { !meant.contains($0) }
      if !others.isEmpty { bystander = others[random.integer(below: others.count)] }
    }
    return try grammar.sample(
      instruction, language: language, split: split, mentioning: bystander, using: &random)
  }
}
