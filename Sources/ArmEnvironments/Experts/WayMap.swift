// Shortest ways for the tip around obstacles: along the corners of the obstacles, grown by a margin.

import PlanarCore
import PlanarPhysics

/// Where a point may go, as a visibility graph (Lozano-Pérez & Wesley 1979): a shortest way around polygons bends at
/// their corners only.
public struct WayMap {
  /// A way around things.
  public struct Way {
    /// m.
    public var length: Double
    /// Where the next straight part ends.
    public var next: Vec2
    /// Where the way leaves what it begins in; its beginning, unless that is within the margin of an obstacle.
    public var exit: Vec2
  }

  /// A line that must not be crossed: closes one side of an obstacle.
  public struct Barrier {
    /// Where the segment begins, m.
    public var start: Vec2
    /// Where the segment ends, m.
    public var end: Vec2

    /// A segment between two points, m.
    public init(start: Vec2, end: Vec2) { (self.start, self.end) = (start, end) }
  }

  private var hulls: [Hull]

  /// - Parameter margin: how far to stay away from the obstacles, m.
  public init(around obstacles: [Obstacle], margin: Double) {
    hulls = obstacles.flatMap { obstacle in
      obstacle.outlines.map { Hull($0.map(obstacle.pose.toWorld), grownBy: margin) }
    }
  }

  /// The shortest way that crosses no barrier; infinitely long and straight where there is none.
  public func way(from start: Vec2, to end: Vec2, without barrier: Barrier? = nil) -> Way {
    let exit = outside(start)
    let goal = outside(end)
    let detour = (exit - start).length + (end - goal).length
    if isFree(exit, goal, barrier) {
      return Way(length: detour + (goal - exit).length, next: goal, exit: exit)
    }
    let nodes = [goal] + hulls.flatMap(\.corners).filter { corner in !hulls.contains { $0.holds(corner) } }
    // Dijkstra from the goal; the graph is small and its edges are tested as they are needed.
    var lengths = Array(repeating: Double.infinity, count: nodes.count)
    var isDone = Array(repeating: false, count: nodes.count)
    lengths[0] = 0
    while true {
      var current = -1
      for i in nodes.indices where !isDone[i] && lengths[i] < .infinity {
        if current < 0 || lengths[i] < lengths[current] { current = i }
      }
      guard current >= 0 else { break }
      isDone[current] = true
      for i in nodes.indices where !isDone[i] {
        let length = lengths[current] + (nodes[i] - nodes[current]).length
        if length < lengths[i], isFree(nodes[i], nodes[current], barrier) { lengths[i] = length }
      }
    }
    var best = Way(length: .infinity, next: goal, exit: exit)
    for i in nodes.indices {
      let step = (nodes[i] - exit).length
      let length = detour + lengths[i] + step
      // A corner that has been reached is not the next one.
      if step > 1e-6, length < best.length, isFree(exit, nodes[i], barrier) {
        best = Way(length: length, next: nodes[i], exit: exit)
      }
    }
    return best
  }

  /// The shortest ways past the left and the right end of a bar, as seen along its frame's x. Each is found by closing
  /// the other side with a line outward.
  public func ways(around bar: Obstacle, from start: Vec2, to end: Vec2) -> (left: Way, right: Way) {
    func closing(_ side: Double) -> Way {
      let far = bar.pose.toWorld(Vec2(0, side * 2))
      return way(from: start, to: end, without: Barrier(start: bar.position, end: far))
    }
    return (closing(-1), closing(1))
  }

  /// The nearest point that is in no hull, or nearly so where hulls overlap.
  private func outside(_ point: Vec2) -> Vec2 {
    var point = point
    for _ in 0..<3 {
      guard let hull = hulls.first(where: { $0.holds(point) }) else { break }
      point = hull.nearestOutside(point)
    }
    return point
  }

  private func isFree(_ a: Vec2, _ b: Vec2, _ barrier: Barrier?) -> Bool {
    if let barrier, crosses(a, b, barrier.start, barrier.end) { return false }
    return !hulls.contains { $0.isCrossed(from: a, to: b) }
  }

  private func crosses(_ a: Vec2, _ b: Vec2, _ c: Vec2, _ d: Vec2) -> Bool {
    let first = (b - a).cross(c - a) * (b - a).cross(d - a)
    let second = (d - c).cross(a - c) * (d - c).cross(b - c)
    return first < 0 && second < 0
  }
}

/// A convex outline, counter-clockwise.
private struct Hull {
  var corners: [Vec2]
  var normals: [Vec2]

  /// What touches the outline to within so much, m, is not inside.
  private static let tolerance = 1e-7

  init(_ outline: [Vec2], grownBy margin: Double) {
    let count = outline.count
    let normals = outline.indices.map { i in
      -(outline[(i + 1) % count] - outline[i]).perpendicular.normalized()
    }
    self.normals = normals
    corners = outline.indices.map { i in
      // Where the two edges of the corner meet when both have moved outward.
      let before = normals[(i + count - 1) % count]
      return outline[i] + (before + normals[i]) * (margin / (1 + before.dot(normals[i])))
    }
  }

  func holds(_ point: Vec2) -> Bool {
    for i in corners.indices where (point - corners[i]).dot(normals[i]) > -Self.tolerance { return false }
    return true
  }

  func nearestOutside(_ point: Vec2) -> Vec2 {
    var best = (height: -Double.infinity, normal: Vec2.zero)
    for i in corners.indices {
      let height = (point - corners[i]).dot(normals[i])
      if height > best.height { best = (height, normals[i]) }
    }
    return point - best.normal * best.height
  }

  /// Whether a line runs through the inside.
  func isCrossed(from a: Vec2, to b: Vec2) -> Bool {
    var enter = 0.0
    var leave = 1.0
    let way = b - a
    for i in corners.indices {
      let height = (a - corners[i]).dot(normals[i]) + Self.tolerance
      let climb = way.dot(normals[i])
      if abs(climb) < 1e-12 {
        if height >= 0 { return false }
      } else if climb < 0 {
        enter = max(enter, -height / climb)
      } else {
        leave = min(leave, -height / climb)
      }
    }
    return enter < leave - 1e-9
  }
}

extension Obstacle {
  /// Corners of each convex part in its frame, counter-clockwise; eight around a disc.
  fileprivate var outlines: [[Vec2]] {
    guard case .disc(let radius) = shape else { return shape.outlines }
    let far = radius / Rotation(angle: Double.pi / 8).cosine
    return [(0..<8).map { Rotation(angle: Double($0) * Double.pi / 4).direction * far }]
  }
}
