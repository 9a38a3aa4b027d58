// One named array of an observation or an action: shape, elements, units and ranges.

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
  /// Of an action: what each number does; nil where all of them move the robot.
  public var roles: [ElementRole]?

  /// What a number of an action does.
  public enum ElementRole: String, Codable, CaseIterable, Sendable {
    /// It moves the robot.
    case motion
    /// It opens and closes a gripper.
    case gripper
  }

  /// Roles are not compared: the elements' names say the same.
  public static func == (a: FeatureSpec, b: FeatureSpec) -> Bool {
    a.hasLayout(of: b) && a.bounds == b.bounds && a.anchors == b.anchors
  }

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
    name: String, shape: [Int], elements: [String], bounds: [Bounds]? = nil, anchors: [ActionAnchor]? = nil,
    roles: [ElementRole]? = nil
  ) {
    precondition(shape.last == elements.count, "\(name) needs one element name per number")
    precondition(
      bounds == nil || bounds?.count == elements.count, "\(name) needs bounds for every element")
    precondition(
      anchors == nil || anchors?.count == elements.count, "\(name) needs an anchor for every element")
    precondition(roles == nil || roles?.count == elements.count, "\(name) needs a role for every element")
    self.roles = roles
    self.name = name
    self.shape = shape
    self.elements = elements
    self.bounds = bounds
    self.anchors = anchors
  }

  /// How many numbers the feature holds; 0 for one that is not read.
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
