// Steps one scene and looks at every step.

import PlanarCore
import PlanarPhysics

struct FuzzRun {
  private(set) var scene: FuzzScene
  private(set) var counts = FuzzCounts()
  private(set) var extremes = FuzzExtremes()
  private(set) var failure: FuzzFailure?
  private let seed: UInt64
  private let index: Int
  private var quietSteps = 0
  private var greatestEnergy = 0.0
  private var gained = 0.0
  private var spare: World
  private var checks: RandomStream

  init(seed: UInt64, index: Int) {
    scene = FuzzScene(seed: seed, index: index)
    self.seed = seed
    self.index = index
    checks = RandomStream(seed: seed, purpose: "checks", index: index)
    spare = World()
  }

  mutating func run(steps: Int, stop: StopFlag) {
    while counts.steps < steps, failure == nil {
      if counts.steps % 256 == 0, stop.isRaised { return }
      step()
    }
  }

  private mutating func step() {
    scene.act()
    let energy = scene.isPassive ? EnergyBalance(scene.world, linkMass: scene.links.reduce(0) { $0 + $1.mass }) : nil
    if checks.integer(below: 400) == 0 { checkForks() } else { scene.world.step() }
    counts.steps += 1
    guard isSane else { return fail("a number is not finite, or beyond 1e6") }
    if let energy { check(energy) }
    if scene.isCut { checkRoom() }
    checkRest()
  }

  mutating func fail(_ property: String) {
    guard failure == nil else { return }
    failure = FuzzFailure(scene: index, seed: seed, step: counts.steps, property: property)
  }

  /// Whether every number of the state is finite, and of a size that has a meaning.
  private var isSane: Bool {
    let arm = scene.world.arm
    var largest = max(abs(arm.jaw.opening), abs(arm.jaw.velocity))
    var sum = 0.0
    func look(_ value: Double) {
      largest = max(largest, abs(value))
      sum += 0 * value
    }
    for i in 0..<arm.jointCount {
      look(arm.q[i])
      look(arm.velocity[i])
      look(arm.activation[i])
    }
    for state in scene.world.states {
      look(state.position.x)
      look(state.position.y)
      look(state.angle)
      look(state.velocity.x)
      look(state.velocity.y)
      look(state.spin)
    }
    return sum == 0 && largest < 1e6
  }

  private mutating func check(_ energy: EnergyBalance) {
    let (gain, free) = energy.excess(scene.world)
    guard free > 0 else { return }
    counts.energy += 1
    greatestEnergy = max(greatestEnergy, free)
    gained += max(0, gain)
    let share = gained / greatestEnergy
    if scene.restitution > 0 {
      extremes.energyGainBouncing = max(extremes.energyGainBouncing, share)
    } else {
      extremes.energyGain = max(extremes.energyGain, share)
    }
  }

  private mutating func checkRoom() {
    for (b, state) in scene.world.states.enumerated() where scene.world.models[b].mass.isFinite {
      for wall in scene.world.walls {
        let outside = -(state.position - wall.point).dot(wall.normal)
        extremes.centerOutside = max(extremes.centerOutside, outside)
        if outside > 0.001 { fail("the centre of body \(b) is \(outside) m behind a wall") }
      }
    }
  }

  private mutating func checkRest() {
    let world = scene.world
    let arm = world.arm
    var speed = abs(arm.jaw.velocity)
    for i in 0..<arm.jointCount { speed = max(speed, abs(arm.velocity[i])) }
    for (model, state) in zip(world.models, world.states) {
      speed = max(speed, state.velocity.length, abs(state.spin) * model.shape.circumradius)
      if speed > 1e-3 { break }
    }
    quietSteps = speed > 1e-3 ? 0 : quietSteps + 1
    guard scene.separates, quietSteps > 0, quietSteps % 200 == 0 else { return }
    counts.rest += 1
    let outlines = world.models.indices.map { Outline(world.models[$0].shape, at: world.pose(of: $0)) }
    var deepest = world.deepestOverlap
    for (a, outline) in outlines.enumerated() {
      for b in 0..<a where world.models[a].mass.isFinite || world.models[b].mass.isFinite {
        let depth = outline.depth(in: outlines[b])
        if depth > deepest { deepest = depth }
      }
      if world.models[a].mass.isFinite {
        for wall in world.walls { deepest = max(deepest, outline.depth(behind: wall)) }
      }
    }
    extremes.restPenetration = max(extremes.restPenetration, deepest)
    if deepest > 1e-3 { fail("at rest for \(quietSteps) steps with an overlap of \(deepest) m") }
  }

  private mutating func checkForks() {
    counts.forks += 1
    let start = scene.world
    start.fork(into: &spare)
    var twin = start
    let ahead = 1 + checks.integer(below: 20)
    scene.world.step()
    let once = scene.world.stateHash
    twin.step()
    spare.step()
    if twin.stateHash != once { fail("a copy went another way") }
    if spare.stateHash != once { fail("a fork went another way") }
    for _ in 1..<(ahead + 1) {
      twin.step()
      spare.step()
    }
    if twin.stateHash != spare.stateHash { fail("copy and fork went different ways") }
    start.fork(into: &spare)
    spare.step()
    if spare.stateHash != once { fail("a restored world went another way") }
  }
}
