// How the pusher gets from one side of the T to another without touching it.

import PlanarCore

/// Shortest paths around the T, in its frame, over the corners of a wider T.
///
/// ```
///     o───────────o        o: corners that a path may bend at
///     │  ┌─────┐  │
///     │  └─┐ ┌─┘  │
///     o──o │ │ o──o
///        │ └─┘ │
///        o─────o
/// ```
struct PushTWayAround: Sendable {
  /// px between pusher and T where a path bends.
  static let clearance = 13.0
  /// px between them on a path, at least.
  static let leastClearance = 4.0
  /// px between the pusher's centre and the window's edge, at least.
  private static let margin = 1.0

  /// A path: its length, px, and its bends and end, of which `points` has `count`.
  struct Path {
    var length = Double.infinity
    var points = InlineArray<10, Vec2>(repeating: .zero)
    var count = 0

    mutating func append(_ point: Vec2) {
      points[count] = point
      count += 1
    }

    /// The place at a distance along the path from its `start`; its end where it is shorter.
    func point(at distance: Double, from start: Vec2) -> Vec2 {
      var left = distance
      var point = start
      for i in 0..<count {
        let leg = points[i] - point
        let length = leg.length
        if length > left { return point + leg * (left / length) }
        left -= length
        point = points[i]
      }
      return point
    }
  }

  private static let cornerCount = 8
  private static let corners: [Vec2] = {
    let out = PushTConstants.pusherRadius + clearance
    let (bar, stem) = (PushTConstants.bar, PushTConstants.stem)
    var right: [Vec2] = []
    right.append(Vec2(bar.max.x + out, bar.min.y - out))
    right.append(Vec2(bar.max.x + out, bar.max.y + out))
    right.append(Vec2(stem.max.x + out, bar.max.y + out))
    right.append(Vec2(stem.max.x + out, stem.max.y + out))
    let left = right.map { Vec2(-$0.x, $0.y) }
    return right + left
  }()

  /// The corners, moved into the window where they lie outside.
  private var corners = InlineArray<8, Vec2>(repeating: .zero)
  private var isOpen = InlineArray<8, Bool>(repeating: false)
  /// Of the shortest paths between corners, `[from · 8 + to]`: px, and the corner that comes after the first.
  private var lengths = InlineArray<64, Double>(repeating: .infinity)
  private var next = InlineArray<64, Int>(repeating: 0)

  /// - Parameter block: the T's pose in a window whose edges are closed; nil for a T in the open.
  init(around block: Pose?) {
    let n = Self.cornerCount
    for i in 0..<n {
      corners[i] = Self.corners[i]
      isOpen[i] = true
      guard let block else { continue }
      let point = block.toWorld(corners[i])
      let (least, most) = (Self.margin, PushTConstants.windowSide - Self.margin)
      let kept = Vec2(min(max(point.x, least), most), min(max(point.y, least), most))
      guard kept != point else { continue }
      corners[i] = block.toLocal(kept)
      isOpen[i] = Self.exit(from: corners[i]) == nil
    }
    for i in 0..<n where isOpen[i] {
      for j in 0..<n where isOpen[j] && Self.isFree(from: corners[i], to: corners[j]) {
        lengths[i * n + j] = (corners[i] - corners[j]).length
        next[i * n + j] = j
      }
    }
    for middle in 0..<n {
      for i in 0..<n {
        for j in 0..<n where lengths[i * n + middle] + lengths[middle * n + j] < lengths[i * n + j] {
          lengths[i * n + j] = lengths[i * n + middle] + lengths[middle * n + j]
          next[i * n + j] = next[i * n + middle]
        }
      }
    }
  }

  /// The shortest path between two places of the T's frame; infinitely long where there is none. A place that is too
  /// near to the T is left along the shortest way first.
  func path(from start: Vec2, to end: Vec2) -> Path {
    var path = Path()
    var begin = start
    var before = 0.0
    if let exit = Self.exit(from: start) {
      before = (exit - start).length
      begin = exit
      path.append(exit)
    }
    if Self.isFree(from: begin, to: end) {
      path.length = before + (end - begin).length
      path.append(end)
      return path
    }
    var (first, last) = (0, 0)
    let n = Self.cornerCount
    for i in 0..<n where isOpen[i] && Self.isFree(from: begin, to: corners[i]) {
      let head = before + (corners[i] - begin).length
      for j in 0..<n where isOpen[j] && head + lengths[i * n + j] < path.length {
        let length = head + lengths[i * n + j] + (end - corners[j]).length
        guard length < path.length, Self.isFree(from: corners[j], to: end) else { continue }
        path.length = length
        (first, last) = (i, j)
      }
    }
    guard path.length < .infinity else { return path }
    path.append(corners[first])
    while first != last {
      first = next[first * n + last]
      path.append(corners[first])
    }
    path.append(end)
    return path
  }

  /// The nearest place with room around it; nil where the place itself has room.
  private static func exit(from point: Vec2) -> Vec2? {
    let bar = PushTConstants.bar.nearest(to: point)
    let stem = PushTConstants.stem.nearest(to: point)
    let nearest = bar.distance < stem.distance ? bar : stem
    let room = PushTConstants.pusherRadius + leastClearance
    guard nearest.distance < room else { return nil }
    var out = nearest.point - nearest.inward * (room + 2)
    // Between bar and stem the other box may be too near as well.
    for box in [PushTConstants.bar, PushTConstants.stem] {
      let near = box.nearest(to: out)
      if near.distance < room { out = near.point - near.inward * (room + 2) }
    }
    return out
  }

  private static func isFree(from a: Vec2, to b: Vec2) -> Bool {
    !crosses(PushTConstants.bar, a, b) && !crosses(PushTConstants.stem, a, b)
  }

  /// Whether a straight path leads through a box grown by the room that the pusher needs.
  private static func crosses(_ box: PushTBox, _ a: Vec2, _ b: Vec2) -> Bool {
    let room = PushTConstants.pusherRadius + leastClearance
    let d = b - a
    var low = 0.0
    var high = 1.0
    func clip(_ start: Double, _ change: Double, _ least: Double, _ most: Double) -> Bool {
      if abs(change) < 1e-12 { return start > least && start < most }
      let t0 = (least - start) / change
      let t1 = (most - start) / change
      low = max(low, min(t0, t1))
      high = min(high, max(t0, t1))
      return low < high
    }
    return clip(a.x, d.x, box.min.x - room, box.max.x + room)
      && clip(a.y, d.y, box.min.y - room, box.max.y + room)
  }
}
