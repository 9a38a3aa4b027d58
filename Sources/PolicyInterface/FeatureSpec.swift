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
  /// Of an action: what each number says about which number of the proprioception; nil where nobody said.
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
    precondition(
      anchors == nil || anchors?.count == elements.count, "\(name) needs an anchor for every element")
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
