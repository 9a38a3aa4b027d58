// The scripted expert: behind the puck, a strike whose strength is tried out on a fork of the world, and back.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// Strikes the puck such that friction brings it to rest in the middle of the zone.
///
/// It knows the friction, but uses it from the second puck on: the first one it strikes as one does who knows the level
/// alone, for a friction drawn from the level's range. So its first strikes tell nothing about the friction that is to
/// come, and its demonstrations show what to do after a strike that was too strong or too weak. It keeps nothing but that
/// draw, so it labels any state.
///
/// A strike is two control steps towards the zone and one back; the puck leaves the tip when that slows down. How far
/// the steps go, and in which direction, is found by forks that are driven until the puck is free: from there its way is
/// v²/(2·μ·g).
public struct SlideExpert: Expert {
  /// Which friction of the level's range the first puck is struck for, 0 to 1.
  private var guess = 0.5

  // m/s
  private let travelSpeed = 0.6
  /// Between the rims of tip and puck before a strike, m.
  private let gap = 0.03

  /// An expert that guesses the middle of the level's range.
  public init() {}

  /// Draws the friction that it strikes the first puck for.
  public mutating func beginEpisode(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "expert")
    guess = random.uniform()
  }

  /// To the puck's back, the strike, or back home.
  public func action(in world: ArmEnvironment) -> Action {
    guard let zone = world.goalZone, let round = world.memory(as: SlideTask.Round.self),
      let task = world.specification.task as? SlideTask
    else { return world.action(moving: .zero) }
    let object = world.scene.objects[0]
    let contact = object.circumradius + world.specification.robot.tipRadius
    let place = object.start.position
    let puck = world.physics.states[0]
    let isPlaced = round.stepsInTray == nil && round.played < task.pucks
    let hasLeft = (puck.position - place).length > SlideTask.struck
    let origin = isPlaced && !hasLeft ? puck.position : place
    let direction = (zone.center - origin).normalized()
    let ready = origin - direction * (contact + gap)
    guard isPlaced else { return lead(world, to: ready) }

    let offset = world.tip - puck.position
    let behind = -offset.dot(direction)
    let sideways = direction.cross(offset)
    let strike = Strike(
      direction: direction, ready: ready, zone: zone.center, braking: braking(in: world, round), line: task.line)
    let isReady =
      (world.tip - ready).length < 0.003 && (world.commandedTip - ready).length < 0.002
      && world.tipVelocity.length < 0.03
    if !hasLeft, isReady { return strike.action(in: world, steps: 2) }
    let isStriking = world.tipVelocity.dot(direction) > 0.15 && abs(sideways) < 0.035 && behind > 0
    let isInTouch = puck.velocity.dot(direction) < world.tipVelocity.dot(direction) + 0.05
    if isStriking, isInTouch, behind < contact + gap + 0.005 {
      return strike.action(in: world, steps: 1)
    }
    if hasLeft { return lead(world, to: ready) }
    let around = WaysAround().direction(
      from: world.commandedTip, to: ready, around: [RoundObstacle(center: puck.position, radius: contact + 0.012)])
    let distance = (ready - world.commandedTip).length
    return world.action(moving: around * min(travelSpeed, distance / world.controlPeriod))
  }

  private func lead(_ world: ArmEnvironment, to point: Vec2) -> Action {
    let way = point - world.commandedTip
    return world.action(moving: way.normalized() * min(travelSpeed, way.length / world.controlPeriod))
  }

  /// What slows the puck down, as far as the expert lets itself know it, m/s².
  private func braking(in world: ArmEnvironment, _ round: SlideTask.Round) -> Double {
    var friction = world.scene.objects[0].body.supportFriction
    if round.played == 0 {
      let range = world.level["support_friction"]
      let factor = range.lowerBound + guess * (range.upperBound - range.lowerBound)
      if range.lowerBound < range.upperBound { friction = world.specification.objects.supportFriction * factor }
    }
    return friction * world.physics.settings.tableGravity
  }
}

/// A strike from where the tip is now.
private struct Strike {
  let direction: Vec2
  /// Where the tip goes back to, m.
  let ready: Vec2
  /// Where the puck is to come to rest, m.
  let zone: Vec2
  /// m/s²
  let braking: Double
  /// What the tip must not cross, y, m.
  let line: Double

  /// How a strike is aimed: how far each of its steps leads the tip, m, and how far from the zone's direction, rad.
  private struct Aim {
    var way: Double
    var turn = 0.0
  }

  /// The next action of a strike of so many control steps; the way back where that is better than to go on.
  func action(in world: ArmEnvironment, steps: Int) -> Action {
    var aim = Aim(way: world.specification.actionStep)
    var error = strengthen(&aim, steps, world)
    var (best, least) = (aim, error.length)
    // Quick arms leave the straight line: the aim makes up for that.
    let probe = 0.04
    for _ in 0..<3 where least > 0.008 {
      let slope = (miss(Aim(way: aim.way, turn: aim.turn + probe), steps, world).y - error.y) / probe
      guard abs(slope) > 0.02 else { break }
      aim.turn -= min(max(error.y / slope, -0.15), 0.15)
      error = strengthen(&aim, steps, world)
      if error.length < least { (best, least) = (aim, error.length) }
    }
    let back = miss(Aim(way: 0), 0, world).length
    return back <= least ? wayBack(in: world) : world.action(moving: way(of: best) / world.controlPeriod)
  }

  /// Finds the way of a step with which the puck comes to rest level with the zone's middle, or the nearest that there
  /// is; answers by how much it misses the middle, as `miss` does.
  private func strengthen(_ aim: inout Aim, _ steps: Int, _ world: ArmEnvironment) -> Vec2 {
    var least = Aim(way: 0, turn: aim.turn)
    var most = Aim(way: world.specification.actionStep, turn: aim.turn)
    var (short, far) = (miss(least, steps, world), miss(most, steps, world))
    var (best, error) = short.length < far.length ? (least, short) : (most, far)
    // The longer the way, the farther the puck.
    if short.x < 0, far.x > 0 {
      for _ in 0..<7 where error.length > 0.003 {
        // False position, drawn towards the middle, since ways grow as squares of speeds.
        let share = min(max(short.x / (short.x - far.x), 0.15), 0.85)
        aim.way = least.way + (most.way - least.way) * share
        let found = miss(aim, steps, world)
        if found.length < error.length { (best, error) = (aim, found) }
        if abs(found.x) < 0.003 { break }
        if found.x < 0 { (least, short) = (aim, found) } else { (most, far) = (aim, found) }
      }
    }
    aim = best
    return error
  }

  /// How far beyond the zone's middle the puck comes to rest (x), and how far to the left of it (y), m; far beyond it
  /// where the tip crosses the line.
  private func miss(_ aim: Aim, _ steps: Int, _ world: ArmEnvironment) -> Vec2 {
    var trial = world
    let velocity = way(of: aim) / trial.controlPeriod
    var farthest = -Double.infinity
    for _ in 0..<steps {
      _ = trial.advance(trial.action(moving: velocity))
      farthest = max(farthest, trial.tip.y)
    }
    _ = trial.advance(wayBack(in: trial))
    guard max(farthest, trial.tip.y) < line - 0.005 else { return Vec2(1, 0) }
    let puck = trial.physics.states[0]
    let stop = puck.position + puck.velocity * (puck.velocity.length / (2 * braking))
    let error = stop - zone
    return Vec2(error.dot(direction), direction.cross(error))
  }

  private func wayBack(in world: ArmEnvironment) -> Action {
    world.action(moving: (ready - world.commandedTip) * (0.5 / world.controlPeriod))
  }

  private func way(of aim: Aim) -> Vec2 { Rotation(angle: aim.turn).apply(direction) * aim.way }
}
