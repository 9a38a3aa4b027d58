// Who can drive the robot in a session: policies, and the expert and chance to compare them with.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// A driver as a session shows it: all plan by chunks, so that what is coming can be seen.
public struct DemoPilot<World: DrawableEnvironment>: Sendable {
  /// Such as `push-flow`; unique in a session.
  public var name: String
  /// A quieter word beside it, such as `2000 labels`; may be empty.
  public var detail: String
  /// Who drives.
  public var driver: Driver<World>

  /// The driver's own horizons, the execution horizon replaced where another was given.
  public var horizons: Horizons

  /// How its chunks are executed, the horizon filled in.
  public var execution: ChunkExecution

  /// How its policy makes them; nil where nothing of that can be set.
  public var sampling: PilotSampling?

  /// - Parameters:
  ///   - name: nil for the driver's.
  ///   - execution: of a policy's chunks; its horizon is the pilot's own where it has none.
  ///   - sampling: how the policy makes them; nil where nothing of that can be set.
  public init(
    name: String? = nil, detail: String = "", driver: Driver<World>,
    execution: ChunkExecution = .recedingHorizon, sampling: PilotSampling? = nil
  ) {
    self.sampling = sampling
    self.name = name ?? driver.name
    self.detail = detail
    self.driver = driver
    switch driver.kind {
    case .policy(let policy), .mixture(let policy, _, _): horizons = policy.horizons
    case .expert, .planner: horizons = Horizons()
    case .random, .person: horizons = Horizons(observation: 1, prediction: 8, execution: 8)
    }
    self.execution = execution.resolved(for: horizons)
    horizons.execution = self.execution.horizon!
  }

  /// - Throws: `UserError` where the pilot cannot drive in this environment.
  func validate(for world: World) throws {
    if case .person = driver.kind {
      throw UserError("a person drives by planar record --from teleop; a demo is driven by others")
    }
    if let policy = driver.policy {
      try policy.features.requireOffered(
        by: world.taking(actionsOf: policy.features).features, policy: name, environment: world.name)
    }
    guard 1...horizons.prediction ~= horizons.execution else {
      throw UserError(
        "the execution horizon of '\(name)' must be between 1 and \(horizons.prediction), its prediction horizon; it is \(horizons.execution)"
      )
    }
    if let policy = driver.policy { try execution.validate(for: policy) }
  }

  /// The pilot at work in an episode.
  ///
  /// - Parameter observations: what was observed last, oldest first.
  func begin(in world: World, from observations: [Observation]) -> ActiveDriver<World> {
    var active = ActiveDriver(
      driver, first: observations[0], observationHorizon: horizons.observation, execution: execution,
      actionCount: world.features.action.count, seed: world.info.seed,
      planningHorizon: horizons.prediction)
    active.replan(from: observations)
    return active
  }
}
