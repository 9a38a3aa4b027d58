// The way around things that are about round.

import PlanarCore

/// A disc that must be passed, m.
public struct RoundObstacle: Sendable {
  /// Its centre, m.
  public var center: Vec2
  /// Its radius, m.
  public var radius: Double

  /// A disc to pass, by its centre and radius, m.
  public init(center: Vec2, radius: Double) { (self.center, self.radius) = (center, radius) }

  /// The disc with a margin around it, m.
  public func grown(by margin: Double) -> RoundObstacle { RoundObstacle(center: center, radius: radius + margin) }
}

/// Ways around obstacles, step by step.
public struct WaysAround: Sendable {
  /// +1: passes counter-clockwise where both ways are about as long; −1: clockwise.
  private var preferredSide = 1.0

  /// Passes counter-clockwise where both ways are about as long.
  public init() {}

  /// Draws the side on which it passes things where both are about as good.
  public init(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "expert")
    preferredSide = random.uniform() < 0.5 ? 1 : -1
  }

  /// The unit direction of the way from `start` to `end` that passes the nearest obstacle in between on its
  /// tangent; an obstacle around `end` itself is ignored.
  public func direction(from start: Vec2, to end: Vec2, around obstacles: [RoundObstacle]) -> Vec2 {
    let way = end - start
    let length = way.length
    let straight = way.normalized()
    var nearest: RoundObstacle?
    var nearestDistance = Double.infinity
    for obstacle in obstacles where (end - obstacle.center).length > obstacle.radius {
      let offset = obstacle.center - start
      let along = offset.dot(straight)
      let distance = offset.length
      let touches = distance < obstacle.radius
      let blocks = along > 0 && along < length && abs(straight.cross(offset)) < obstacle.radius
      if (blocks || (touches && along > 0)) && distance < nearestDistance {
        nearest = obstacle
        nearestDistance = distance
      }
    }
    guard let obstacle = nearest else { return straight }
    let offset = obstacle.center - start
    let distance = offset.length
    let toward = offset.normalized()
    // Which side: the one the way already leans to; where it leans to neither, the episode's choice.
    let lean = straight.cross(toward)
    let side = abs(lean) < 0.15 ? preferredSide : (lean > 0 ? -1.0 : 1.0)
    if distance < obstacle.radius {
      // Too close: along the rim, and outward.
      let outward = (obstacle.radius - distance) / obstacle.radius * 4
      return (toward.perpendicular * side - toward * outward).normalized()
    }
    let sine = obstacle.radius / distance
    let cosine = (1 - sine * sine).squareRoot()
    return Rotation(cosine: cosine, sine: side * sine).apply(toward)
  }
}
