// Where the expert pushes: places of the T's border, and how the T moves when pushed there.

import PlanarCore

/// A place of the T's border with the motion that pushing there causes.
///
/// Without friction a push acts along the border's normal. The T without inertia answers with a twist that is
/// constant in its own frame as long as the pusher stays at the same place of the border: it turns about a fixed
/// point (Lynch and Mason 1996, on an ellipsoidal limit surface with c² = moment / mass).
struct PushTContactPoint: Sendable {
  /// In the T's frame, px.
  let point: Vec2
  /// The unit normal into the T, in its frame.
  let inward: Vec2
  /// Motion of the centre of gravity per px that the pushed place yields, in the T's frame.
  let velocity: Vec2
  /// Turn per px that the pushed place yields, rad/px.
  let spin: Double

  init(_ point: Vec2, inward: Vec2) {
    self.point = point
    self.inward = inward
    let arm = (point - PushTConstants.centerOfGravity).cross(inward)
    let inertia = PushTConstants.moment / PushTConstants.mass
    let yield = 1 / (1 + arm * arm / inertia)
    velocity = inward * yield
    spin = yield * arm / inertia
  }

  /// The pusher's centre at a distance between the two borders, in the T's frame.
  func pusher(gap: Double) -> Vec2 { point - inward * (PushTConstants.pusherRadius + gap) }

  /// Few places are enough to reach every pose, and few are easier to learn to choose from.
  static let all: [PushTContactPoint] = {
    var places: [PushTContactPoint] = []
    for x in [-50.0, -22, 0, 22, 50] { places.append(.init(Vec2(x, 0), inward: Vec2(0, 1))) }
    places.append(.init(Vec2(0, 120), inward: Vec2(0, -1)))
    for side in [-1.0, 1] {
      places.append(.init(Vec2(60 * side, 15), inward: Vec2(-side, 0)))
      places.append(.init(Vec2(45 * side, 30), inward: Vec2(0, -1)))
      for y in [52.0, 80, 110] { places.append(.init(Vec2(15 * side, y), inward: Vec2(-side, 0))) }
    }
    return places
  }()
}
