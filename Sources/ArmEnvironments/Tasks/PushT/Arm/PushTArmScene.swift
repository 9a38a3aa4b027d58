// One episode's scene with an arm: PushT's start, made possible between solid walls, and what the level draws.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// The draws of one episode.
struct PushTArmScene: Sendable {
  /// Where T and tip begin, px; the T as `PushTSimulation` places it.
  var blockOrigin: Vec2
  var blockAngle: Double
  var tip: Vec2
  var body: BodyModel
  var motorGain: Double
  /// Everything drawn, by name, for the record.
  var draws: [String: Double]

  /// Where things can be, m: between the faces of PushT's walls.
  static let freeSquare: WorldRectangle = {
    let low = PushTConstants.wallSpan.lowerBound + PushTConstants.wallRadius
    let high = PushTConstants.wallSpan.upperBound - PushTConstants.wallRadius
    return WorldRectangle(
      min: PushTPicture.point(Vec2(low, high)), max: PushTPicture.point(Vec2(high, low)))
  }()

  /// px between the tip's rim and the T at the start, at least.
  private static let clearance = 2.0

  /// Draws a scene: the T of `pusht` with the same seed, and the same tip where it is clear of the T.
  init(_ specification: PushTArmSpecification, _ level: RandomizationLevel, seed: UInt64) {
    var physics = RandomStream(seed: seed, purpose: "physics")
    let mass = level.draw("mass", using: &physics)
    let contact = level.draw("contact_friction", using: &physics)
    let support = level.draw("support_friction", using: &physics)
    motorGain = level.draw("motor_gain", using: &physics)
    body = BodyModel(
      shape: .compound(PushTBody.outline), mass: specification.mass * mass,
      contactFriction: specification.contactFriction * contact,
      supportFriction: specification.supportFriction * support)

    let start = PushTStart(seed: seed)
    let block = PushTArmScene.placed(start)
    blockOrigin = block.position
    blockAngle = start.angle
    tip = start.pusher
    var places = RandomStream(seed: seed, purpose: "tip start")
    let needed = specification.arm.tipRadius / PushTPicture.metresPerPixel + Self.clearance
    while PushTArmScene.distance(of: tip, from: block) < needed {
      tip = Vec2(places.uniform(in: 50...450), places.uniform(in: 50...450))
    }
    draws = [
      "pusher.x": tip.x, "pusher.y": tip.y, "block.x": blockOrigin.x, "block.y": blockOrigin.y,
      "block.angle": blockAngle, "block.mass": mass, "block.contact_friction": contact,
      "block.support_friction": support, "motor_gain": motorGain,
    ]
  }

  /// The T's pose in the window, shifted to where no corner is in a wall.
  private static func placed(_ start: PushTStart) -> Pose {
    let rotation = Rotation(angle: start.angle)
    let cog = PushTConstants.centerOfGravity
    var pose = Pose(
      position: start.block + cog - rotation.apply(cog), rotation: rotation)
    let corners = PushTConstants.outline.map(pose.toWorld)
    let least = PushTConstants.wallSpan.lowerBound + PushTConstants.wallRadius
    let greatest = PushTConstants.wallSpan.upperBound - PushTConstants.wallRadius
    func shift(_ values: [Double]) -> Double {
      max(0, least - values.min()!) + min(0, greatest - values.max()!)
    }
    pose.position += Vec2(shift(corners.map(\.x)), shift(corners.map(\.y)))
    return pose
  }

  /// px; negative inside the T.
  private static func distance(of point: Vec2, from block: Pose) -> Double {
    let local = block.toLocal(point)
    return min(
      PushTConstants.bar.nearest(to: local).distance,
      PushTConstants.stem.nearest(to: local).distance)
  }
}
