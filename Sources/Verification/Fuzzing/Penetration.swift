// How deep two bodies overlap: a plain second opinion on the physics' own collision code.

import PlanarCore
import PlanarPhysics

/// A placed body: the corners of its convex parts in the world, or a disc.
struct Outline {
  var center: Vec2
  var reach: Double
  var discRadius: Double?
  var parts: [[Vec2]]

  init(_ shape: BodyShape, at pose: Pose) {
    center = pose.position
    reach = shape.circumradius
    if case .disc(let radius) = shape { discRadius = radius }
    parts = shape.outlines.map { $0.map(pose.toWorld) }
  }

  /// The depth of the overlap with another outline, m; 0 where they are apart.
  func depth(in other: Outline) -> Double {
    guard (center - other.center).length < reach + other.reach else { return 0 }
    switch (discRadius, other.discRadius) {
    case (let a?, let b?): return max(0, a + b - (center - other.center).length)
    case (let radius?, nil):
      return other.parts.reduce(0) { max($0, radius - signedDistance(from: center, to: $1)) }
    case (nil, _?): return other.depth(in: self)
    case (nil, nil):
      var deepest = 0.0
      for a in parts {
        for b in other.parts { deepest = max(deepest, -max(widestGap(a, b), widestGap(b, a))) }
      }
      return deepest
    }
  }

  /// The depth behind a wall, m; negative in front of it.
  func depth(behind wall: Wall) -> Double {
    if let discRadius { return discRadius - (center - wall.point).dot(wall.normal) }
    return parts.joined().reduce(-Double.infinity) { max($0, -($1 - wall.point).dot(wall.normal)) }
  }
}

/// The greatest gap along the normals of `a`'s edges, m; negative where `b` reaches behind all of them.
private func widestGap(_ a: [Vec2], _ b: [Vec2]) -> Double {
  a.indices.reduce(-Double.infinity) { widest, i in
    let outward = -(a[(i + 1) % a.count] - a[i]).perpendicular.normalized()
    return max(widest, b.reduce(.infinity) { min($0, ($1 - a[i]).dot(outward)) })
  }
}

/// The distance from a point to a convex polygon, m; negative inside.
private func signedDistance(from point: Vec2, to corners: [Vec2]) -> Double {
  var inside = -Double.infinity
  var outside = Double.infinity
  for i in corners.indices {
    let a = corners[i]
    let edge = corners[(i + 1) % corners.count] - a
    inside = max(inside, (point - a).dot(-edge.perpendicular.normalized()))
    let share = min(max((point - a).dot(edge) / edge.lengthSquared, 0), 1)
    outside = min(outside, (point - a - edge * share).length)
  }
  return inside <= 0 ? inside : outside
}

extension BodyShape {
  /// Half of the least width of the thinnest convex part, m.
  var halfThickness: Double {
    if case .disc(let radius) = self { return radius }
    let widths = outlines.flatMap { corners in
      corners.indices.map { i in
        let outward = -(corners[(i + 1) % corners.count] - corners[i]).perpendicular.normalized()
        return corners.reduce(0) { max($0, (corners[i] - $1).dot(outward)) }
      }
    }
    return (widths.min() ?? 0) / 2
  }
}
