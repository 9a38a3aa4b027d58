// How demonstrations are made: for record, and for train where it records them itself.

import ArgumentParser
import ArmEnvironments
import Foundation
import Learning
import PlanarCore
import Planning
import PolicyInterface
import Rollouts

struct DemonstrationOptions: ParsableArguments {
  @Option(
    help: "Standard deviation of noise on executed actions (1 = full speed), so that recovery is seen; labels stay clean. Default: 0.3 for a scripted expert, 0 for the planner.")
  var actionNoise: Double?

  @Option(
    help: "Chance per step that the arm is pushed off course for a few steps. Default: 0.03 for a scripted expert, 0 for the planner.")
  var pushProbability: Double?

  @Option(help: "Chance per step that a hand shoves one of the objects.")
  var shoveProbability = 0.0

  @Option(help: "Control steps between labelled states.")
  var labelStride = 2

  func validate() throws {
    guard actionNoise ?? 0 >= 0, (0...1).contains(pushProbability ?? 0) else {
      throw ValidationError("--action-noise must not be negative and --push-probability must lie between 0 and 1.")
    }
    guard (0...1).contains(shoveProbability) else {
      throw ValidationError("--shove-probability must lie between 0 and 1; it is \(shoveProbability).")
    }
    guard labelStride > 0 else { throw ValidationError("--label-stride must be at least 1.") }
  }

  /// What the options mean for one driver.
  func resolved(for source: DemonstrationSource) -> Demonstrations {
    let isScript = source == .expert
    return Demonstrations(
      source: source, actionNoise: actionNoise ?? (isScript ? 0.3 : 0),
      pushProbability: pushProbability ?? (isScript ? 0.03 : 0), shoveProbability: shoveProbability,
      labelStride: labelStride)
  }
}

/// Who drives, and labels the states that it comes through.
enum DemonstrationSource: String, CaseIterable, ExpressibleByArgument {
  /// The environment's scripted expert.
  case expert
  /// The planning expert.
  case planner
}

/// How demonstrations are made, with all defaults filled in.
struct Demonstrations {
  var source: DemonstrationSource
  var actionNoise: Double
  var pushProbability: Double
  var shoveProbability: Double
  var labelStride: Int

  /// A plan is costly, and made anew for every label; where nothing disturbs its execution, what was executed is
  /// as good a label.
  var labelsAreExecutedActions: Bool {
    source == .planner && actionNoise == 0 && pushProbability == 0 && shoveProbability == 0
  }

  /// What to write beside the data.
  func provenance(firstSeed: UInt64) -> [String: String] {
    var facts = [
      "source": source.rawValue, "first_seed": "\(firstSeed)", "action_noise": "\(actionNoise)",
      "push_probability": "\(pushProbability)", "label_stride": "\(labelStride)",
    ]
    if shoveProbability > 0 { facts["shove_probability"] = "\(shoveProbability)" }
    if labelsAreExecutedActions { facts["labels"] = "executed actions" }
    return facts
  }

  /// The plan by which episodes are collected.
  ///
  /// - Throws: `UserError` where the environment has no such expert, or no objects to shove.
  func plan<World: LibraryEnvironment>(
    in world: World, planner: PlannerConfiguration, firstSeed: UInt64, horizons: Horizons, threads: Int
  ) throws -> CollectionPlan<World> {
    CollectionPlan(
      world: world, expert: try source.expert(in: world, planner: planner), firstSeed: firstSeed,
      actionNoise: noise(for: world.features), meddling: try meddling(in: world),
      labels: labelsAreExecutedActions ? .none : .everyFrames(labelStride),
      labelHorizon: horizons.prediction, threads: threads,
      // Plans take long: no more is lost by Ctrl-C than the episodes under way.
      blockSize: source == .planner ? 1 : 32)
  }

  /// Noise moves the arm and leaves a gripper alone, which would drop what it holds. Where actions are places, 1 is
  /// as far off as a robot gets in a step, not half of the table.
  private func noise(for features: FeatureSet) -> ActionNoise? {
    guard actionNoise > 0 || pushProbability > 0 else { return nil }
    let scale = features.action.anchors == nil ? 1 : 1.0 / 6
    return ActionNoise(
      deviation: actionNoise, elementScales: features.action.elements.map { $0.contains("grip") ? 0 : scale },
      pushProbability: pushProbability, pushDeviation: 0.6)
  }

  private func meddling<World: LibraryEnvironment>(in world: World) throws -> Meddling<World>? {
    guard shoveProbability > 0 else { return nil }
    let shoves = ObjectShoves(probability: shoveProbability)
    guard let meddling = (shoves.meddling as Any) as? Meddling<World> else {
      throw UserError(
        "'\(world.name)' has no objects that could be shoved; leave --shove-probability away")
    }
    return meddling
  }
}

extension ObjectShoves {
  /// What the shoves do to a table.
  var meddling: Meddling<ArmEnvironment> {
    { world, seed, frame in
      guard let shove = self.shove(seed: seed, frame: frame, objects: world.scene.objects.count) else { return }
      world.shove(body: shove.object, velocity: shove.velocity)
    }
  }

  /// The shoves of a recorded dataset; nil where there were none.
  init?(provenance: [String: String]) {
    guard let probability = provenance["shove_probability"].flatMap(Double.init) else { return nil }
    self.init(probability: probability)
  }
}

extension DemonstrationSource {
  /// - Throws: `UserError` where the environment has no script.
  func expert<World: LibraryEnvironment>(
    in world: World, planner: PlannerConfiguration
  ) throws -> any Expert<World> {
    switch self {
    case .planner: return PlanningExpert<World>(planner)
    case .expert:
      guard let expert = world.scriptedExpert else {
        throw UserError(
          "environment '\(world.name)' has no scripted expert; record with the planner: planar record --from planner --environment \(world.name)"
        )
      }
      return expert
    }
  }
}
