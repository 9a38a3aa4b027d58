// How much of the goal the T covers: the exact area of the two T's intersection, without allocating.

import PlanarCore

extension PushTSimulation {
  /// The part of the goal, 0 to 1, that a T with its origin at (`x`, `y`) px and at `angle` rad covers.
  ///
  /// The goal is two upright boxes in its own frame; the T's outline is brought there and its area inside
  /// each box is added up.
  public static func coverage(x: Double, y: Double, angle: Double) -> Double {
    coverage(position: Vec2(x, y), rotation: Rotation(angle: angle))
  }

  static func coverage(position: Vec2, rotation: Rotation) -> Double {
    let goal = goalPose
    let cog = PushTConstants.centerOfGravity
    let apart = position + rotation.apply(cog) - goal.toWorld(cog)
    guard apart.lengthSquared < 4 * PushTConstants.reach * PushTConstants.reach else { return 0 }
    let origin = goal.toLocal(position)
    let right = goal.rotation.unapply(rotation.direction)
    let turn = Rotation(cosine: right.x, sine: right.y)
    func corner(_ x: Double, _ y: Double) -> Vec2 { origin + turn.apply(Vec2(x, y)) }

    // The outline, counter-clockwise.
    let a = corner(-60, 0)
    let b = corner(60, 0)
    let c = corner(60, 30)
    let d = corner(15, 30)
    let e = corner(15, 120)
    let f = corner(-15, 120)
    let g = corner(-15, 30)
    let h = corner(-60, 30)
    func areaInside(_ box: PushTBox) -> Double {
      let first = area(a, b, box) + area(b, c, box) + area(c, d, box) + area(d, e, box)
      return first + area(e, f, box) + area(f, g, box) + area(g, h, box) + area(h, a, box)
    }
    let common = areaInside(PushTConstants.bar) + areaInside(PushTConstants.stem)
    return max(0, common / PushTConstants.area)
  }

  private static let goalPose = Pose(
    position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))

  /// What the edge from `p` to `q` of a counter-clockwise outline adds to the outline's area inside a box:
  /// −∫ (clamped y − least y) dx, x running over the edge's part between the box's sides (Green's theorem).
  @inline(__always)
  private static func area(_ p: Vec2, _ q: Vec2, _ box: PushTBox) -> Double {
    let startX = min(max(p.x, box.min.x), box.max.x)
    let endX = min(max(q.x, box.min.x), box.max.x)
    guard startX != endX else { return 0 }
    let slope = 1 / (q.x - p.x)
    let startY = p.y + (q.y - p.y) * ((startX - p.x) * slope)
    let endY = p.y + (q.y - p.y) * ((endX - p.x) * slope)
    let start = min(max(startY, box.min.y), box.max.y)
    let end = min(max(endY, box.min.y), box.max.y)
    let least = box.min.y
    guard start != end else { return (start - least) * (startX - endX) }
    // Level until the edge enters the band of the box, then sloping, level again once it has left.
    let rise = 1 / (endY - startY)
    let entry = (start - startY) * rise
    let exit = 1 - (endY - end) * rise
    let mean =
      (start - least) * entry + (0.5 * (start + end) - least) * (exit - entry)
      + (end - least) * (1 - exit)
    return mean * (startX - endX)
  }
}
