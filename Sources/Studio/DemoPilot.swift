// Who can drive the arm in a session: policies, and the expert to compare them with.

import PlanarCore
import PolicyInterface

/// A named driver of the arm.
public struct DemoPilot<World: DrawableEnvironment>: Sendable {
  /// What plans chunks.
  public enum Kind: Sendable {
    case policy(any Policy)
    /// Plans its chunks on a fork of the world, by these horizons.
    case expert(any Expert<World>, Horizons)
  }

  /// Such as `flow`; unique in a session.
  public var name: String
  /// A quieter word beside it, such as `2000 labels`; may be empty.
  public var detail: String
  public var kind: Kind

  /// The kind's own horizons, the execution horizon replaced where another was given.
  public var horizons: Horizons

  /// - Parameter executionHorizon: control steps executed of each chunk; nil takes the pilot's own.
  public init(name: String, detail: String = "", kind: Kind, executionHorizon: Int? = nil) {
    self.name = name
    self.detail = detail
    self.kind = kind
    switch kind {
    case .policy(let policy): horizons = policy.horizons
    case .expert(_, let own): horizons = own
    }
    horizons.execution = executionHorizon ?? horizons.execution
  }

  /// - Throws: `UserError` where the pilot cannot drive in this environment.
  func validate(for world: World) throws {
    if case .policy(let policy) = kind {
      try policy.features.requireOffered(
        by: world.features, policy: name, environment: world.name)
    }
    guard 1...horizons.prediction ~= horizons.execution else {
      throw UserError(
        "the execution horizon of '\(name)' must be between 1 and \(horizons.prediction), its prediction horizon; it is \(horizons.execution)"
      )
    }
  }
}

/// A pilot at work: one policy with its storage, or an expert with its choices of this episode.
final class DemoPlanner<World: DrawableEnvironment> {
  private enum Engine {
    case policy(any PolicyInference)
    case expert(any Expert<World>)
  }

  private var engine: Engine
  private let horizons: Horizons
  private var noise = RandomStream(seed: 0)

  init(_ pilot: DemoPilot<World>) {
    horizons = pilot.horizons
    switch pilot.kind {
    case .policy(let policy): engine = .policy(policy.makeInference(batch: 1))
    case .expert(let expert, _): engine = .expert(expert)
    }
  }

  /// Starts the streams that rollouts of the same seed use.
  func beginEpisode(seed: UInt64) {
    noise = RandomStream(seed: seed, purpose: "policy noise")
    if case .expert(var expert) = engine {
      expert.beginEpisode(seed: seed)
      engine = .expert(expert)
    }
  }

  /// Plans from what was observed (a policy) or from the world itself (the expert).
  func plan(_ history: ObservationHistory, in world: World) -> ActionChunk {
    switch engine {
    case .policy(let inference):
      var requests = [PolicyRequest(history: history, noise: noise)]
      let chunk = inference.predict(&requests)[0]
      noise = requests[0].noise
      return chunk
    case .expert(let expert):
      return Self.chunk(of: expert, in: world, horizon: horizons.prediction)
    }
  }

  private static func chunk(
    of expert: some Expert<World>, in world: World, horizon: Int
  ) -> ActionChunk {
    expert.chunk(from: world, horizon: horizon)
  }
}
