// One named array of an observation or an action: shape, elements, units and ranges.

import PlanarCore

/// One named array of an observation or an action.
public struct FeatureSpec: Codable, Equatable, Sendable {
  /// LeRobot's name, such as `observation.state`.
  public var name: String
  /// What each number is stored as.
  public var dtype: ElementType
  /// Extents, outermost first; `[3, 10]` is three tokens of ten numbers.
  public var shape: [Int]
  /// The name and unit of each number of the last axis, such as `tip_x (m)`.
  public var elements: [String]
  /// The least and greatest value of each element; nil where they are not declared. Observed values lie within,
  /// noise included.
  public var bounds: [Bounds]?
  /// Of an action: what each number says about which number of the proprioception; nil where nobody said.
  public var anchors: [ActionAnchor]?
  /// Of a picture: what it shows where the camera stands as it is meant to; nil where nobody said.
  public var area: PictureArea?
  /// How its sensor is switched on; nil where it is always on.
  public var sensorSwitch: SensorSwitch?

  /// What a number is stored as, by its name in LeRobot's files.
  public enum ElementType: String, Codable, Hashable, Sendable {
    /// A number of four bytes, or a byte of a picture.
    case float32, uint8
  }

  /// The least and greatest value of an element.
  public struct Bounds: Codable, Hashable, Sendable {
    /// The least value.
    public var least: Float
    /// The greatest value.
    public var greatest: Float

    /// Values from `least` to `greatest`.
    public init(_ least: Float, _ greatest: Float) {
      precondition(least <= greatest, "bounds are the least and the greatest value")
      self.least = least
      self.greatest = greatest
    }
  }

  /// A feature, with one entry of `elements` per number of its last axis.
  public init(
    name: String, dtype: ElementType = .float32, shape: [Int], elements: [String], bounds: [Bounds]? = nil,
    anchors: [ActionAnchor]? = nil, area: PictureArea? = nil, sensorSwitch: SensorSwitch? = nil
  ) {
    precondition(shape.last == elements.count, "\(name) needs one element name per number")
    precondition(
      bounds == nil || bounds?.count == elements.count, "\(name) needs bounds for every element")
    precondition(
      anchors == nil || anchors?.count == elements.count, "\(name) needs an anchor for every element")
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.elements = elements
    self.bounds = bounds
    self.anchors = anchors
    self.area = area
    self.sensorSwitch = sensorSwitch
  }

  private enum CodingKeys: CodingKey {
    case name, dtype, shape, elements, bounds, anchors, area, sensorSwitch
  }

  /// Numbers whose type is not given are `float32`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    dtype = try container.decode(.dtype, or: .float32)
    shape = try container.decode([Int].self, forKey: .shape)
    elements = try container.decode([String].self, forKey: .elements)
    bounds = try container.decodeIfPresent([Bounds].self, forKey: .bounds)
    anchors = try container.decodeIfPresent([ActionAnchor].self, forKey: .anchors)
    area = try container.decodeIfPresent(PictureArea.self, forKey: .area)
    sensorSwitch = try container.decodeIfPresent(SensorSwitch.self, forKey: .sensorSwitch)
    try requireConsistency()
  }

  /// Axes that a feature has at most.
  private static let mostAxes = 6
  /// Numbers that a feature holds at most: more than any picture has.
  private static let mostNumbers = 1 << 26

  /// - Throws: `UserError` that says which of its lists do not fit each other: of a feature that was read from a file.
  private func requireConsistency() throws {
    guard (1...Self.mostAxes).contains(shape.count), shape.allSatisfy({ $0 >= 0 }) else {
      throw UserError("the feature '\(name)' has the shape \(shape); give one to \(Self.mostAxes) counts, none below 0")
    }
    var count = 1
    for axis in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: axis)
      guard !overflows, product <= Self.mostNumbers, axis <= Self.mostNumbers else {
        throw UserError("the feature '\(name)' has the shape \(shape): more than \(Self.mostNumbers) numbers")
      }
      count = product
    }
    guard elements.count == shape[shape.count - 1] else {
      throw UserError(
        "the feature '\(name)' has \(shape[shape.count - 1]) numbers on its last axis, but \(elements.count) names in 'elements'"
      )
    }
    for (key, entries) in [("bounds", bounds?.count), ("anchors", anchors?.count)] {
      guard let entries, entries != elements.count else { continue }
      throw UserError(
        "the feature '\(name)' has \(elements.count) elements, but \(entries) entries in '\(key)'; give one each")
    }
    for (element, bounds) in zip(elements, bounds ?? []) where !(bounds.least <= bounds.greatest) {
      throw UserError(
        "the feature '\(name)' has bounds of '\(element)' whose least, \(bounds.least), is more than their greatest, \(bounds.greatest)"
      )
    }
  }

  /// How many numbers the feature holds.
  public var count: Int { shape.reduce(1, *) }

  /// Whether the same numbers stand in the same order; bounds may differ.
  public func hasLayout(of other: FeatureSpec) -> Bool {
    name == other.name && dtype == other.dtype && shape == other.shape && elements == other.elements
  }

  /// For each of `other`'s elements its index in this feature; programmer error where there is none.
  public func indices(of other: FeatureSpec) -> [Int] {
    other.elements.map { element in
      guard let index = elements.firstIndex(of: element) else {
        preconditionFailure("\(name) has no element '\(element)'")
      }
      return index
    }
  }
}

/// How a sensor is switched on, for messages to people who need what it shows.
public struct SensorSwitch: Codable, Hashable, Sendable {
  /// Such as `the camera`.
  public var sensor: String
  /// The command line's option, such as `--image 64`.
  public var option: String

  /// A sensor's name in sentences, and the option that switches it on.
  public init(sensor: String, option: String) {
    self.sensor = sensor
    self.option = option
  }
}
