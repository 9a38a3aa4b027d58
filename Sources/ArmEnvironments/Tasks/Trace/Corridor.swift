// A winding way printed on a belt that runs past the tip.

import PlanarCore

/// A way of constant width along a line of straight segments, on a belt that moves along −x.
///
/// ```
///    y ▲      bend k      bend k+2            the belt moves ◄── at `speed`
///      │     /\          /
///      │    /  \        /          every `length` along the belt there is a bend;
///      │ ●─/    \      /           how far it lies to a side is drawn for each alone
///      │  tip    \____/
///      └──────────────────► x
/// ```
public struct Corridor: Equatable, Sendable {
  /// The bends of its centre line, `length` apart along x, where they lie at an episode's start, m.
  public var points: [Vec2]
  /// Between bends along the belt, m.
  public var length: Double
  /// From the centre line to its edges, at right angles to it, m.
  public var halfWidth: Double
  /// Of the belt, m/s.
  public var speed: Double
  /// Where its end lies at the start, along x, m.
  public var end: Double

  /// The centre line's y at a place of the belt, m; beyond the last bends it goes straight on.
  ///
  /// - Parameter x: where the place lies at the start, m.
  public func height(at x: Double) -> Double {
    let position = (x - points[0].x) / length
    let index = min(max(Int(position.rounded(.down)), 0), points.count - 2)
    let share = min(max(position - Double(index), 0), 1)
    return points[index].y + share * (points[index + 1].y - points[index].y)
  }

  /// How far a point of the belt is from the centre line, m.
  ///
  /// - Parameter point: where it lies at the start, m.
  public func distance(to point: Vec2) -> Double {
    var nearest = abs(point.y - height(at: point.x))
    for segment in segments(from: point.x - nearest, to: point.x + nearest) {
      let start = points[segment]
      let way = points[segment + 1] - start
      let share = min(max((point - start).dot(way) / way.lengthSquared, 0), 1)
      nearest = min(nearest, (point - start - way * share).length)
    }
    return nearest
  }

  /// The indices of the segments between two places along x, by their first bend.
  func segments(from least: Double, to greatest: Double) -> ClosedRange<Int> {
    func index(_ x: Double) -> Int {
      min(max(Int(((x - points[0].x) / length).rounded(.down)), 0), points.count - 2)
    }
    return index(least)...index(greatest)
  }
}
