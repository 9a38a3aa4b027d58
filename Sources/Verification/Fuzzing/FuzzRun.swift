// Steps one scene and looks at every step.

import PlanarCore
import PlanarPhysics

/// A scene under way: it ends at the first property that does not hold.
struct FuzzRun {
  private(set) var scene: FuzzScene
  private(set) var counts = FuzzCounts()
  private(set) var extremes = FuzzExtremes()
  private(set) var failure: FuzzFailure?

  private let seed: UInt64
  private let index: Int
  /// When forks are checked; apart from the scene's own stream, so that checks do not change what happens.
  private var checks: RandomStream
  /// Another world, whose memory forks reuse.
  private var spare = World()
  private let halfThicknesses: [Double]
  private var quietSteps = 0
  private var energyScale = 0.0
  private var gained = 0.0

  init(seed: UInt64, index: Int) {
    scene =
      index % FuzzScene.scenesPerCrowd == FuzzScene.scenesPerCrowd - 1
      ? FuzzScene(crowdOf: seed, index: index) : FuzzScene(seed: seed, index: index)
    self.seed = seed
    self.index = index
    checks = RandomStream(seed: seed, purpose: "checks", index: index)
    halfThicknesses = scene.world.models.map(\.shape.halfThickness)
    counts.scenes = 1
  }

  /// Steps until `steps` steps have been taken in all, something fails, or `stop` is raised.
  mutating func run(steps: Int, stop: StopFlag) {
    while counts.steps < steps, failure == nil {
      if counts.steps % 256 == 0, stop.isRaised { return }
      step()
    }
  }

  private mutating func step() {
    scene.act()
    let balance =
      scene.isPassive && !scene.isExtreme
      ? EnergyBalance(scene.world, linkMass: scene.links.reduce(0) { $0 + $1.mass }) : nil
    counts.steps += 1
    if checks.integer(below: 400) == 0 { checkForks() } else { scene.world.step() }
    checkNumbers()
    guard failure == nil else { return }
    if let balance { check(balance) }
    checkWalls()
    checkRest()
  }

  private mutating func fail(_ property: String) {
    guard failure == nil else { return }
    failure = FuzzFailure(scene: index, seed: seed, step: counts.steps, property: property)
  }

  private mutating func checkNumbers() {
    let arm = scene.world.arm
    var isSane = true
    func look(_ value: Double) { if !(abs(value) < FuzzBounds.largestNumber) { isSane = false } }
    for i in 0..<arm.jointCount {
      look(arm.q[i])
      look(arm.velocity[i])
      look(arm.activation[i])
    }
    look(arm.jaw.opening)
    look(arm.jaw.velocity)
    for state in scene.world.states {
      look(state.position.x)
      look(state.position.y)
      look(state.angle)
      look(state.velocity.x)
      look(state.velocity.y)
      look(state.spin)
    }
    if !isSane { fail("a number is not finite, or beyond \(FuzzBounds.largestNumber)") }
  }

  private mutating func check(_ balance: EnergyBalance) {
    let (gain, free) = balance.excess(scene.world)
    counts.energyChecks += 1
    energyScale = max(energyScale, free + balance.ofCorrection)
    guard gain > 0 else { return }
    gained += gain
    let share = gained / energyScale
    if scene.restitution == 0 {
      extremes.energyGain = max(extremes.energyGain, share)
      if share > FuzzBounds.gain { fail("energy grew by \(gained) J in all, \(share) of the scene's") }
    } else {
      let jump = gain / energyScale
      extremes.bouncingGain = max(extremes.bouncingGain, jump)
      if jump > FuzzBounds.bouncingGain(restitution: scene.restitution) {
        fail("energy grew by \(gain) J in a step with bounces, \(jump) of the scene's")
      }
    }
  }

  private mutating func checkWalls() {
    guard scene.isCut, !scene.isExtreme else { return }
    for (b, state) in scene.world.states.enumerated() where scene.world.models[b].mass.isFinite {
      for wall in scene.world.walls {
        let behind = -(state.position - wall.point).dot(wall.normal) - halfThicknesses[b]
        extremes.centerBehindWall = max(extremes.centerBehindWall, behind)
        if behind > FuzzBounds.centerBehindWall {
          fail("the centre of body \(b) is \(behind + halfThicknesses[b]) m behind a wall")
        }
      }
    }
  }

  private mutating func checkRest() {
    quietSteps = scene.isAtRest ? quietSteps + 1 : 0
    guard scene.separates, !scene.isExtreme, quietSteps > 0,
      quietSteps % FuzzBounds.restingSteps == 0
    else { return }
    counts.restChecks += 1
    let overlap = max(scene.world.deepestOverlap, scene.deepestOverlap)
    extremes.restingOverlap = max(extremes.restingOverlap, overlap)
    let most = scene.isCrowd ? FuzzBounds.restingOverlapOfCrowds : FuzzBounds.restingOverlap
    if overlap > most { fail("at rest with an overlap of \(overlap) m") }
  }

  /// A copy, a fork and a fork into used memory must all go where the world goes.
  private mutating func checkForks() {
    counts.forkChecks += 1
    let start = scene.world
    var copy = start
    start.fork(into: &spare)
    scene.world.step()
    let hash = scene.world.stateHash
    copy.step()
    if copy.stateHash != hash { fail("a copy of the world went another way") }
    spare.step()
    if spare.stateHash != hash { fail("a fork of the world went another way") }
    for _ in 0..<checks.integer(below: 20) {
      copy.step()
      spare.step()
    }
    if copy.stateHash != spare.stateHash { fail("a copy and a fork went different ways") }
    start.fork(into: &spare)
    if spare.stateHash != start.stateHash { fail("a world forked back is not what it was") }
    spare.step()
    if spare.stateHash != hash { fail("a world forked back went another way") }
  }
}

extension FuzzScene {
  /// Whether everything is slower than `FuzzBounds.restingSpeed`.
  fileprivate var isAtRest: Bool {
    let arm = world.arm
    let slow = isCrowd ? FuzzBounds.restingSpeedOfCrowds : FuzzBounds.restingSpeed
    var fastest = abs(arm.jaw.velocity)
    for i in 0..<arm.jointCount { fastest = max(fastest, abs(arm.velocity[i]) * arm.reach) }
    guard fastest < slow else { return false }
    return zip(world.states, world.models).allSatisfy { state, model in
      state.velocity.length < slow
        && abs(state.spin) * model.shape.circumradius < slow
    }
  }

  /// Between two bodies, or a body and a wall, m.
  fileprivate var deepestOverlap: Double {
    let outlines = world.models.indices.map { Outline(world.models[$0].shape, at: world.pose(of: $0)) }
    var deepest = 0.0
    for (a, outline) in outlines.enumerated() {
      let isFree = world.models[a].mass.isFinite
      for b in 0..<a where isFree || world.models[b].mass.isFinite {
        deepest = max(deepest, outline.depth(in: outlines[b]))
      }
      if isFree { for wall in world.walls { deepest = max(deepest, outline.depth(behind: wall)) } }
    }
    return deepest
  }
}
