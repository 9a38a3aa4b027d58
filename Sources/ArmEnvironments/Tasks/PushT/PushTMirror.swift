// PushT in a mirror: what one episode shows, it shows twice.

import PlanarPolicyInterface

/// Goal and T are alike on both sides of the T's axis, and the goal's axis, x + y = 512 px, halves the window: what is
/// mirrored there is PushT again. Only the walls know left from right: they stand at 5 and 506 px.
extension PushTEnvironment {
  /// The episode in the mirror of the goal's axis, labels too. It has no seed of its own to begin from.
  public func mirrored(_ episode: Episode) -> Episode? {
    var mirror = episode
    mirror.observations = episode.observations.map(Self.mirrored)
    mirror.finalObservation = episode.finalObservation.map(Self.mirrored)
    mirror.actions = episode.actions.map(Self.mirrored)
    for i in mirror.labels.indices { mirror.labels[i].values = Self.mirrored(episode.labels[i].values) }
    return mirror
  }

  private static func mirrored(_ observation: Observation) -> Observation {
    let side = Float(PushTConstants.windowSide)
    var mirror = observation
    let pusher = observation.proprioception
    mirror.proprioception = [side - pusher[1], side - pusher[0]]
    let token = observation.objects
    // Position and turn of the T, then positions and ways in its frame, whose x axis turns around.
    mirror.objects = [
      side - token[1], side - token[0], token[3], token[2], -token[4], token[5], -token[6], token[7],
      -token[8], token[9], -token[10],
    ]
    return mirror
  }

  /// Targets `[steps, 2]`.
  private static func mirrored(_ targets: [Float]) -> [Float] {
    stride(from: 0, to: targets.count, by: 2).flatMap { [-targets[$0 + 1], -targets[$0]] }
  }
}
