// How far the T is from where it should be, and what a push does about it.

import PlanarCore

/// Where the T goes in its own present frame: where its centre of gravity ends, and its turn.
struct PushTDisplacement: Sendable {
  /// px, from where the centre of gravity is, in axes of the present T.
  var way: Vec2
  /// rad
  var turn: Double

  static let none = PushTDisplacement(way: .zero, turn: 0)

  init(way: Vec2, turn: Double) {
    self.way = way
    self.turn = turn
  }

  /// What the T has yet to do from a pose, whose angle is `angle` (rad); the turn is the shorter one.
  init(toGoalFrom block: Pose, angle: Double) {
    let goal = Pose(
      position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))
    let cog = PushTConstants.centerOfGravity
    way = block.rotation.unapply(goal.toWorld(cog) - block.toWorld(cog))
    turn = (PushTConstants.goalAngle - angle).remainder(dividingBy: 2 * Double.pi)
  }

  /// What pushing at a contact point by a distance, px, does.
  @inline(__always)
  init(pushing contact: PushTContactPoint, by distance: Double) {
    turn = contact.spin * distance
    let along: Double
    let across: Double
    if abs(turn) > 1e-4 {
      let (s, c) = sineAndCosine(turn)
      along = s / turn * distance
      across = (1 - c) / turn * distance
    } else {
      along = distance
      across = 0.5 * turn * distance
    }
    let v = contact.velocity
    way = Vec2(along * v.x - across * v.y, across * v.x + along * v.y)
  }
}
