// Who drives in a demo.

import PlanarArmEnvironments
import Foundation
import PlanarLanguage
import PlanarCore
import PlanarPlanning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio

struct DemoPilots {
  /// How the chunks of policies are executed.
  var execution: ChunkExecution
  /// How policies make their chunks.
  var sampling: SamplingOptions
  var planner: PlannerConfiguration

  /// The pilot that a word of the command line names: a checkpoint folder, `expert`, `planner` or `random`.
  ///
  /// - Throws: `UserError` where it cannot drive in `world`.
  func pilot<World: LibraryEnvironment & DrawableEnvironment>(
    _ name: String, in world: World
  ) throws -> DemoPilot<World> {
    let driver = try Driver(named: name, in: world, planner: planner, sampling: sampling)
    if let policy = driver.policy {
      return DemoPilot(
        detail: policy.name, driver: driver, execution: execution, sampling: (policy as? TrainedPolicy)?.pilotSampling)
    }
    guard case .planner = driver.kind else { return DemoPilot(name: name, driver: driver) }
    return DemoPilot(
      name: name, driver: driver, execution: ChunkExecution(horizon: planner.executionSteps))
  }

  /// The pilots of several words, each with a name of its own: folders that are called the same are told apart by those
  /// that they lie in.
  ///
  /// - Throws: `UserError` where one cannot drive in `world`, or two words mean the same.
  func pilots<World: LibraryEnvironment & DrawableEnvironment>(
    _ words: [String], in world: World
  ) throws -> [DemoPilot<World>] {
    var pilots = try words.map { try pilot($0, in: world) }
    let names = try namesToldApart(pilots.map(\.name), of: words, in: "--policies")
    for index in pilots.indices { pilots[index].name = names[index] }
    return pilots
  }

  /// The pilots of a preset; nil in an environment that its policies were not trained for.
  ///
  /// - Throws: `UserError` where one cannot drive in `world` as it is loaded.
  func pilots<World: LibraryEnvironment & DrawableEnvironment>(
    of preset: DemoPreset, in world: World
  ) throws -> [DemoPilot<World>]? {
    guard try preset.environment == world.name else { return nil }
    return try pilots(of: preset.lanes, in: world)
  }

  /// - Throws: `UserError` where a policy cannot drive in `world`.
  func pilots<World: LibraryEnvironment & DrawableEnvironment>(
    of lanes: [DemoPreset.Lane], in world: World
  ) throws -> [DemoPilot<World>] {
    try lanes.map { lane in
      let driver = try Driver(named: lane.policy, in: world, planner: planner, sampling: sampling)
      return DemoPilot(
        name: lane.title, detail: lane.policy, driver: driver, execution: lane.execution,
        sampling: (driver.policy as? TrainedPolicy)?.pilotSampling)
    }
  }

  /// The shipped checkpoints that fit an environment; where there is none, the others that can drive there.
  ///
  /// - Throws: `UserError` where a shipped checkpoint cannot be read.
  func all<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World
  ) throws -> [DemoPilot<World>] {
    let shipped = try Self.shipped(for: world).map { try pilot($0, in: world) }
    if !shipped.isEmpty { return shipped }
    let others = (world.scriptedExpert == nil ? [] : ["expert"]) + ["planner", "random"]
    return try others.map { try pilot($0, in: world) }
  }

  /// Of each head, the shipped checkpoint that was trained for an environment and fits it as it is loaded, in the
  /// order of the keys: that of the heads, those that learn from others first. The last one drives first.
  ///
  /// Where a head has several, one with the head's default options is taken.
  ///
  /// - Throws: `UserError` where a shipped checkpoint cannot be read.
  static func shipped(for world: some LibraryEnvironment) throws -> [String] {
    var chosen: [String: (name: String, head: HeadChoice)] = [:]
    for name in Checkpoint.shippedNames.sorted(by: { ($0.count, $0) < ($1.count, $1) }) {
      guard let folder = Checkpoint.folder(of: name) else { continue }
      let configuration = try Checkpoint.configuration(of: folder)
      let head = configuration.head
      guard configuration.environment == world.name, configuration.runs(in: world) else { continue }
      if let known = chosen[head.name], known.head.isStandard || !head.isStandard { continue }
      chosen[head.name] = (name, head)
    }
    let order = HeadChoice.names
    return chosen.values.sorted {
      ($0.head.needsTeacher ? 0 : 1, order.firstIndex(of: $0.head.name)!)
        < ($1.head.needsTeacher ? 0 : 1, order.firstIndex(of: $1.head.name)!)
    }.map {
      FileManager.default.fileExists(atPath: "Assets/checkpoints/\($0.name)")
        ? "Assets/checkpoints/\($0.name)" : $0.name
    }
  }
}

extension TrainedPolicy {
  /// What of its sampling can be set while it drives; nil where nothing can.
  fileprivate var pilotSampling: PilotSampling? {
    let steps = configuration.head.options.denoisingSteps
    let guidance = configuration.commandDropout > 0 ? Double(configuration.guidanceScale) : nil
    guard steps != nil || guidance != nil else { return nil }
    return PilotSampling(steps: steps, mostSteps: max(20, steps ?? 1), guidance: guidance) { steps, guidance in
      try PolicySampling(steps: steps, guidanceScale: guidance.map(Float.init), weights: precision).applied(to: self)
    }
  }
}

extension PolicyConfiguration {
  /// Whether an environment offers what the policy needs, and its text encoder is here.
  func runs(in world: some LibraryEnvironment) -> Bool {
    let offered: Void? = try? neededFeatures.requireOffered(
      by: world.taking(actionsOf: neededFeatures).features, policy: head.name, environment: world.name)
    if case .miniLM = text, !MiniLM.isFetched { return false }
    return offered != nil
  }
}
