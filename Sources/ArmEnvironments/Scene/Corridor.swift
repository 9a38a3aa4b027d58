// A winding way across the table.

import PlanarCore

/// A way of constant width along a line of straight segments.
public struct Corridor: Equatable, Sendable {
  /// The corners of its centre line, m.
  public var points: [Vec2]
  /// From the centre line to its edges, m.
  public var halfWidth: Double

  public init(points: [Vec2], halfWidth: Double) {
    self.points = points
    self.halfWidth = halfWidth
  }
}
