// Labels of episodes that nobody has labelled: what was done is what should be done.

import PlanarCore
import PolicyInterface

extension Episode {
  /// The episode with its own executed actions as labels, as demonstrations driven by a person have them.
  ///
  /// ```
  ///   frame     0  1  2  3  4        horizon 3, stride 2
  ///   action    a  b  c  d  e
  ///   label     abc   cde   eee      the last action stands repeated beyond the end
  /// ```
  ///
  /// - Parameters:
  ///   - horizon: steps in a label, Tp; at least 1.
  ///   - stride: control steps between labelled frames; at least 1.
  /// - Returns: The same episode; labels it had are gone.
  public func labelled(byExecutedActions horizon: Int, stride: Int = 1) -> Episode {
    precondition(horizon > 0 && stride > 0, "a label has a step and a place")
    var episode = self
    episode.labelFrames = Array(Swift.stride(from: 0, to: frameCount, by: stride))
    episode.labels = episode.labelFrames.map { frame in
      ActionChunk(
        horizon: horizon, dimension: actions[frame].count,
        values: (0..<horizon).flatMap { actions[min(frame + $0, frameCount - 1)] })
    }
    return episode
  }
}
