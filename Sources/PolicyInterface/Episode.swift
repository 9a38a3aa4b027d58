// One recorded episode: observations, the actions that were executed, and the expert's labels.

/// An episode of `frameCount` control steps.
///
/// A **label** is one expert chunk at one observation; it is what learning pays for, and every label is
/// counted alike, whoever drove the arm there:
///
/// ```
///   frame        0   1   2   3   4   5   6   7   8 …
///   observation  o   o   o   o   o   o   o   o   o     what was seen
///   action       a   a   a   a   a   a   a   a   a     what was executed (expert, learner, or noisy expert)
///   label        L               L               L     [prediction horizon, action] at label frames
/// ```
public struct Episode: Equatable, Sendable {
  public var info: EpisodeInfo
  public var success: Bool
  /// One per frame.
  public var observations: [Observation]
  /// One per frame, as executed.
  public var actions: [Action]
  /// Frames that carry a label, ascending.
  public var labelFrames: [Int]
  /// One chunk per label frame.
  public var labels: [ActionChunk]

  public init(
    info: EpisodeInfo, success: Bool, observations: [Observation], actions: [Action],
    labelFrames: [Int], labels: [ActionChunk]
  ) {
    self.info = info
    self.success = success
    self.observations = observations
    self.actions = actions
    self.labelFrames = labelFrames
    self.labels = labels
  }

  public var frameCount: Int { observations.count }

  /// The observations a policy would have been shown at a frame, oldest first.
  public func history(at frame: Int, horizon: Int) -> ObservationHistory {
    ObservationHistory(
      (0..<horizon).map { observations[max(0, frame - (horizon - 1 - $0))] })
  }
}
