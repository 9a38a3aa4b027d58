// The scripted expert: what is nearest to hand first, each thing to where its zone has room.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// Pushes one object after another into its zone, and again what was knocked out, from any state.
///
/// It keeps nothing between steps but the side on which it passes things. Which object comes next is read off the
/// table: the one that the tip is soonest behind and that has the shortest way; while it is being pushed, that stays so.
public struct TidyExpert: Expert {
  private var pushing = Pushing(.shortest)

  /// An expert before its first episode.
  public init() {}

  /// Draws what the expert decides once per episode.
  public mutating func beginEpisode(seed: UInt64) { pushing = Pushing(.shortest, seed: seed) }

  /// The next move of the push that is in progress.
  public func action(in world: ArmEnvironment) -> Action {
    let turn = turnOfImpatience(in: world)
    var best: (object: Int, target: Vec2, effort: Double)?
    for condition in world.goal.conditions {
      guard let object = condition.object, let index = condition.zone else { continue }
      let zone = world.scene.zones[index]
      let isOdd = turn % 2 == 1
      let target = isOdd ? zone.center : freePlace(for: object, in: zone, of: world)
      guard isOutside(object, zone, in: world) || (!isOdd && isOnItsWay(object, zone, target, in: world))
      else { continue }
      var effort = self.effort(of: object, to: target, in: world)
      if turn > 0 { effort += 0.15 * Double((object * 7 + turn * 5) % 4) }
      if let best, best.effort <= effort { continue }
      best = (object, target, effort)
    }
    guard let best else { return world.action(moving: stepBack(in: world)) }
    return world.action(
      moving: pushing.velocity(pushing: best.object, to: best.target, isThere: false, in: world))
  }

  private func isOutside(_ object: Int, _ zone: Zone, in world: ArmEnvironment) -> Bool {
    (zone.center - world.physics.states[object].position).length > zone.radius - 0.004
  }

  /// Whether an object is being pushed and not yet well inside.
  private func isOnItsWay(_ object: Int, _ zone: Zone, _ target: Vec2, in world: ArmEnvironment) -> Bool {
    let position = world.physics.states[object].position
    guard (zone.center - position).length > zone.radius - 0.02 else { return false }
    let toTip = world.commandedTip - position
    let way = (target - position).normalized()
    let reach = world.scene.objects[object].circumradius + world.specification.robot.tipRadius
    return toTip.length < reach + 0.02 && -toTip.dot(way) > 0.5 * reach && abs(toTip.cross(way)) < 0.4 * reach
  }

  /// Two things in each other's way can send the tip to and fro between them: an episode that takes long gets another
  /// order, and other places, every six seconds. 0 before.
  private func turnOfImpatience(in world: ArmEnvironment) -> Int {
    max(0, Int((Double(world.stepIndex) * world.controlPeriod - 20) / 6))
  }

  /// A place in a zone that is clear of the other objects and near to an object.
  private func freePlace(for object: Int, in zone: Zone, of world: ArmEnvironment) -> Vec2 {
    let position = world.physics.states[object].position
    let radius = world.scene.objects[object].circumradius
    let most = max(0, zone.radius - 0.03)
    var best = zone.center
    var least = Double.infinity
    for ring in 0..<3 {
      for spoke in 0..<(ring == 0 ? 1 : 8) {
        let direction = Rotation(angle: Double(spoke) * Double.pi / 4).direction
        let target = zone.center + direction * (most * Double(ring) / 2)
        guard world.specification.table.holds(target, margin: radius) else { continue }
        var cost = (target - position).length + 0.3 * (target - zone.center).length
        for (other, thing) in world.scene.objects.enumerated() where other != object {
          let gap = (world.physics.states[other].position - target).length - thing.circumradius - radius
          cost += 3 * max(0, 0.01 - gap)
        }
        if cost < least {
          least = cost
          best = target
        }
      }
    }
    return best
  }

  /// The way of the tip to behind an object, and half of the object's way, m.
  private func effort(of object: Int, to target: Vec2, in world: ArmEnvironment) -> Double {
    let position = world.physics.states[object].position
    let way = target - position
    let reach = world.scene.objects[object].circumradius + world.specification.robot.tipRadius + 0.015
    let behind = position - way.normalized() * reach
    return (world.tip - behind).length + 0.5 * way.length
  }

  /// Away from what is too near.
  private func stepBack(in world: ArmEnvironment) -> Vec2 {
    var nearest: (offset: Vec2, gap: Double)?
    for (index, object) in world.scene.objects.enumerated() {
      let offset = world.commandedTip - world.physics.states[index].position
      let gap = offset.length - object.circumradius - world.specification.robot.tipRadius
      if gap < nearest?.gap ?? 0.015 { nearest = (offset, gap) }
    }
    guard let nearest else { return .zero }
    return nearest.offset.normalized() * min(0.1, 0.02 + 4 * (0.015 - nearest.gap))
  }
}

extension WorldRectangle {
  fileprivate func holds(_ point: Vec2, margin: Double) -> Bool {
    point.x > min.x + margin && point.x < max.x - margin && point.y > min.y + margin
      && point.y < max.y - margin
  }
}
