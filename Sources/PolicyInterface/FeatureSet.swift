// What an environment shows and accepts, and what a policy needs of it.

import PlanarCore

/// The features that an environment offers and a policy needs: named arrays of an observation, and an action.
///
/// What a policy does not read it does not need: its set is without it.
///
/// ```swift
/// features["observation.images.top"]?.shape   // [64, 64, 3], nil without a camera
/// features["observation.touch"] = nil         // not needed
/// ```
public struct FeatureSet: Equatable, Sendable {
  /// What is observed, in the order of its arrays. Each name occurs once.
  public var observations: [FeatureSpec]
  /// `action`, `[action]`, each number normalised to [−1, 1].
  public var action: FeatureSpec
  /// The robot's name, such as `arm3`; of a policy that serves several, all of theirs. Empty where it does not matter.
  public var robots: [String]

  /// Features that an environment offers or a policy asks for.
  public init(observations: [FeatureSpec], action: FeatureSpec, robots: [String] = []) {
    precondition(Set(observations.map(\.name)).count == observations.count, "each name occurs once")
    self.observations = observations
    self.action = action
    self.robots = robots
  }

  /// The observed array of a name; nil where it is not observed. Setting nil takes it away, setting a new one adds it
  /// behind the others.
  public subscript(name: String) -> FeatureSpec? {
    get { observations.first { $0.name == name } }
    set {
      precondition(newValue == nil || newValue?.name == name, "'\(name)' is not the feature's name")
      let index = observations.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let feature?): observations[index] = feature
      case (let index?, nil): observations.remove(at: index)
      case (nil, let feature?): observations.append(feature)
      case (nil, nil): break
      }
    }
  }
}

extension FeatureSet: Codable {
  private enum CodingKeys: CodingKey {
    case observations, action, robots
  }

  /// - Throws: `UserError` where a name occurs twice or an anchor of the action has nothing to stand on; and what the
  ///   decoder throws where an entry is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    observations =
      try container.decodeIfPresent([FeatureSpec].self, forKey: .observations)
      ?? SeparateFeatures(from: decoder).observations
    action = try container.decode(FeatureSpec.self, forKey: .action)
    robots = try container.decode(.robots, or: [])
    guard Set(observations.map(\.name)).count == observations.count else {
      let names = observations.map(\.name)
      let twice = names.enumerated().first { names[..<$0].contains($1) }?.element ?? ""
      throw UserError("the feature '\(twice)' stands twice in 'observations'; each name occurs once")
    }
    let known = self[FeatureName.state]?.elements.count ?? 0
    for (element, anchor) in zip(action.elements, action.anchors ?? []) where anchor.kind != .level {
      guard (0..<known).contains(anchor.element) else {
        throw UserError(
          "the anchor of the action's '\(element)' is number \(anchor.element) of \(FeatureName.state), which has the numbers 0 to \(known - 1)"
        )
      }
      guard anchor.least.isFinite, anchor.greatest.isFinite, anchor.least < anchor.greatest, anchor.reach.isFinite
      else {
        throw UserError(
          "the anchor of the action's '\(element)' must have a least value below its greatest; they are \(anchor.least) and \(anchor.greatest)"
        )
      }
    }
  }
}
