// From a driver's name to the driver.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPlanning
import PlanarPolicyInterface
import PlanarRollouts

extension DriverName {
  /// Those who can label states, and so make demonstrations by themselves.
  public static var demonstrators: [DriverName] { [.expert, .planner] }

  /// The expert or planner of this name, that drives and labels.
  ///
  /// - Throws: `UserError` where the environment has no script, or the name is of nobody who demonstrates.
  public func demonstrator<World: LibraryEnvironment>(
    in world: World, planner: PlannerConfiguration
  ) throws -> (expert: any Expert<World>, driver: Driver<World>) {
    switch self {
    case .planner:
      let expert = PlanningExpert<World>(planner)
      return (expert, .planner(expert))
    case .expert:
      guard let expert = world.scriptedExpert else {
        throw UserError(
          "environment '\(world.name)' has no scripted expert; let the planner demonstrate: 'record --from planner', 'dagger --expert planner', or 'source: planner' in a recipe"
        )
      }
      return (expert, .expert(expert))
    case .random, .person, .checkpoint:
      throw UserError("'\(self)' cannot label what it does; let the expert or the planner demonstrate")
    }
  }
}

extension Driver where World: LibraryEnvironment {
  /// The driver of a name. Where no expert is scripted, `expert` is the planner.
  ///
  /// - Parameters:
  ///   - planner: how a planner searches.
  ///   - load: reads the checkpoint of a folder.
  /// - Throws: what `load` throws, or `UserError` where a person is named.
  public init(
    _ name: DriverName, in world: World, planner: PlannerConfiguration,
    load: (_ path: String) throws -> any Policy
  ) throws {
    switch name {
    case .expert where world.scriptedExpert != nil: self = .expert(world.scriptedExpert!)
    case .expert, .planner: self = .planner(PlanningExpert<World>(planner))
    case .random: self = .random()
    case .person:
      throw UserError("a person drives only in a window, by planar record --from \(name); name another driver here")
    case .checkpoint(let path):
      self = .policy(try load(path), name: URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent)
    }
  }
}
