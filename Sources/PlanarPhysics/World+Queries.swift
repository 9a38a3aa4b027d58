// Questions to a world: what is touched, what lies along a ray, what overlaps a shape.

import PlanarCore

/// The contact force on a part of the arm in the last substep.
public struct Touch: Hashable, Sendable {
  /// Force on the arm, N.
  public var force: Vec2
  /// Where it acts, weighted by the points' normal forces, m; the part's middle where nothing is touched.
  public var position: Vec2
  /// Whether anything presses on the part.
  public var isTouching: Bool
}

/// Where a ray meets something.
public struct RayHit: Hashable, Sendable {
  /// What can be hit, by its index.
  public enum Target: Hashable, Sendable { case body(Int), wall(Int) }
  /// What was hit.
  public var target: Target
  /// From the ray's start, m.
  public var distance: Double
  /// Where it was hit, m.
  public var position: Vec2
  /// Outward unit normal of what was hit.
  public var normal: Vec2
}

extension World {
  /// Number of contact points with force in the last substep.
  public var contactCount: Int { scratch.contacts.indices.lazy.filter { scratch.contacts[$0].normalImpulse > 0 }.count }

  /// Number of pairs that touch, that is overlap or press on each other: of convex parts, parts of the arm and walls.
  public var contactPairCount: Int {
    var pairs = 0
    var last: UInt64?
    for i in scratch.contacts.indices {
      let contact = scratch.contacts[i]
      guard contact.normalImpulse > 0 || contact.separation <= 0 else { continue }
      let pair = contact.key >> 16
      if pair != last { pairs += 1 }
      last = pair
    }
    return pairs
  }

  /// The deepest overlap at the last substep's beginning, m; 0 where nothing overlaps.
  public var deepestOverlap: Double {
    scratch.contacts.indices.reduce(0) { max($0, -scratch.contacts[$1].separation) }
  }

  /// The sum of contact forces on a part of the arm, averaged over the last substep.
  public func touch(of part: ArmPart) -> Touch {
    var force = Vec2.zero
    var weighted = Vec2.zero
    var weight = 0.0
    var colliders = FixedList<ArmCollider>(capacity: Arm.maximumColliders)
    defer { colliders.base.deallocate() }
    arm.place(
      &colliders, arm.kinematics, velocity: .zero, jawVelocity: 0, baseMargin: 0, h: 0)
    for i in scratch.contacts.indices {
      let contact = scratch.contacts[i]
      guard contact.collider >= 0, contact.normalImpulse > 0,
        colliders[contact.collider].part == part
      else { continue }
      let isWall = contact.b == states.count
      let impulse =
        contact.normal * contact.normalImpulse
        + contact.normal.perpendicular * contact.tangentImpulse
      force += impulse * ((isWall ? 1 : -1) / lastSubstep)
      weighted += contact.position * contact.normalImpulse
      weight += contact.normalImpulse
    }
    guard weight > 0 else {
      let center = colliders.indices.first { colliders[$0].part == part }.map { colliders[$0].center }
      return Touch(force: .zero, position: center ?? arm.tip, isTouching: false)
    }
    return Touch(force: force, position: weighted / weight, isTouching: true)
  }

  /// Whether a part of the arm pressed on a body in the last substep.
  public func isTouching(_ part: ArmPart, body: Int) -> Bool {
    scratch.contacts.indices.contains { i in
      let contact = scratch.contacts[i]
      return contact.collider >= 0 && contact.b == body && contact.normalImpulse > 0
        && scratch.colliders[contact.collider].part == part
    }
  }

  /// The first body or wall along a ray; a convex part or wall that the ray starts in is not hit.
  ///
  /// - Parameter direction: unit vector.
  public func castRay(
    from start: Vec2, direction: Vec2, maximumDistance: Double = .infinity
  ) -> RayHit? {
    var best: RayHit?
    func consider(_ target: RayHit.Target, _ distance: Double, _ normal: Vec2) {
      guard distance >= 0, distance <= maximumDistance, distance < best?.distance ?? .infinity
      else { return }
      best = RayHit(
        target: target, distance: distance, position: start + direction * distance, normal: normal)
    }
    for (w, wall) in walls.enumerated() {
      let speed = direction.dot(wall.normal)
      guard speed < 0 else { continue }
      consider(.wall(w), (wall.point - start).dot(wall.normal) / speed, wall.normal)
    }
    for b in states.indices {
      let pose = self.pose(of: b)
      let from = pose.toLocal(start)
      let along = pose.rotation.unapply(direction)
      if case .disc(let radius) = models[b].shape {
        let middle = -from.dot(along)
        let square = radius * radius - (from.lengthSquared - middle * middle)
        guard square >= 0, middle - square.squareRoot() >= 0 else { continue }
        let distance = middle - square.squareRoot()
        consider(.body(b), distance, pose.rotation.apply((from + along * distance) / radius))
      }
      for corners in models[b].shape.outlines {
        guard let (distance, normal) = rayThrough(corners, from: from, along: along) else { continue }
        consider(.body(b), distance, pose.rotation.apply(normal))
      }
    }
    return best
  }

  /// The bodies that overlap a shape at a pose, in ascending order.
  public func bodies(overlapping shape: BodyShape, at pose: Pose) -> [Int] {
    states.indices.filter { overlaps(shape, pose, models[$0].shape, self.pose(of: $0)) }
  }

  /// The bodies that hold a point, in ascending order.
  public func bodies(at point: Vec2) -> [Int] {
    states.indices.filter { models[$0].shape.contains(pose(of: $0).toLocal(point)) }
  }
}

/// Where a ray that starts outside enters a convex polygon.
private func rayThrough(_ corners: [Vec2], from: Vec2, along: Vec2) -> (Double, Vec2)? {
  var enter = -Double.infinity
  var leave = Double.infinity
  var normal = Vec2.zero
  for i in corners.indices {
    let edge = corners[(i + 1) % corners.count] - corners[i]
    let outward = (-edge.perpendicular).normalized()
    let height = (from - corners[i]).dot(outward)
    let speed = along.dot(outward)
    if speed == 0 {
      if height > 0 { return nil }
    } else if speed < 0 {
      if height / -speed > enter {
        enter = height / -speed
        normal = outward
      }
    } else {
      leave = min(leave, -height / speed)
    }
  }
  return enter >= 0 && enter <= leave ? (enter, normal) : nil
}

/// Whether two placed shapes overlap.
private func overlaps(_ a: BodyShape, _ poseA: Pose, _ b: BodyShape, _ poseB: Pose) -> Bool {
  var table = ShapeTable()
  let partsA = table.add(a).map { table.parts[$0] }
  let partsB = table.add(b).map { table.parts[$0] }
  var corners = table.corners
  var normals = table.normals
  var scratch = Array(repeating: Vec2.zero, count: ShapeTable.maximumCorners)
  return corners.withUnsafeMutableBufferPointer { corners in
    normals.withUnsafeMutableBufferPointer { normals in
      scratch.withUnsafeMutableBufferPointer { scratch in
        func placed(_ part: ShapePart, _ pose: Pose) -> PlacedPolygon {
          PlacedPolygon(
            corners: corners.baseAddress! + part.firstCorner,
            normals: normals.baseAddress! + part.firstCorner, count: part.cornerCount, pose: pose)
        }
        for p in partsA {
          for q in partsB {
            let manifold: Manifold
            switch (p.cornerCount > 0, q.cornerCount > 0) {
            case (false, false):
              manifold = collideDiscs(
                poseA.position, p.radius, poseB.position, q.radius, margin: 0)
            case (true, false):
              manifold = collide(
                placed(p, poseA), discAt: poseB.position, radius: q.radius, margin: 0)
            case (false, true):
              manifold = collide(
                placed(q, poseB), discAt: poseA.position, radius: p.radius, margin: 0)
            case (true, true):
              manifold = collide(
                placed(p, poseA), placed(q, poseB), margin: 0, scratch: scratch.baseAddress!)
            }
            if manifold.count > 0 { return true }
          }
        }
        return false
      }
    }
  }
}
