// One recorded episode: every transition whole, who drove, and the expert's labels.

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
///   outcome      r   r   r   r   r   r   r   r   r     reward, terminated, truncated, success: of the step
///   driver       d   d   d   d   d   d   d   d   d     who chose the action
///                                                 o    and the final observation, after the last step
/// ```
///
/// Recorders fill all of it (`isComplete`). Datasets of format version 1 tell neither rewards nor the final
/// observation; what is missing there is said below.
public struct Episode: Equatable, Sendable {
  /// What its reset drew.
  public var info: EpisodeInfo
  /// Whether its command was obeyed.
  public var success: Bool
  /// One per frame.
  public var observations: [Observation]
  /// One per frame, as executed.
  public var actions: [Action]
  /// Frames that carry a label, ascending.
  public var labelFrames: [Int]
  /// One chunk per label frame.
  public var labels: [ActionChunk]
  /// One per frame, of its step; empty where it is not known, as from datasets of version 1.
  public var rewards: [Float]
  /// One per frame: whether its step ended the episode by the task's own rules. A failure from a dataset of version 1,
  /// which does not tell how it ended, is taken for one that the time limit ended.
  public var terminated: [Bool]
  /// One per frame: whether the time limit ended the episode after its step.
  public var truncated: [Bool]
  /// One per frame: whether the command was obeyed after its step.
  public var successes: [Bool]
  /// One per frame: who chose the action, such as `expert`; empty where it is not known.
  public var drivers: [String]
  /// What was observed after the last step; nil without a step, and where it is not known, as from datasets of version 1.
  public var finalObservation: Observation?

  /// An episode that was recorded.
  public init(
    info: EpisodeInfo, success: Bool, observations: [Observation], actions: [Action],
    labelFrames: [Int] = [], labels: [ActionChunk] = [], rewards: [Float] = [], terminated: [Bool] = [],
    truncated: [Bool] = [], successes: [Bool] = [], drivers: [String] = [],
    finalObservation: Observation? = nil
  ) {
    self.info = info
    self.success = success
    self.observations = observations
    self.actions = actions
    self.labelFrames = labelFrames
    self.labels = labels
    self.rewards = rewards
    self.terminated = terminated
    self.truncated = truncated
    self.successes = successes
    self.drivers = drivers
    self.finalObservation = finalObservation
  }

  /// How many observations it has.
  public var frameCount: Int { observations.count }

  /// Whether every transition is whole, as learning from reward needs it.
  public var isComplete: Bool {
    let columns = [
      actions.count, rewards.count, terminated.count, truncated.count, successes.count, drivers.count,
    ]
    return columns.allSatisfy { $0 == frameCount } && (finalObservation != nil) == (frameCount > 0)
  }

  /// What was observed after a frame's step; nil after the last where the final observation is not known.
  public func observation(after frame: Int) -> Observation? {
    frame + 1 < frameCount ? observations[frame + 1] : finalObservation
  }

  /// The observations a policy would have been shown at a frame, oldest first.
  public func history(at frame: Int, horizon: Int) -> ObservationHistory {
    ObservationHistory(
      (0..<horizon).map { observations[max(0, frame - (horizon - 1 - $0))] })
  }
}
