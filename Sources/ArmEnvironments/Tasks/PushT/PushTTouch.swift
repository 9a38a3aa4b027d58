// Two shapes that touch: where, and what is remembered of it afterwards.

import PlanarCore

/// The contacts of one pair of shapes: one or two points that share a normal.
struct PushTTouch {
  /// The unit normal, towards the T.
  var normal: Vec2
  /// The speed along the normal of the thing that touches the T.
  var approach = 0.0
  var count = 0
  /// Points of the T's border in the frame of the pair's finder.
  var point0 = Vec2(0, 0)
  var point1 = Vec2(0, 0)
  /// Between the surfaces along the normal; negative where they overlap.
  var distance0 = 0.0
  var distance1 = 0.0
  /// Which corners meet: contacts of the same corners are the same contact from substep to substep.
  var feature0 = 0
  var feature1 = 0

  init(normal: Vec2) { self.normal = normal }

  mutating func append(point: Vec2, distance: Double, feature: Int) {
    if count == 0 {
      point0 = point
      distance0 = distance
      feature0 = feature
    } else {
      point1 = point
      distance1 = distance
      feature1 = feature
    }
    count += 1
  }
}

/// What is remembered of two shapes that touched, so that the solver starts where it ended.
struct PushTTouchMemory {
  /// The substep in which they last touched.
  var substep = Int.min / 2
  var count = 0
  var feature0 = 0
  var feature1 = 0
  var impulse0 = 0.0
  var impulse1 = 0.0

  /// The impulse of the contact of the same corners, 0 where there was none.
  func impulse(of feature: Int) -> Double {
    if count > 1, feature1 == feature { return impulse1 }
    return count > 0 && feature0 == feature ? impulse0 : 0
  }
}
