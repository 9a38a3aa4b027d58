// What the window's menu offers: every environment, and every shipped checkpoint with what it sees.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarStudio

extension DemoMenu {
  /// The environments of the library and the shipped checkpoints; those that cannot be read are left out.
  ///
  /// - Parameter world: what the policies of its environment must fit.
  init(beside world: some LibraryEnvironment) {
    let names = (try? EnvironmentLibrary.names()) ?? []
    let places = names.compactMap { name -> Place? in
      guard let folder = try? EnvironmentLibrary.folder(of: name),
        let summary = try? EnvironmentSummary(folder: folder)
      else { return nil }
      return Place(name: name, purpose: summary.purpose.isEmpty ? summary.description : summary.purpose)
    }
    let entries = Checkpoint.shippedNames.compactMap { name -> Entry? in
      guard let folder = Checkpoint.folder(of: name), let configuration = try? Checkpoint.configuration(of: folder)
      else { return nil }
      return Entry(
        name: name, environment: configuration.environment,
        detail: "\(configuration.head.name), \(configuration.sight)", problem: configuration.problem(in: world))
    }
    self.init(places: places, policies: entries)
  }
}

extension PolicyConfiguration {
  /// What it looks at, in a few words.
  fileprivate var sight: String {
    let features = neededFeatures
    let parts = [
      features[FeatureName.environmentState] == nil ? nil : "objects", features.image == nil ? nil : "picture",
    ].compactMap(\.self)
    return parts.isEmpty ? "its arm alone" : parts.joined(separator: ", ")
  }

  /// Why it cannot drive in a world as it is loaded, in a few words; nil where it can.
  fileprivate func problem(in world: some LibraryEnvironment) -> String? {
    guard environment == world.name, !runs(in: world) else { return nil }
    if case .miniLM = text { return "needs make minilm" }
    let offered = world.taking(actionsOf: neededFeatures).features
    let missing = neededFeatures.observations.map(\.name).filter { offered[$0] == nil }
    return missing.contains(FeatureName.topImage) ? "needs --image" : "does not fit"
  }
}
