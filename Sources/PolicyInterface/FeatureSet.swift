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
  /// The least and greatest value of each element; nil where they are not declared. Observed values lie within,
  /// noise included.
  public var bounds: [Bounds]?
  /// Of an action whose numbers are places to go to: where the robot is now, for each; nil for other actions.
  public var anchors: [ActionAnchor]?

  /// The least and greatest value of an element.
  public struct Bounds: Codable, Hashable, Sendable {
    public var least: Float
    public var greatest: Float

    public init(_ least: Float, _ greatest: Float) {
      precondition(least <= greatest, "bounds are the least and the greatest value")
      self.least = least
      self.greatest = greatest
    }
  }

  public init(
    name: String, shape: [Int], elements: [String], bounds: [Bounds]? = nil, anchors: [ActionAnchor]? = nil
  ) {
    precondition(shape.last == elements.count, "\(name) needs one element name per number")
    precondition(
      bounds == nil || bounds?.count == elements.count, "\(name) needs bounds for every element")
    self.name = name
    self.shape = shape
    self.elements = elements
    precondition(
      anchors == nil || anchors?.count == elements.count, "\(name) needs an anchor for every element")
    self.bounds = bounds
    self.anchors = anchors
  }

  /// How many numbers the feature holds.
  public var count: Int { shape.reduce(1, *) }

  /// Whether the same numbers stand in the same places; bounds may differ.
  public func hasLayout(of other: FeatureSpec) -> Bool {
    name == other.name && shape == other.shape && elements == other.elements
  }
}

/// Where an action's number is now, an action that is a place to go to.
public struct ActionAnchor: Codable, Hashable, Sendable {
  /// The number of the proprioception that says so.
  public var element: Int
  /// What that number is where the action is −1, and where it is 1.
  public var least: Float
  public var greatest: Float

  public init(element: Int, least: Float, greatest: Float) {
    self.element = element
    self.least = least
    self.greatest = greatest
  }

  /// The action that stays where the robot is, not clamped.
  public func action(_ proprioception: [Float]) -> Float {
    2 * (proprioception[element] - least) / (greatest - least) - 1
  }
}

/// The features that an environment offers and a policy needs.
public struct FeatureSet: Codable, Equatable, Sendable {
  /// `observation.state`, `[proprioception]`.
  public var proprioception: FeatureSpec
  /// `observation.environment_state`, `[objects, features]`: object tokens, in an order without meaning.
  public var objects: FeatureSpec
  /// `action`, `[action]`, each number normalised to [−1, 1].
  public var action: FeatureSpec
  /// `observation.images.top`, `[height, width, 3]`, 8 bits a channel; nil where no camera is switched on.
  public var image: FeatureSpec?
  /// `observation.touch`, `[touch]`; nil where it is not observed.
  public var touch: FeatureSpec?

  public init(
    proprioception: FeatureSpec, objects: FeatureSpec, action: FeatureSpec,
    image: FeatureSpec? = nil, touch: FeatureSpec? = nil
  ) {
    self.proprioception = proprioception
    self.objects = objects
    self.action = action
    self.image = image
    self.touch = touch
  }

  public var objectCount: Int { objects.shape[0] }
  public var objectFeatureCount: Int { objects.shape[1] }

  /// Checks that a policy made for `self` can run on what `offered` gives.
  ///
  /// - Throws: `UserError` that names the feature that is missing or differs.
  public func requireOffered(by offered: FeatureSet, policy: String, environment: String) throws {
    for (need, have) in [
      (proprioception, offered.proprioception), (objects, offered.objects), (action, offered.action),
    ] where !need.hasLayout(of: have) {
      throw UserError(
        "policy '\(policy)' needs the feature \(need.name) \(need.shape) with elements \(need.elements), but environment '\(environment)' offers \(have.name) \(have.shape) with elements \(have.elements); use a checkpoint trained for this environment"
      )
    }
  }
}
