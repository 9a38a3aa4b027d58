// Scenes in which a person's command makes sense.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface

enum SceneSearch {
  /// Scenes tried for one in which a given command makes sense.
  private static let limit: UInt64 = 1000

  /// The first scene, from a seed upward, in which a command can be obeyed.
  ///
  /// - Throws: `UserError` of the first scene where there is none.
  static func scene<World: DrawableEnvironment>(
    of world: World, from firstSeed: UInt64, command: CommandChoice
  ) throws -> (world: World, first: Observation) {
    var refusal: (any Error)?
    for offset in 0..<limit {
      do {
        var next = world
        let first = try next.reset(seed: firstSeed &+ offset, command: command)
        return (next, first)
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal ?? UserError("no scene was found")
  }
}
