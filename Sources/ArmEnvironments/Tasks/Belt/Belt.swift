// A belt between two fences, each with two gates side by side into the bin behind it.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// Where things are carried, and where they can leave. Lengths in m.
///
/// ```
///   ┌───────────── far bin ─────────────┐
///   ════════════════   ▪   ═════════════   fence: two gates, a post between
///   ¦ ◄──           belt           ◄── ¦
///   ════════════   ▪   ═════════════════   the other fence has its gates elsewhere
///   └──────────── near bin ─────────────┘
///       end                       objects begin here
/// ```
public struct Belt: Equatable, Sendable {
  /// A fence and the bin behind it.
  public struct Side: Equatable, Sendable {
    /// +1: behind the belt as the robot sees it; −1: before it.
    public var direction: Double
    /// The post between its two gates, along x.
    public var post: Double
  }

  /// Along x, m/s; it runs towards −x.
  public var speed: Double
  /// The belt's middle along y, and half of its width.
  public var middle: Double
  /// From the middle to an edge of the belt, which is a fence's near face.
  public var halfWidth: Double
  /// Of the fences.
  public var thickness: Double
  /// The width of each gate, and of the post between two.
  public var gate: Double
  /// The width of the post between two gates.
  public var post: Double
  /// Where what is still on the belt is lost, along x.
  public var end: Double
  /// The table's edges along x.
  public var ends: ClosedRange<Double>
  /// In the order of the zones that stand for the bins.
  public var sides: [Side]

  /// From the belt's middle to a fence's far face.
  public var outside: Double { halfWidth + thickness }

  /// The middles of a side's two gates along x, the one that objects come to first at the front.
  public func gates(_ side: Side) -> [Double] {
    let aside = (post + gate) / 2
    return [side.post + aside, side.post - aside]
  }

  /// How far a point is from the belt's middle, towards a side.
  public func depth(of point: Vec2, _ side: Side) -> Double { side.direction * (point.y - middle) }

  /// How the surface moves under a point, m/s.
  public func velocity(at point: Vec2) -> Vec2 { strip.velocity(at: point) }

  /// The belt as the physics has it.
  var strip: MovingStrip {
    MovingStrip(
      min: Vec2(ends.lowerBound, middle - halfWidth), max: Vec2(ends.upperBound, middle + halfWidth),
      velocity: Vec2(-speed, 0))
  }

  /// How many obstacles a side has.
  static let fences = 3

  /// Both fences: before the gates, the post, after them.
  var obstacles: [Obstacle] {
    sides.flatMap { side -> [Obstacle] in
      let (inner, outer) = (post / 2, post / 2 + gate)
      return [
        (ends.lowerBound, side.post - outer), (side.post - inner, side.post + inner),
        (side.post + outer, ends.upperBound),
      ]
      .map { least, greatest in
        Obstacle(
          shape: .box(halfWidth: (greatest - least) / 2, halfHeight: thickness / 2),
          position: Vec2((least + greatest) / 2, middle + side.direction * (halfWidth + thickness / 2)))
      }
    }
  }

  /// The belt with marks that ride on it, and the line at its end.
  ///
  /// - Parameter travel: how far it has run, m.
  func drawing(travel: Double) -> [DrawItem] {
    let (low, high) = (middle - halfWidth, middle + halfWidth)
    var items: [DrawItem] = [
      .polygon(
        [
          Vec2(ends.lowerBound, low), Vec2(ends.upperBound, low), Vec2(ends.upperBound, high),
          Vec2(ends.lowerBound, high),
        ],
        fill: Color(hex: 0xC9CDD2))
    ]
    // Arrow heads every so often, that point where the belt runs.
    let spacing = 0.1
    let point = 0.02
    let ink = Color(hex: 0xA9AFB6)
    var x = ends.upperBound - travel.truncatingRemainder(dividingBy: spacing)
    while x > ends.lowerBound + point {
      if x < ends.upperBound - point {
        for height in [-0.6, 0, 0.6] {
          let tip = Vec2(x - point / 2, middle + height * halfWidth)
          items.append(
            .polyline([tip + Vec2(point, point), tip, tip + Vec2(point, -point)], width: 0.004, color: ink))
        }
      }
      x -= spacing
    }
    items.append(
      .polyline([Vec2(end, low), Vec2(end, high)], width: 0.004, color: Color(hex: 0xB5523F), roundedCaps: false))
    return items
  }
}
