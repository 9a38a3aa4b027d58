// A person's hand in the demo: it takes hold of a body and drags it about.

import PlanarCore

/// A hand on a body.
struct Hand {
  var body: Int
  /// From the body's middle to where it was taken hold of, m.
  var grip: Vec2
  /// Where the hand wants it, m.
  var pointer: Vec2

  /// How far it drags in a control step at most, m: things are pushed aside, not jumped over.
  static let greatestWay = 0.1
}
