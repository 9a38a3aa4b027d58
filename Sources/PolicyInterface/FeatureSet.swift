// What an environment shows and what it accepts, by name, shape, unit and range.

import PlanarCore

/// One named array of an observation or an action.
public struct FeatureSpec: Codable, Equatable, Sendable {
  /// LeRobot's name, such as `observation.state`.
  public var name: String
  /// Extents, outermost first; `[3, 10]` is three tokens of ten numbers.
  public var shape: [Int]
  /// The name and unit of each number of the last axis, such as `tip_x (m)`.
  public var elements: [String]

  public init(name: String, shape: [Int], elements: [String]) {
    precondition(shape.last == elements.count, "\(name) needs one element name per number")
    self.name = name
    self.shape = shape
    self.elements = elements
  }

  /// How many numbers the feature holds.
  public var count: Int { shape.reduce(1, *) }
}

/// The features that an environment offers and a policy needs.
public struct FeatureSet: Codable, Equatable, Sendable {
  /// `observation.state`, `[proprioception]`.
  public var proprioception: FeatureSpec
  /// `observation.environment_state`, `[objects, features]`: object tokens, in an order without meaning.
  public var objects: FeatureSpec
  /// `action`, `[action]`, each number normalised to [−1, 1].
  public var action: FeatureSpec

  public init(proprioception: FeatureSpec, objects: FeatureSpec, action: FeatureSpec) {
    self.proprioception = proprioception
    self.objects = objects
    self.action = action
  }

  public var objectCount: Int { objects.shape[0] }
  public var objectFeatureCount: Int { objects.shape[1] }

  /// Checks that a policy made for `self` can run on what `offered` gives.
  ///
  /// - Throws: `UserError` that names the feature that is missing or differs.
  public func requireOffered(by offered: FeatureSet, policy: String, environment: String) throws {
    for (need, have) in [
      (proprioception, offered.proprioception), (objects, offered.objects), (action, offered.action),
    ] where need != have {
      throw UserError(
        "policy '\(policy)' needs the feature \(need.name) \(need.shape) with elements \(need.elements), but environment '\(environment)' offers \(have.name) \(have.shape) with elements \(have.elements); use a checkpoint trained for this environment"
      )
    }
  }
}
