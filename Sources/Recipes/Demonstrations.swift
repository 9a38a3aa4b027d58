// How demonstrations are made: for recordings on disk and for recipes that record in memory.

import PlanarArmEnvironments
import PlanarDatasets
import PlanarLearning
import PlanarCore
import PlanarPlanning
import PlanarPolicyInterface
import PlanarRollouts

/// How demonstrations are made, with all defaults filled in.
public struct Demonstrations: Sendable {
  /// Who drives, and labels the states that it comes through: the expert or the planner.
  public var source: DriverName
  /// Standard deviation of noise on executed actions; labels stay clean.
  public var actionNoise: Double
  /// Chance per step that the arm is pushed off course for a few steps.
  public var pushProbability: Double
  /// Chance per step that a hand shoves an object.
  public var shoveProbability: Double
  /// Control steps between labelled states.
  public var labelStride: Int

  /// What the numbers may be.
  public enum Limits {
    /// Standard deviations, where 1 is full speed.
    public static let actionNoise = 0...100.0
    /// Chances per step.
    public static let probability = 0...1.0
    /// Control steps between labels.
    public static let labelStride = 1...100_000
  }

  /// - Parameters: nil for what is usual: a script shows how to recover from noise and pushes, a plan is too
  ///   costly to be spoilt.
  public init(
    source: DriverName, actionNoise: Double? = nil, pushProbability: Double? = nil,
    shoveProbability: Double = 0, labelStride: Int = 2
  ) {
    let isScript = source == .expert
    self.source = source
    self.actionNoise = actionNoise ?? (isScript ? 0.3 : 0)
    self.pushProbability = pushProbability ?? (isScript ? 0.03 : 0)
    self.shoveProbability = shoveProbability
    self.labelStride = labelStride
  }

  /// A plan is costly, and made again for every label; where nothing disturbs its execution, what was executed is
  /// as good a label.
  public var labelsAreExecutedActions: Bool {
    source == .planner && actionNoise == 0 && pushProbability == 0 && shoveProbability == 0
  }

  /// Episodes with the labels that they are to have, which the plan has made unless they are executed actions.
  public func labelled(_ episodes: [Episode], horizon: Int) -> [Episode] {
    guard labelsAreExecutedActions else { return episodes }
    return episodes.map { $0.labelled(byExecutedActions: horizon, stride: labelStride) }
  }

  /// What to write beside the data.
  public func provenance(firstSeed: UInt64) -> [String: String] {
    var facts = [
      "source": source.description, "first_seed": "\(firstSeed)", "action_noise": "\(actionNoise)",
      "push_probability": "\(pushProbability)", "label_stride": "\(labelStride)",
    ]
    if shoveProbability > 0 { facts["shove_probability"] = "\(shoveProbability)" }
    if labelsAreExecutedActions { facts["labels"] = "executed actions" }
    return facts
  }

  /// The plan by which episodes are collected.
  ///
  /// - Throws: `UserError` where the environment has no such expert, or no objects to shove.
  public func plan<World: LibraryEnvironment>(
    in world: World, planner: PlannerConfiguration, firstSeed: UInt64, horizons: Horizons, threads: Int
  ) throws -> CollectionPlan<World> {
    let demonstrator = try source.demonstrator(in: world, planner: planner)
    return CollectionPlan(
      world: world, expert: demonstrator.expert, driver: demonstrator.driver, firstSeed: firstSeed,
      actionNoise: noise(for: world.features), perturbation: try perturbation(in: world),
      labels: labelsAreExecutedActions ? .none : .everyFrames(labelStride),
      labelHorizon: horizons.prediction, threads: threads,
      // Nothing infers in blocks: no more is lost by a stop than the episode under way on each thread.
      blockSize: 1)
  }

  /// Noise moves the arm and leaves a gripper alone, which would drop what it holds. A noise of 1 is as far off as a
  /// robot gets in a step, whatever the action space.
  private func noise(for features: FeatureSet) -> ActionNoise? {
    guard actionNoise > 0 || pushProbability > 0 else { return nil }
    return ActionNoise(
      deviation: actionNoise, elementScales: features.action.anchors?.map(\.reach) ?? [],
      pushProbability: pushProbability, pushDeviation: 0.6)
  }

  private func perturbation<World: LibraryEnvironment>(in world: World) throws -> Perturbation<World>? {
    guard shoveProbability > 0 else { return nil }
    guard world.shovableObjects > 0 else {
      throw UserError(
        "'\(world.name)' has no objects that could be shoved; omit --shove-probability")
    }
    return ObjectShoves(probability: shoveProbability).perturbation()
  }
}

extension ObjectShoves {
  /// What the shoves do to a world.
  public func perturbation<World: LibraryEnvironment>() -> Perturbation<World> {
    { world, seed, frame in
      guard let shove = shove(seed: seed, frame: frame, objects: world.shovableObjects) else { return }
      world.receive(shove)
    }
  }

  /// The shoves of a recorded dataset; nil where there were none.
  public init?(provenance: [String: String]) {
    guard let probability = provenance["shove_probability"].flatMap(Double.init) else { return nil }
    self.init(probability: probability)
  }
}
