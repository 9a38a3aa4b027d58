// Who drives in a demo.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPlanning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio

struct DemoPilots {
  /// How the chunks of policies are executed.
  var execution: ChunkExecution
  var planner: PlannerConfiguration

  /// The endings of shipped checkpoints' names in the order of the keys; others come before. The last one drives first.
  private static let order = ["regression", "dagger", "diffusion", "flow"]

  /// The pilot that a word of the command line names: a checkpoint folder, `expert`, `planner` or `random`.
  ///
  /// - Throws: `UserError` where it cannot drive in `world`.
  func pilot<World: LibraryEnvironment & DrawableEnvironment>(
    _ name: String, in world: World
  ) throws -> DemoPilot<World> {
    let driver = try Driver(named: name, in: world, planner: planner)
    if let policy = driver.policy {
      return DemoPilot(detail: policy.name, driver: driver, execution: execution)
    }
    guard case .planner = driver.kind else { return DemoPilot(name: name, driver: driver) }
    return DemoPilot(
      name: name, driver: driver, execution: ChunkExecution(horizon: planner.executionSteps))
  }

  /// The shipped checkpoints that fit an environment; where there is none, the others that can drive there.
  ///
  /// - Throws: `UserError` where a shipped checkpoint cannot be read.
  func all<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World
  ) throws -> [DemoPilot<World>] {
    let shipped = try Self.shippedCheckpoints(for: world.name).map { try pilot($0, in: world) }
      .filter { $0.fits(world) }
    if !shipped.isEmpty { return shipped }
    let others = (world.scriptedExpert == nil ? [] : ["expert"]) + ["planner", "random"]
    return try others.map { try pilot($0, in: world) }
  }

  private static func shippedCheckpoints(for environment: String) throws -> [String] {
    let folder = try EnvironmentLibrary.home().appendingPathComponent("Assets/checkpoints")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    func rank(_ name: String) -> Int {
      order.firstIndex { name == "\(environment)-\($0)" } ?? -1
    }
    return names.filter { name in
      // `push-flow` is of `push`, `pusht-arm-flow` is not of `pusht`.
      name.hasPrefix("\(environment)-") && !name.dropFirst(environment.count + 1).contains("-")
    }.sorted { (rank($0), $0) < (rank($1), $1) }
      .map { folder.appendingPathComponent($0).path }
  }
}

extension DemoPilot {
  /// Whether the environment offers what the pilot needs.
  fileprivate func fits(_ world: World) -> Bool {
    guard let policy = driver.policy else { return true }
    let check: Void? = try? policy.features.requireOffered(
      by: world.features, policy: name, environment: world.name)
    return check != nil
  }
}
