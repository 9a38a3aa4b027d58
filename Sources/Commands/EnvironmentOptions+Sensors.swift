// The sensors that policies look at, switched on without being asked for.

import PlanarArmEnvironments
import Foundation
import PlanarPolicies
import PlanarPolicyInterface

extension EnvironmentOptions {
  /// Loads the environment for some policies: the camera, at their picture's size, and touch are switched on where one of
  /// them looks at them and nothing else was asked for; and the action space is that of the first that tells one.
  ///
  /// - Parameter policies: as on the command line; words that are not checkpoints are passed over.
  /// - Throws: `UserError` where an item or a value is not understood, or a checkpoint is damaged.
  func load(for policies: [String]) throws -> any LibraryEnvironment {
    var settings = try environmentSettings()
    for policy in policies {
      let folder = URL(fileURLWithPath: policy, isDirectory: true)
      let file = folder.appendingPathComponent(Checkpoint.configurationFile)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      let needed = try Checkpoint.configuration(of: folder).neededFeatures
      if let picture = needed.image, settings.image == nil {
        settings.image = (picture.shape[1], picture.shape[0])
      }
      if needed.touch != nil { settings.touch = true }
      settings.actionSpace = settings.actionSpace ?? ActionSpace.Kind(of: needed.action)
    }
    return try EnvironmentLibrary.environment(named: environment, settings: settings)
  }
}
