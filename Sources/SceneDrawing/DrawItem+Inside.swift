// Items that must not be seen beyond a rectangle, where scenes lie beside each other.

import PlanarCore

extension DrawItem {
  /// The item without what lies outside of a rectangle: lines end at its border, polygons are cut
  /// off, discs whose middle is outside are as small as a point. It stays an item of the same kind, so that pictures can
  /// still be blended.
  public func kept(inside area: WorldRectangle) -> DrawItem {
    switch self {
    case .disc(let center, _, let fill, let outline, let relief):
      return area.contains(center)
        ? self
        : .disc(
          center: area.nearest(to: center), radius: 0, fill: fill,
          outline: outline.map { Outline(color: $0.color, width: 0) }, relief: relief)
    case .polygon(let corners, let fill, let outline, let relief):
      guard !corners.allSatisfy(area.contains) else { return self }
      let inside = area.part(ofConvex: corners)
      return inside.count > 2
        ? .polygon(inside, fill: fill, outline: outline, relief: relief)
        : .polygon(corners.map { _ in area.nearest(to: corners[0]) }, fill: fill, relief: relief)
    case .polyline(let path, let width, let color, let roundedCaps):
      guard !path.allSatisfy(area.contains) else { return self }
      let inside = area.part(of: path)
      return inside.isEmpty
        ? .polyline(path.map(area.nearest), width: 0, color: color, roundedCaps: roundedCaps)
        : .polyline(inside, width: width, color: color, roundedCaps: roundedCaps)
    case .text: return self
    }
  }
}

extension WorldRectangle {
  /// Whether a point (m) lies inside or on the border.
  public func contains(_ point: Vec2) -> Bool {
    min.x <= point.x && point.x <= max.x && min.y <= point.y && point.y <= max.y
  }

  /// The point of the rectangle that is nearest to another, m.
  fileprivate func nearest(to point: Vec2) -> Vec2 {
    Vec2(Swift.min(Swift.max(point.x, min.x), max.x), Swift.min(Swift.max(point.y, min.y), max.y))
  }

  /// The part of a path that lies inside; where it goes out and comes back, straight from the one place to the other.
  fileprivate func part(of path: [Vec2]) -> [Vec2] {
    var part: [Vec2] = []
    for (from, to) in zip(path, path.dropFirst()) {
      guard let share = inside(from: from, to: to) else { continue }
      let (first, last) = (from + (to - from) * share.lowerBound, from + (to - from) * share.upperBound)
      if part.last != first { part.append(first) }
      part.append(last)
    }
    return part
  }

  /// The part of a convex polygon that lies inside (Sutherland and Hodgman 1974); fewer than three corners for nothing.
  fileprivate func part(ofConvex corners: [Vec2]) -> [Vec2] {
    // How far inside of each edge's line a point is, m.
    let depths: [(Vec2) -> Double] = [{ $0.x - min.x }, { max.x - $0.x }, { $0.y - min.y }, { max.y - $0.y }]
    return depths.reduce(corners) { corners, depth in
      corners.indices.flatMap { index -> [Vec2] in
        let (from, to) = (corners[index], corners[(index + 1) % corners.count])
        let (before, after) = (depth(from), depth(to))
        let kept = before >= 0 ? [from] : []
        return (before >= 0) == (after >= 0) ? kept : kept + [from + (to - from) * (before / (before - after))]
      }
    }
  }

  /// Which share of a segment lies inside (Liang and Barsky 1984); nil for nothing.
  private func inside(from: Vec2, to: Vec2) -> ClosedRange<Double>? {
    var (first, last) = (0.0, 1.0)
    let way = to - from
    for (step, room) in [
      (-way.x, from.x - min.x), (way.x, max.x - from.x), (-way.y, from.y - min.y), (way.y, max.y - from.y),
    ] {
      if step == 0 {
        if room < 0 { return nil }
      } else if step < 0 {
        first = Swift.max(first, room / step)
      } else {
        last = Swift.min(last, room / step)
      }
    }
    return first < last ? first...last : nil
  }
}
