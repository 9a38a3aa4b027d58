// A person's hand in the demo: it drags and turns things, moves goals, or leads the tip.

import Foundation
import PlanarArmEnvironments
import PlanarCore

/// A hand on something.
struct Hand {
  /// What it holds.
  enum Held: Equatable {
    /// A body, to be dragged.
    case body(Int)
    /// A body, to be turned about its middle; the angle is the body's from the hand, rad.
    case turning(Int, angle: Double)
    /// A goal.
    case goal(Int)
    /// The robot's tip: the person drives, and opens and closes the gripper where there is one.
    case tip(gripperOpen: Bool)
  }

  var held: Held
  /// From the held thing's middle to where it was taken hold of, m.
  var grip: Vec2
  /// Where the hand wants it, m.
  var pointer: Vec2
  /// The control step at which it took hold.
  var since: Int

  /// How far it drags in a control step at most, m: things are pushed aside, not jumped over.
  static let greatestWay = 0.1

  /// Where the tip is led to, m, and whether the gripper is open; nil where the hand does not hold the tip.
  var lead: (point: Vec2, gripperOpen: Bool)? {
    guard case .tip(let gripperOpen) = held else { return nil }
    return (pointer - grip, gripperOpen)
  }

  /// Does to the world what the hand does to a body before a control step.
  ///
  /// - Returns: whether it did anything.
  func act(on world: inout some DrawableEnvironment) -> Bool {
    switch held {
    case .body(let body):
      let way = pointer - grip - world.position(ofBody: body)
      world.drag(body: body, by: way.clamped(toLength: Self.greatestWay))
    case .turning(let body, let angle):
      let way = pointer - world.position(ofBody: body)
      guard way.length > 1e-6 else { return false }
      world.turn(body: body, by: (atan2(way.y, way.x) + angle - world.angle(ofBody: body)).wrapped)
    case .goal, .tip: return false
    }
    return true
  }
}

extension Double {
  /// The same angle within −π … π.
  fileprivate var wrapped: Double { remainder(dividingBy: 2 * .pi) }
}
