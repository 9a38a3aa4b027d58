// The `objects` section of an environment's file: what may lie on the table.

import PlanarCore
import PlanarPhysics
import SceneDrawing

/// The shapes that objects have names for.
public enum ObjectShape: String, CaseIterable, Codable, Sendable {
  case disc, square, triangle

  /// The outline of a body whose farthest point is `circumradius` (m) from its centre.
  public func outline(circumradius: Double) -> BodyShape {
    switch self {
    case .disc: return .disc(radius: circumradius)
    case .square:
      let half = circumradius / 2.0.squareRoot()
      return .polygon(.box(halfWidth: half, halfHeight: half))
    case .triangle: return .polygon(.triangle(circumradius: circumradius))
    }
  }
}

/// Which objects a scene has, what they are made of, and where they may lie.
public struct ObjectSpecification: Sendable {
  /// How many; drawn anew at every reset.
  public var count: ClosedRange<Int>
  public var colors: [(name: String, color: Color)]
  public var shapes: [(shape: ObjectShape, circumradius: Double)]
  public var mass: Double
  public var contactFriction: Double
  public var supportFriction: Double
  public var spawnX: ClosedRange<Double>
  public var spawnY: ClosedRange<Double>
  /// Between objects, and between objects and the tip, m.
  public var clearance: Double
  /// Whether two objects of a scene may look alike; relations tell them apart then.
  public var allowsTwins: Bool

  /// No objects at all.
  static let none = ObjectSpecification()

  private init() {
    count = 0...0
    colors = []
    shapes = []
    mass = 1
    contactFriction = 0
    supportFriction = 0
    spawnX = 0...0
    spawnY = 0...0
    clearance = 0
    allowsTwins = false
  }

  init(_ objects: SpecReader) throws {
    try objects.allow(only: [
      "count", "colors", "shapes", "mass", "contact_friction", "support_friction", "spawn_x",
      "spawn_y", "clearance", "twins",
    ])
    let colors = try objects.section("colors")
    self.colors = try colors.keys.map {
      ($0, Color(hex: UInt32(try colors.integer($0, in: 0...0xffffff))))
    }
    let shapes = try objects.section("shapes")
    try shapes.allow(only: ObjectShape.allCases.map(\.rawValue))
    self.shapes = try shapes.keys.map {
      (ObjectShape(rawValue: $0)!, try shapes.number($0, in: 0.005...0.2))
    }
    allowsTwins = objects.has("twins") ? try objects.bool("twins") : false
    let range = try objects.rangeOrNumber("count")
    let most = allowsTwins ? 16 : min(16, self.colors.count * self.shapes.count)
    guard range.lowerBound >= 1, range.upperBound <= Double(most),
      range.lowerBound == range.lowerBound.rounded(), range.upperBound == range.upperBound.rounded()
    else {
      throw objects.error(at: "count", "must be a whole number, or [least, greatest], from 1 to \(most)")
    }
    count = Int(range.lowerBound)...Int(range.upperBound)
    mass = try objects.number("mass", in: 0.001...100)
    contactFriction = try objects.number("contact_friction", in: 0...10)
    supportFriction = try objects.number("support_friction", in: 0.01...10)
    spawnX = try objects.range("spawn_x")
    spawnY = try objects.range("spawn_y")
    clearance = try objects.number("clearance", in: 0...1)
  }
}
