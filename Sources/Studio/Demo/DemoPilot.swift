// Who can drive the arm in a session: policies, and the expert and chance to compare them with.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// A named driver of the arm.
public struct DemoPilot<World: DrawableEnvironment>: Sendable {
  /// What plans chunks.
  public enum Kind: Sendable {
    case policy(any Policy)
    /// Plans its chunks on a fork of the world, by these horizons.
    case expert(any Expert<World>, Horizons)
    /// Draws its chunks; eight steps at a time.
    case random(RandomActions)
  }

  /// Such as `flow`; unique in a session.
  public var name: String
  /// A quieter word beside it, such as `2000 labels`; may be empty.
  public var detail: String
  public var kind: Kind

  /// The kind's own horizons, the execution horizon replaced where another was given.
  public var horizons: Horizons

  /// How its chunks are executed, the horizon filled in.
  public var execution: ChunkExecution

  /// - Parameter execution: of a policy; its horizon is the pilot's own where it has none.
  public init(
    name: String, detail: String = "", kind: Kind, execution: ChunkExecution = .recedingHorizon
  ) {
    self.name = name
    self.detail = detail
    self.kind = kind
    switch kind {
    case .policy(let policy): horizons = policy.horizons
    case .expert(_, let own): horizons = own
    case .random: horizons = Horizons(observation: 1, prediction: 8, execution: 8)
    }
    self.execution = execution.resolved(for: horizons)
    horizons.execution = self.execution.horizon!
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
    if case .policy(let policy) = kind { try execution.validate(for: policy) }
  }
}

/// A pilot at work: one policy with its storage, or an expert or chance with the choices of this episode.
final class DemoPlanner<World: DrawableEnvironment> {
  private enum Engine {
    case policy(any PolicyInference)
    case expert(any Expert<World>)
    case random(RandomActions, RandomDriver)
  }

  private var engine: Engine
  private let horizons: Horizons
  private var noise = RandomStream(seed: 0)

  init(_ pilot: DemoPilot<World>, in world: World) {
    horizons = pilot.horizons
    switch pilot.kind {
    case .policy(let policy): engine = .policy(policy.makeInference(batch: 1, in: world.features))
    case .expert(let expert, _): engine = .expert(expert)
    case .random(let kind): engine = .random(kind, RandomDriver(kind, dimension: 0, seed: 0))
    }
  }

  /// Starts the streams that rollouts of the same seed use.
  func beginEpisode(seed: UInt64, in world: World) {
    noise = RandomStream(seed: seed, purpose: "policy noise")
    switch engine {
    case .policy: break
    case .expert(var expert):
      expert.beginEpisode(seed: seed)
      engine = .expert(expert)
    case .random(let kind, _):
      let dimension = world.features.action.count
      engine = .random(kind, RandomDriver(kind, dimension: dimension, seed: seed))
    }
  }

  /// Plans from what was observed, and what goes on meanwhile (a policy), or from the world itself (the expert).
  func plan(
    _ history: ObservationHistory, continuing continuation: ChunkContinuation?, in world: World
  ) -> ActionChunk {
    switch engine {
    case .policy(let inference):
      var requests = [
        PolicyRequest(history: history, noise: noise, continuation: continuation)
      ]
      let chunk = inference.predict(&requests)[0]
      noise = requests[0].noise
      return chunk
    case .expert(var expert):
      let chunk = expert.chunk(from: world, horizon: horizons.prediction)
      engine = .expert(expert)
      return chunk
    case .random(let kind, var driver):
      let actions = (0..<horizons.prediction).flatMap { _ in driver.next() }
      engine = .random(kind, driver)
      return ActionChunk(
        horizon: horizons.prediction, dimension: world.features.action.count, values: actions)
    }
  }
}
