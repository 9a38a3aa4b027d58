// The environment that checkpoints were trained in, unless the command line says otherwise.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// A checkpoint of the command line, without its weights.
private struct NamedCheckpoint {
  var name: String
  var configuration: PolicyConfiguration

  /// nil where the word is neither the folder of a checkpoint nor the name of a shipped one.
  init?(_ word: String) throws {
    guard let folder = Checkpoint.folder(of: word)?.standardizedFileURL else { return nil }
    name = folder.lastPathComponent
    configuration = try Checkpoint.configuration(of: folder)
  }

  /// Refuses an environment that the policy cannot run in.
  ///
  /// - Throws: `UserError` that says where it was trained.
  func requireFit(of world: any LibraryEnvironment) throws {
    let needed = configuration.neededFeatures
    do {
      try needed.requireOffered(by: world.taking(actionsOf: needed).features, policy: name, environment: world.name)
    } catch {
      guard configuration.environment == world.name else {
        throw UserError(
          "'\(name)' was trained for \(configuration.environment), not for \(world.name); add --environment \(configuration.environment)"
        )
      }
      throw UserError(
        "'\(name)' does not fit \(world.name) as it is loaded here (\(needed.difference(from: world.features))); omit what differs from its training"
      )
    }
  }
}

extension EnvironmentOptions {
  /// Loads the environment for some policies: that of the first checkpoint, loaded as it was trained, with the sensors
  /// that all of them look at.
  ///
  /// - Parameters:
  ///   - policies: as on the command line; words that are not checkpoints are passed over.
  ///   - onNote: told where a checkpoint runs elsewhere than it was trained.
  /// - Throws: `UserError` where an item or a value is not understood, a checkpoint is damaged or does not fit.
  func load(
    for policies: [String], onNote: (String) -> Void = { warn($0, as: "Note") }
  ) throws -> any LibraryEnvironment {
    let checkpoints = try policies.compactMap { try NamedCheckpoint($0) }
    guard let first = checkpoints.first else { return try load() }
    let trainedIn = first.configuration.environment
    let name = try givenEnvironment.map { try EnvironmentSummary(folder: EnvironmentLibrary.folder(of: $0)).name }
    if givenEnvironment == nil, try !EnvironmentLibrary.names().contains(trainedIn) {
      throw UserError(
        "'\(first.name)' was trained for '\(trainedIn)', which is not under Environments; add --environment and the path of its folder"
      )
    }
    var base =
      name ?? trainedIn == trainedIn ? first.configuration.trainedSettings.forMeasuring : EnvironmentSettings()
    for checkpoint in checkpoints {
      base.switchOnSensors(for: checkpoint.configuration.neededFeatures)
    }
    tellReplacement(of: givenEnvironment ?? trainedIn)
    var settings = try settings(over: base)
    var world = try EnvironmentLibrary.environment(named: givenEnvironment ?? trainedIn, settings: settings)
    // A world of the table can take the policy's action space in place of its own.
    if settings.actionSpace == nil, let needed = ActionSpace.Kind(of: first.configuration.features.action),
      let own = ActionSpace.Kind(of: world.features.action), needed != own
    {
      settings.actionSpace = needed.rawValue
      world = try EnvironmentLibrary.environment(named: givenEnvironment ?? trainedIn, settings: settings)
    }
    for checkpoint in checkpoints {
      try checkpoint.requireFit(of: world)
      if checkpoint.configuration.environment != world.name {
        onNote(
          "'\(checkpoint.name)' was trained for \(checkpoint.configuration.environment), and runs in \(world.name)")
      }
    }
    return world
  }
}

extension FeatureSet {
  /// What of the features that a policy needs is not as an environment has it, in a few words.
  fileprivate func difference(from offered: FeatureSet) -> String {
    let pairs = observations.map { ($0, offered[$0.name]) } + [(action, Optional(offered.action))]
    for (need, have) in pairs where need.count > 0 && have?.hasLayout(of: need) != true {
      guard let have else { return "there is no \(need.name)" }
      let missing = need.elements.filter { !have.elements.contains($0) }
      let extra = have.elements.filter { !need.elements.contains($0) }
      if let element = missing.first { return "\(need.name) lacks \(element)" }
      if let element = extra.first { return "\(need.name) has \(element) besides" }
      return "\(need.name) is \(have.shape), not \(need.shape)"
    }
    return "it has another robot"
  }
}
