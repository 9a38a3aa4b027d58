// What a driver was asked and what it answered: all that a later look at its thinking needs.

import PlanarArmEnvironments
import PlanarPolicyInterface

/// A question to a driver with its answer.
struct Question<World: DrawableEnvironment> {
  /// Who was asked.
  var pilotIndex: Int
  /// Control steps of the episode that had been taken.
  var step: Int
  /// The world in which it was asked.
  var world: World
  /// What a policy was told, its noise stream as it was before; nil where no policy was asked.
  var request: PolicyRequest?
  /// The answer.
  var chunk: ActionChunk
}
