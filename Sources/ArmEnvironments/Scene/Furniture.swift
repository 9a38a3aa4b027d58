// What stands on the table and does not move: zones to bring things to, and obstacles.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// A disc on the table that commands can name. An object is inside when its centre is.
public struct Zone: Hashable, Sendable {
  /// As commands call it.
  public var name: String
  /// m
  public var center: Vec2
  /// m
  public var radius: Double

  /// A disc of `radius` around `center`, m.
  public init(name: String, center: Vec2, radius: Double) {
    self.name = name
    self.center = center
    self.radius = radius
  }

  static func read(_ section: SpecReader) throws -> [Zone] {
    try section.allowKnown()
    let radius = try section.number("radius")
    let centers = try section.section("centers")
    return try centers.keys.map {
      Zone(name: $0, center: try centers.point($0), radius: radius)
    }
  }
}

/// A solid thing that yields to nothing.
public struct Obstacle: Hashable, Sendable {
  /// Its outline.
  public var shape: BodyShape { didSet { reach = shape.circumradius } }
  /// The radius of the circle around its centre that holds it, m.
  private(set) var reach: Double
  /// Its centre, m.
  public var position: Vec2
  /// rad
  public var angle: Double

  /// An obstacle, turned by `angle`, rad.
  public init(shape: BodyShape, position: Vec2, angle: Double = 0) {
    self.shape = shape
    reach = shape.circumradius
    self.position = position
    self.angle = angle
  }

  init(_ section: SpecReader) throws {
    try section.allowKnown()
    position = try section.point("center")
    angle = section.has("angle") ? try section.number("angle") : 0
    switch (section.has("radius"), section.has("size")) {
    case (true, false): shape = .disc(radius: try section.number("radius"))
    case (false, true):
      let size = try section.point("size")
      shape = .box(halfWidth: size.x / 2, halfHeight: size.y / 2)
    default:
      throw section.error(at: "center", "needs either a 'radius' (a disc) or a 'size' (a box) beside it")
    }
    reach = shape.circumradius
  }

  /// The pose of its frame.
  public var pose: Pose { Pose(position: position, rotation: Rotation(angle: angle)) }

  /// How far a point is from its rim, m; negative inside.
  public func distance(to point: Vec2) -> Double { shape.distance(to: pose.toLocal(point)) }
}
