// How far things are apart.

import PlanarCore
import PlanarPhysics

extension ArmEnvironment {
  /// The index of the first object of a colour and shape, by their names.
  public func objectIndex(color: String, shape: String) -> Int? {
    scene.objects.firstIndex { $0.colorName == color && $0.shape.rawValue == shape }
  }

  /// Distance between the rims of two objects, m; for discs exactly, for corners of others from their outlines.
  public func gap(_ a: Int, _ b: Int) -> Double {
    scene.objects[a].body.shape.gap(physics.pose(of: a), scene.objects[b].body.shape, physics.pose(of: b))
  }

  /// Distance between the tip's rim and an object's, m.
  public func gap(fromTipTo object: Int) -> Double {
    let pose = physics.pose(of: object)
    return scene.objects[object].body.shape.distance(to: pose.toLocal(tip))
      - specification.robot.tipRadius
  }
}

extension BodyShape {
  /// Distance of a point of the body's frame from its outline, m; negative inside.
  func distance(to point: Vec2) -> Double {
    switch self {
    case .disc(let radius): point.length - radius
    case .polygon(let polygon): polygon.distance(to: point)
    case .compound(let compound):
      compound.parts.map { $0.polygon.distance(to: point - $0.offset) }.min() ?? .infinity
    }
  }

  /// Distance between this shape's outline and another's, m: from a disc's centre, or from every corner of the two; not
  /// above 0 where they overlap.
  func gap(_ pose: Pose, _ other: BodyShape, _ otherPose: Pose) -> Double {
    switch (self, other) {
    case (.disc(let radius), _): return other.distance(to: otherPose.toLocal(pose.position)) - radius
    case (_, .disc(let radius)): return distance(to: pose.toLocal(otherPose.position)) - radius
    default:
      let own = outlines.flatMap { $0 }.map { other.distance(to: otherPose.toLocal(pose.toWorld($0))) }
      let others = other.outlines.flatMap { $0 }.map { distance(to: pose.toLocal(otherPose.toWorld($0))) }
      return min(own.min() ?? .infinity, others.min() ?? .infinity)
    }
  }
}
