// The `objects` section of an environment's file: what may lie on the table.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// The shapes that objects have names for.
public enum ObjectShape: String, CaseIterable, Codable, Sendable {
  /// A circle, a square, or a triangle with equal sides.
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
  /// How many; drawn at every reset.
  public var count: ClosedRange<Int>
  /// The colours by name, in the file's order.
  public var colors: [(name: String, color: Color)]
  /// The shapes, with the distance of the farthest point from the centre, m.
  public var shapes: [(shape: ObjectShape, circumradius: Double)]
  /// kg.
  public var mass: Double
  /// Friction coefficient of the rim.
  public var contactFriction: Double
  /// Friction coefficient towards the table.
  public var supportFriction: Double
  /// Where centres begin, along x, m.
  public var spawnX: ClosedRange<Double>
  /// Where centres begin, along y, m.
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
    try objects.allowKnown()
    let colors = try objects.section("colors")
    self.colors = try colors.keys.map { ($0, Color(hex: try colors.color($0))) }
    for (index, color) in self.colors.enumerated() {
      if let twin = self.colors[..<index].first(where: { $0.color == color.color }) {
        throw colors.error(at: color.name, "is the same colour as '\(twin.name)'; words could not tell them apart")
      }
    }
    let shapes = try objects.section("shapes")
    try shapes.allowKnown()
    self.shapes = try shapes.keys.map { (ObjectShape(rawValue: $0)!, try shapes.number($0)) }
    guard !self.colors.isEmpty else { throw objects.error(at: "colors", "is empty; name at least one colour") }
    guard !self.shapes.isEmpty else {
      throw objects.error(
        at: "shapes", "is empty; there are \(ObjectShape.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    allowsTwins = objects.has("twins") ? try objects.bool("twins") : false
    let range = try objects.rangeOrNumber("count")
    guard range.lowerBound == range.lowerBound.rounded(), range.upperBound == range.upperBound.rounded() else {
      throw objects.error(at: "count", "must be a whole number, or [least, greatest] in whole numbers")
    }
    let most = self.colors.count * self.shapes.count
    guard allowsTwins || range.upperBound <= Double(most) else {
      throw objects.error(
        at: "count",
        "is up to \(range.upperBound.plain), but \(self.colors.count) colours and \(self.shapes.count) shapes make \(most) objects that differ; add some, or 'twins: true'"
      )
    }
    count = Int(range.lowerBound)...Int(range.upperBound)
    mass = try objects.number("mass")
    contactFriction = try objects.number("contact_friction")
    supportFriction = try objects.number("support_friction")
    spawnX = try objects.range("spawn_x")
    spawnY = try objects.range("spawn_y")
    clearance = try objects.number("clearance")
  }
}
