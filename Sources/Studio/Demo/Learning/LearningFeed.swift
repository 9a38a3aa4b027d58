// A policy that is trained while it drives: what the window knows of the training.

import PlanarPolicyInterface
import PlanarViewer

/// A curve of one figure of the training.
public typealias LearningCurve = Plot

/// How far a policy that learns has come.
public struct LearningProgress: Sendable {
  /// Another number, another policy.
  public var version: Int
  /// The newest policy; nil before there is one.
  public var policy: (any Policy)?
  /// What is being done, as a sentence.
  public var words: String
  /// Curves, such as of loss and success.
  public var plots: [LearningCurve]
  /// Whether the expert is asked now.
  public var isAsking: Bool
  /// Labels that people gave by leading the tip, those included that are not yet learned from.
  public var labelsByHand: Int

  /// How far a training is.
  public init(
    version: Int, policy: (any Policy)?, words: String, plots: [LearningCurve], isAsking: Bool, labelsByHand: Int = 0
  ) {
    self.version = version
    self.policy = policy
    self.words = words
    self.plots = plots
    self.isAsking = isAsking
    self.labelsByHand = labelsByHand
  }
}

/// Looks at a policy that is trained elsewhere.
public struct LearningFeed: Sendable {
  /// The pilot that gets every new policy.
  public var pilot: String
  /// How far it is now.
  public var latest: @Sendable () -> LearningProgress
  /// Lets the expert label where the learner goes, or no more.
  public var ask: @Sendable (Bool) -> Void
  /// Learns from the labels of an episode in which a person drove where the policy erred; whether it will.
  public var teach: @Sendable (Episode) -> Bool

  /// A feed for the pilot of a name.
  public init(
    pilot: String, latest: @escaping @Sendable () -> LearningProgress, ask: @escaping @Sendable (Bool) -> Void,
    teach: @escaping @Sendable (Episode) -> Bool
  ) {
    self.pilot = pilot
    self.latest = latest
    self.ask = ask
    self.teach = teach
  }
}
