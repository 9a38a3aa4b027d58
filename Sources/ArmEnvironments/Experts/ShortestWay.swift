// The shortest way among many discs, where passing one of them after another on its tangent gets stuck between two.

import PlanarCore
import PlanarSceneDrawing

/// The shortest way of a point among discs, over a graph of the corners of twelve-sided outlines around them
/// (a visibility graph, Lozano-Pérez & Wesley 1979).
///
/// A disc that holds the start or the end is taken as smaller, so that there is nearly always a way.
/// Complexity: n³ for n discs, some 50 µs for six.
public struct ShortestWay {
  private var obstacles: [RoundObstacle]
  /// The end first, the start last.
  private var nodes: [Vec2]

  private static let corners: [Vec2] = (0..<12).map { Rotation(angle: Double($0) * Double.pi / 6).direction }
  /// 1/cos(π/12): the corners of an outline whose edges touch the disc.
  private static let cornerRadius = 1.0353

  private init(from start: Vec2, to end: Vec2, around discs: [RoundObstacle], within area: WorldRectangle) {
    obstacles = discs.compactMap { disc in
      let free = min((start - disc.center).length, (end - disc.center).length) - 1e-3
      return free > 0.002 ? RoundObstacle(center: disc.center, radius: min(disc.radius, free)) : nil
    }
    nodes = [end]
    for disc in obstacles {
      for corner in Self.corners {
        let node = disc.center + corner * (disc.radius * Self.cornerRadius + 1e-4)
        let isOnTable =
          node.x >= area.min.x && node.x <= area.max.x && node.y >= area.min.y && node.y <= area.max.y
        if isOnTable, obstacles.allSatisfy({ (node - $0.center).length >= $0.radius }) { nodes.append(node) }
      }
    }
    nodes.append(start)
  }

  /// The unit direction in which the shortest way begins, and its length, m; nil where there is no way.
  ///
  /// - Parameter area: where the point may go.
  public static func find(
    from start: Vec2, to end: Vec2, around discs: [RoundObstacle], within area: WorldRectangle
  ) -> (direction: Vec2, length: Double)? {
    ShortestWay(from: start, to: end, around: discs, within: area).search()
  }

  /// Dijkstra's search (1959) from the end to the start.
  private func search() -> (direction: Vec2, length: Double)? {
    let start = nodes.count - 1
    if isFree(nodes[start], nodes[0]) {
      let way = nodes[0] - nodes[start]
      return (way.normalized(), way.length)
    }
    var lengths = Array(repeating: Double.infinity, count: nodes.count)
    var next = Array(repeating: 0, count: nodes.count)
    var isDone = Array(repeating: false, count: nodes.count)
    lengths[0] = 0
    while true {
      var node = -1
      for other in nodes.indices where !isDone[other] && lengths[other] < (node < 0 ? .infinity : lengths[node]) {
        node = other
      }
      guard node >= 0 else { return nil }
      if node == start { return ((nodes[next[node]] - nodes[node]).normalized(), lengths[node]) }
      isDone[node] = true
      for other in nodes.indices where !isDone[other] {
        let length = lengths[node] + (nodes[other] - nodes[node]).length
        if length < lengths[other], isFree(nodes[node], nodes[other]) {
          lengths[other] = length
          next[other] = node
        }
      }
    }
  }

  private func isFree(_ a: Vec2, _ b: Vec2) -> Bool {
    let way = b - a
    let square = way.lengthSquared
    return obstacles.allSatisfy { disc in
      let offset = disc.center - a
      let share = square > 0 ? min(1, max(0, offset.dot(way) / square)) : 0
      return (offset - way * share).lengthSquared >= disc.radius * disc.radius
    }
  }
}
