// The sensors that policies look at, switched on without being asked for.

import PlanarArmEnvironments
import Foundation
import PlanarPolicies
import PlanarPolicyInterface

extension EnvironmentOptions {
  /// Loads the environment for some policies: the sensors that one of them looks at are switched on, the camera at the
  /// size of its picture, where nothing else was asked for; the action space is that of the first that tells one.
  ///
  /// - Parameter policies: as on the command line; words that are not checkpoints are passed over.
  /// - Throws: `UserError` where an item or a value is not understood, or a checkpoint is damaged.
  func load(for policies: [String]) throws -> any LibraryEnvironment {
    var settings = try environmentSettings()
    for policy in policies {
      guard let folder = Checkpoint.folder(of: policy) else { continue }
      let needed = try Checkpoint.configuration(of: folder).neededFeatures
      settings.switchOnSensors(for: needed)
      settings.actionSpace = settings.actionSpace ?? ActionSpace.Kind(of: needed.action)
    }
    tellReplacement(of: environment)
    return try EnvironmentLibrary.environment(named: environment, settings: settings)
  }
}
