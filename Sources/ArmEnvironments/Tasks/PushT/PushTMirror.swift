// PushT in a mirror: what one episode shows, it shows twice.

import PlanarPolicyInterface

/// Goal and T are alike on both sides of the T's axis, and the goal's axis, x + y = 512 px, halves the window: what is
/// mirrored there is PushT again. Only the walls know left from right: they stand at 5 and 506 px.
extension PushTEnvironment {
  /// The episode in the mirror of the goal's axis, labels too. It has no seed of its own to begin from.
  public func mirrored(_ episode: Episode) -> Episode? {
    var mirror = episode
    let side = Float(PushTConstants.windowSide)
    for i in mirror.observations.indices {
      let pusher = episode.observations[i].proprioception
      mirror.observations[i].proprioception = [side - pusher[1], side - pusher[0]]
      let token = episode.observations[i].objects
      // Place and turn of the T, then places and ways in its frame, whose x axis turns around.
      mirror.observations[i].objects = [
        side - token[1], side - token[0], token[3], token[2], -token[4], token[5], -token[6], token[7],
        -token[8], token[9], -token[10],
      ]
    }
    mirror.actions = episode.actions.map(Self.mirrored)
    for i in mirror.labels.indices { mirror.labels[i].values = Self.mirrored(episode.labels[i].values) }
    return mirror
  }

  /// Targets `[steps, 2]`.
  private static func mirrored(_ targets: [Float]) -> [Float] {
    stride(from: 0, to: targets.count, by: 2).flatMap { [-targets[$0 + 1], -targets[$0]] }
  }
}
