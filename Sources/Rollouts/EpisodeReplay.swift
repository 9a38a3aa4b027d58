// Running a recorded episode again: its scene comes from its seed, its motion from its actions.

import PlanarCore
import PlanarPolicyInterface

/// How a replayed episode compares with its record.
public struct EpisodeReplay: Equatable, Sendable {
  /// The first frame at which an observation is not the recorded one, the number of frames standing for the final
  /// observation; nil where all are, bit by bit.
  public var firstDifference: Int?
  /// Whether the episode succeeds as it did when it was recorded.
  public var endsAsRecorded: Bool

  /// The environment has shown what was recorded.
  public var isFaithful: Bool { firstDifference == nil && endsAsRecorded }
}

/// Resets `world` to an episode's seed and command, and executes its actions.
///
/// Features that only the record or only `world` has, such as pictures, are not compared.
///
/// - Parameters:
///   - world: an environment of the dataset's name, randomization level and variation.
///   - visit: is shown the world before the action of each frame, and once more at the end, with the number of
///     frames.
///   - perturbation: what happened to the world before each step, besides the action.
/// - Throws: `UserError` where the actions are not of `world`'s shape, or it does not understand the command.
public func replay<World: Environment>(
  _ episode: Episode, in world: inout World,
  visit: (_ frame: Int, _ world: World) throws -> Void = { _, _ in },
  perturbation: Perturbation<World>? = nil
) throws -> EpisodeReplay {
  let width = world.features.action.count
  guard episode.actions.allSatisfy({ $0.count == width }) else {
    throw UserError(
      "the episode of seed \(episode.info.seed) does not have the actions of \(width) numbers that environment '\(world.name)' takes"
    )
  }
  let first = try world.reset(
    seed: episode.info.seed,
    command: episode.info.command == episode.info.drawnCommand ? .drawn : .text(episode.info.command))
  var stepper = EpisodeStepper(world, first: first, perturbation: perturbation)
  var replay = EpisodeReplay(firstDifference: nil, endsAsRecorded: !episode.success)
  for frame in 0..<episode.frameCount {
    if replay.firstDifference == nil, !stepper.latest.agrees(with: episode.observations[frame]) {
      replay.firstDifference = frame
    }
    try visit(frame, stepper.world)
    let transition = stepper.step(episode.actions[frame], by: "record")
    replay.endsAsRecorded = transition.succeeded == episode.success
  }
  if replay.firstDifference == nil, let final = episode.finalObservation, !stepper.latest.agrees(with: final) {
    replay.firstDifference = episode.frameCount
  }
  world = stepper.world
  try visit(episode.frameCount, world)
  return replay
}
