// Whether a goal's conditions hold, and how far they are from holding.

import PlanarCore
import PlanarPhysics

extension ArmEnvironment {
  /// Whether all conditions of a goal hold now.
  public func holds(_ goal: Goal) -> Bool { goal.conditions.allSatisfy(holds) }

  /// Whether a condition holds now, at rest.
  public func holds(_ condition: Condition) -> Bool {
    switch condition {
    case .tipInside(let zone):
      let zone = scene.zones[zone]
      return (tip - zone.center).length <= zone.radius && tipVelocity.length < 0.05
    case .tipBeside(let object): return gap(fromTipTo: object) <= Self.besideGap
    case .inside(let object, let zone):
      let zone = scene.zones[zone]
      return (world.states[object].position - zone.center).length <= zone.radius && isAtRest(object)
    case .beside(let object, let landmark):
      return gap(object, landmark) <= Self.besideGap && isAtRest(object) && isAtRest(landmark)
    case .tipAtCorridorEnd: return stepIndex >= maximumSteps && isTipInCorridor
    }
  }

  /// The object that the goal's first condition moves; nil where it moves none.
  public var goalObject: Int? {
    switch goal.conditions.first {
    case .inside(let object, _), .beside(let object, _), .tipBeside(let object): object
    case .tipInside, .tipAtCorridorEnd, nil: nil
    }
  }

  /// The zone of the goal's first condition; nil where it has none.
  public var goalZone: Zone? {
    switch goal.conditions.first {
    case .inside(_, let zone), .tipInside(let zone): scene.zones[zone]
    case .beside, .tipBeside, .tipAtCorridorEnd, nil: nil
    }
  }

  /// The index of the first object of a colour and shape, by their names.
  public func objectIndex(color: String, shape: String) -> Int? {
    scene.objects.firstIndex { $0.colorName == color && $0.shape.rawValue == shape }
  }

  /// What counts as together, m between the rims.
  public static let besideGap = 0.01

  /// Whether an object has been slower than the rest speed for the rest time.
  func isAtRest(_ object: Int) -> Bool {
    restTimes[object] >= specification.success.restTime - 1e-9
  }

  /// Distance between the rims of two objects, m; for discs exactly, for corners of others from their outlines.
  func gap(_ a: Int, _ b: Int) -> Double {
    scene.objects[a].body.shape.gap(world.pose(of: a), scene.objects[b].body.shape, world.pose(of: b))
  }

  /// Distance between the tip's rim and an object's, m.
  func gap(fromTipTo object: Int) -> Double {
    let pose = world.pose(of: object)
    return scene.objects[object].body.shape.distance(to: pose.toLocal(tip))
      - specification.robot.tipRadius
  }

  /// How far a condition is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(of condition: Condition) -> Double {
    let scale = 2.5
    switch condition {
    case .tipInside(let zone):
      return scale * max(0, (tip - scene.zones[zone].center).length - 0.5 * scene.zones[zone].radius)
    case .tipBeside(let object): return scale * max(0, gap(fromTipTo: object))
    case .inside(let object, let zone):
      let way = scene.zones[zone].center - world.states[object].position
      guard !holds(condition) else { return 0 }
      return scale * way.length + pushingCost(of: object, along: way) + 0.02
    case .beside(let object, let landmark):
      let way = world.states[landmark].position - world.states[object].position
      guard !holds(condition) else { return 0 }
      return scale * max(0, gap(object, landmark)) + pushingCost(of: object, along: way) + 0.02
    case .tipAtCorridorEnd: return scale * (distanceToCorridor ?? 0)
    }
  }

  /// How far the tip is from where it can push an object along a way: behind it.
  private func pushingCost(of object: Int, along way: Vec2) -> Double {
    let reach = scene.objects[object].circumradius + specification.robot.tipRadius
    let behind = world.states[object].position - way.normalized() * reach
    return 0.5 * (tip - behind).length
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
