// Who drives the robot: in rollouts, demonstrations, DAgger, teleoperation and the window.

import PlanarCore
import PlanarPolicyInterface

/// Who drives the robot, and the name that recorded frames bear of it.
///
/// All of a driver's draws come from streams of the episode's seed. `ActiveDriver` is a driver at work in one episode.
public struct Driver<World: Environment>: Sendable {
  /// What recorded frames say of who drove, such as `expert` or `push-flow`; in a mixture its two parts are named.
  public var name: String
  /// Who it is.
  public var kind: Kind

  /// The kinds of driver.
  public enum Kind: Sendable {
    /// A demonstrator, asked every control step.
    case expert(any Expert<World>)
    /// A demonstrator that searches for its actions: as an expert, but slow, and costly to ask for labels.
    case planner(any Expert<World>)
    /// A policy, asked once per execution horizon.
    case policy(any Policy)
    /// Nobody: a lower bound for tables, and states far from any demonstration.
    case random(RandomActions)
    /// A person at a window, who gives each action from outside.
    case person
    /// A learner, and an expert that takes over from it for whole chunks.
    case mixture(learner: any Policy, expert: any Expert<World>, ExpertTakeover)
  }

  /// - Parameter name: what recorded frames say of who drove.
  public init(name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// A demonstrator, asked every control step.
  public static func expert(_ expert: any Expert<World>) -> Driver {
    Driver(name: DriverName.expert.description, .expert(expert))
  }

  /// A demonstrator that searches for its actions.
  public static func planner(_ planner: any Expert<World>) -> Driver {
    Driver(name: DriverName.planner.description, .planner(planner))
  }

  /// A policy, asked once per execution horizon.
  ///
  /// - Parameter name: nil for the policy's own.
  public static func policy(_ policy: any Policy, name: String? = nil) -> Driver {
    Driver(name: name ?? policy.name, .policy(policy))
  }

  /// Random actions.
  public static func random(_ actions: RandomActions = .standard) -> Driver {
    Driver(name: DriverName.random.description, .random(actions))
  }

  /// A person at a window.
  public static var person: Driver { Driver(name: DriverName.person.description, .person) }

  /// A learner, and an expert that takes over from it.
  public static func mixture(
    learner: any Policy, expert: any Expert<World>, takeover: ExpertTakeover
  ) -> Driver {
    Driver(name: "mixture", .mixture(learner: learner, expert: expert, takeover))
  }

  /// DAgger's mixture (Ross et al. 2011): the expert drives a chunk with probability `expertShare` (β).
  public static func mixture(
    learner: any Policy, expert: any Expert<World>, expertShare: Double
  ) -> Driver {
    .mixture(learner: learner, expert: expert, takeover: .probability(expertShare))
  }
}

/// When the expert of a mixture takes over from the learner: decided at each chunk's start, for the whole chunk.
public enum ExpertTakeover: Sendable {
  /// With this probability (β), 0 … 1, by a coin of the episode's seed (Ross et al. 2011).
  case probability(Double)
  /// Where the gate says so, given what is observed, the chunk that the learner would execute and, where it asks, the one
  /// that the expert would, as where the learner is in doubt or about to do harm (HG-DAgger, Kelly et al. 2019;
  /// ThriftyDAgger, Hoque et al. 2021). Called from several threads.
  case gate(@Sendable (_ observation: Observation, _ chunk: ActionChunk, _ expert: () -> ActionChunk) -> Bool)
  /// As another rule says, for so many chunks of an episode at most.
  indirect case budget(Int, ExpertTakeover)

  /// - Throws: `UserError` where a probability or a budget is out of range.
  func validate() throws {
    switch self {
    case .probability(let share):
      guard (0...1).contains(share) else {
        throw UserError("the expert's share of a mixture must be between 0 and 1; it is \(share)")
      }
    case .gate: break
    case .budget(let most, let rule):
      guard most >= 0 else {
        throw UserError("the expert's budget must be at least 0 chunks of an episode; it is \(most)")
      }
      try rule.validate()
    }
  }
}

extension Driver {
  /// The policy that must be asked for chunks, if any.
  public var policy: (any Policy)? {
    switch kind {
    case .policy(let policy), .mixture(let policy, _, _): policy
    case .expert, .planner, .random, .person: nil
    }
  }

  /// The expert or planner that acts, if any.
  public var expert: (any Expert<World>)? {
    switch kind {
    case .expert(let expert), .planner(let expert), .mixture(_, let expert, _): expert
    case .policy, .random, .person: nil
    }
  }

  /// Whether a policy drives, and nobody else.
  public var isPolicyAlone: Bool {
    if case .policy = kind { true } else { false }
  }
}
