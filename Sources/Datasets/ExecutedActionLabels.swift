// Labels of episodes that nobody has labelled: what was done is what should be done.

import PlanarCore
import PlanarPolicyInterface

extension Episode {
  /// The episode with its own executed actions as labels, as demonstrations driven by a person have them.
  ///
  /// ```
  ///   frame     0  1  2  3  4        horizon 3, stride 2
  ///   action    a  b  c  d  e
  ///   label     abc   cde   ehh      h: what is held beyond the end
  /// ```
  ///
  /// - Parameters:
  ///   - horizon: steps in a label, Tp; at least 1.
  ///   - stride: control steps between labelled frames; at least 1.
  ///   - hold: `[action]`, what goes on after the last action, such as not to move; nil repeats the last action,
  ///     which is right where actions are places to go to.
  /// - Returns: The same episode; labels it had are gone.
  public func labelled(byExecutedActions horizon: Int, stride: Int = 1, hold: Action? = nil) -> Episode {
    precondition(horizon > 0 && stride > 0, "a label has a step and a place")
    var episode = self
    let rest = hold ?? actions.last ?? []
    episode.labelFrames = Array(Swift.stride(from: 0, to: frameCount, by: stride))
    episode.labels = episode.labelFrames.map { frame in
      ActionChunk(
        horizon: horizon, dimension: rest.count,
        values: (frame..<frame + horizon).flatMap { $0 < frameCount ? actions[$0] : rest })
    }
    return episode
  }
}
