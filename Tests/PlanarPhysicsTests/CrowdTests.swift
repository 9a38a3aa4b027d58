// Worlds of many bodies: pairs from the grid, islands, four manifolds at a time, sleep.

import PlanarCore
import PlanarPhysics
import Testing

private let floor = Wall(point: .zero, normal: Vec2(0, 1), friction: 0.6)

private func sideView(sleepDelay: Double? = nil) -> PhysicsSettings {
  var settings = PhysicsSettings()
  settings.inPlaneGravity = Vec2(0, -9.81)
  settings.sleepDelay = sleepDelay
  return settings
}

private func box(_ half: Double) -> BodyModel {
  BodyModel(
    shape: .box(halfWidth: half, halfHeight: half), mass: 1, contactFriction: 0.6, supportFriction: 0)
}

/// A pyramid of boxes of 100 mm, eight in its lowest row: 36 boxes.
private func pyramid(sleepDelay: Double? = nil) -> World {
  var world = World(walls: [floor], settings: sideView(sleepDelay: sleepDelay))
  for row in 0..<8 {
    for column in 0..<(8 - row) {
      world.addBody(
        box(0.05),
        at: BodyState(
          position: Vec2((Double(column) - Double(7 - row) / 2) * 0.105, 0.05 + 0.1 * Double(row)), angle: 0))
    }
  }
  return world
}

/// Seventy tilted boxes that fall between two walls.
@Sendable func pileScene() -> World {
  var world = World(
    walls: [
      floor, Wall(point: Vec2(-0.5, 0), normal: Vec2(1, 0), friction: 0.6),
      Wall(point: Vec2(0.5, 0), normal: Vec2(-1, 0), friction: 0.6),
    ], settings: sideView())
  for i in 0..<70 {
    world.addBody(
      box(0.05),
      at: BodyState(
        position: Vec2(-0.36 + 0.16 * Double(i % 5) + 0.004 * Double(i % 7), 0.1 + 0.16 * Double(i / 5)),
        angle: 0.4 * Double(i % 3) - 0.3))
  }
  return world
}

/// The deepest overlap of upright or turned boxes of half width `half`, by their corners, m.
private func deepestOverlap(_ world: World, half: Double) -> Double {
  var deepest = 0.0
  for a in world.states.indices {
    for b in world.states.indices where b != a {
      let (p, q) = (world.pose(of: a), world.pose(of: b))
      guard (p.position - q.position).length < 3 * half else { continue }
      for corner in [Vec2(half, half), Vec2(-half, half), Vec2(-half, -half), Vec2(half, -half)] {
        let inside = q.toLocal(p.toWorld(corner))
        deepest = max(deepest, half - max(abs(inside.x), abs(inside.y)))
      }
    }
    for corner in [Vec2(half, half), Vec2(-half, half), Vec2(-half, -half), Vec2(half, -half)] {
      deepest = max(deepest, -world.pose(of: a).toWorld(corner).y)
    }
  }
  return deepest
}

@Test func aPileComesToRestWithoutSinking() {
  var world = pileScene()
  for _ in 0..<1600 { world.step() }
  #expect(world.states.allSatisfy { $0.velocity.length < 0.05 })
  #expect(deepestOverlap(world, half: 0.05) < 0.0005)
  // Fourteen rows of five fell into eight or nine rows of nearly ten.
  #expect(world.states.map(\.position.y).max()! > 0.6)
}

@Test func aPyramidStands() {
  var world = pyramid()
  let start = world.states
  for _ in 0..<1000 { world.step() }
  for (state, before) in zip(world.states, start) { #expect((state.position - before.position).length < 0.005) }
  #expect(deepestOverlap(world, half: 0.05) < 0.0005)
}

@Test func aPyramidFallsAsleepAndKeepsItsPlace() {
  var world = pyramid(sleepDelay: 0.2)
  for _ in 0..<400 { world.step() }
  let asleep = world.states
  #expect(asleep.allSatisfy { $0.velocity == .zero && $0.spin == 0 })
  for _ in 0..<200 { world.step() }
  #expect(world.states == asleep)
  #expect(world.contactCount == 0)
  // Without a delay, gravity keeps it awake.
  var awake = pyramid()
  for _ in 0..<400 { awake.step() }
  #expect(awake.contactCount > 0)
}

@Test func sleepEndsWhereSomethingHappens() {
  var sleeping = pyramid(sleepDelay: 0.2)
  for _ in 0..<400 { sleeping.step() }
  let asleep = sleeping.states

  // A speed that is set.
  var struck = sleeping
  struck.states[0].velocity = Vec2(-0.5, 0)
  for _ in 0..<20 { struck.step() }
  #expect(struck.states[0] != asleep[0])
  #expect(struck.contactCount > 0)

  // A box that is taken away: what stood on it is not told, and sleeps on until something comes to it.
  var moved = sleeping
  moved.states[35].position += Vec2(0, 0.02)
  for _ in 0..<40 { moved.step() }
  #expect(abs(moved.states[35].position.y - asleep[35].position.y) < 0.002)

  // A table that is accelerated.
  var shaken = sleeping
  shaken.tableAcceleration = Vec2(8, 0)
  for _ in 0..<40 { shaken.step() }
  #expect(shaken.states[35] != asleep[35])
}

@Test func aBodyThatComesToASleepingHeapWakesIt() {
  var world = pyramid(sleepDelay: 0.2)
  let ball = world.addBody(
    BodyModel(shape: .disc(radius: 0.03), mass: 5, contactFriction: 0.6, supportFriction: 0),
    at: BodyState(position: Vec2(-1.5, 0.03), angle: 0))
  for _ in 0..<400 { world.step() }
  let asleep = world.states
  #expect(world.contactCount == 0)
  world.states[ball].velocity = Vec2(3, 0)
  world.states[ball].spin = -100
  for _ in 0..<200 { world.step() }
  #expect((world.states[0].position - asleep[0].position).length > 0.002)
}

@Test func sleepIsPartOfTheState() {
  var world = pyramid(sleepDelay: 0.2)
  for _ in 0..<30 { world.step() }
  var copy = world
  var kept = pyramid(sleepDelay: 0.2)
  world.fork(into: &kept)
  for _ in 0..<400 { world.step() }
  for _ in 0..<400 { copy.step() }
  for _ in 0..<400 { kept.step() }
  #expect(world.stateHash == copy.stateHash && world.stateHash == kept.stateHash)
  // Awake again, what it keeps of its impulses goes on in a fork too.
  world.fork(into: &kept)
  for i in world.states.indices { world.states[i].velocity.x = 0.1 }
  for i in kept.states.indices { kept.states[i].velocity.x = 0.1 }
  for _ in 0..<50 { world.step() }
  for _ in 0..<50 { kept.step() }
  #expect(world.stateHash == kept.stateHash)
}

@Test func oneThatMovesDoesNotWakeAGridOfNeighbours() {
  var world = World()
  let model = BodyModel(
    shape: .box(halfWidth: 0.03, halfHeight: 0.03), mass: 0.2, contactFriction: 0.5, supportFriction: 0.3)
  for i in 0..<49 {
    world.addBody(model, at: BodyState(position: Vec2(0.075 * Double(i % 7), 0.075 * Double(i / 7)), angle: 0))
  }
  for _ in 0..<3 { world.step() }
  let start = world.states
  world.states[0].velocity = Vec2(-0.5, -0.5)
  for _ in 0..<100 { world.step() }
  #expect(world.states[0].position.x < -0.02)
  #expect(Array(world.states.dropFirst()) == Array(start.dropFirst()))
  // The other way it meets its neighbour, which moves.
  world.states[0] = start[0]
  world.states[0].velocity = Vec2(1, 0)
  for _ in 0..<100 { world.step() }
  #expect(world.states[1].position.x > start[1].position.x + 0.002)
}

@Test func smallBodiesDoNotGetThroughALargeOneAmongThem() {
  // A bar forty times as large as the discs among which the grid's cells are measured.
  var world = World()
  let disc = BodyModel(shape: .disc(radius: 0.01), mass: 0.1, contactFriction: 0.3, supportFriction: 0.3)
  for i in 0..<60 {
    world.addBody(
      disc, at: BodyState(position: Vec2(-0.3 + 0.01 + 0.021 * Double(i % 30), 0.1 + 0.03 * Double(i / 30)), angle: 0))
  }
  let bar = world.addBody(
    .kinematic(shape: .box(halfWidth: 0.4, halfHeight: 0.01), contactFriction: 0.3),
    at: BodyState(position: Vec2(0, 0), angle: 0))
  world.states[bar].velocity = Vec2(0, 0.3)
  for _ in 0..<200 { world.step() }
  #expect(abs(world.states[bar].position.y - 0.3) < 1e-9)
  for state in world.states.dropLast() { #expect(state.position.y > 0.3 + 0.01 + 0.01 - 0.002) }
}

@Test func anArmGoesThroughACrowd() {
  let servo = JointActuator.position(stiffness: 60, derivative: 6, torqueLimit: 15)
  var arm = makeArm(
    links: [
      .rod(length: 0.3, mass: 1, radius: 0.02), .rod(length: 0.3, mass: 0.8, radius: 0.02),
    ], base: Vec2(0, -0.45), armature: 0.05, limits: -3...3, actuator: servo, tipRadius: 0.02)
  arm.q = SIMD4(2.8, -0.5, 0, 0)
  arm.target = arm.q
  var world = World(
    arm: arm,
    walls: [Vec2(1, 0), Vec2(-1, 0), Vec2(0, 1), Vec2(0, -1)].map { Wall(point: $0 * -0.5, normal: $0, friction: 0.3) })
  let model = BodyModel(
    shape: .box(halfWidth: 0.025, halfHeight: 0.025), mass: 0.1, contactFriction: 0.4, supportFriction: 0.3)
  for i in 0..<48 {
    world.addBody(
      model, at: BodyState(position: Vec2(-0.28 + 0.08 * Double(i % 8), -0.05 + 0.08 * Double(i / 8)), angle: 0))
  }
  let start = world.states
  var random = RandomStream(seed: 5, purpose: "crowd")
  var fork = world
  for step in 0..<1500 {
    if step % 40 == 0 {
      let target = SIMD4(random.uniform(in: 0.3...2.8), random.uniform(in: -1.5...1.5), 0, 0)
      world.arm.target = target
      fork.arm.target = target
    }
    world.step()
    // A fork is taken in the middle, of a step that is as good as any other.
    if step < 700 { world.fork(into: &fork) } else { fork.step() }
  }
  #expect(world.stateHash == fork.stateHash)
  let moved = zip(world.states, start).filter { ($0.position - $1.position).length > 0.03 }.count
  #expect(moved > 20)
  for state in world.states {
    #expect(abs(state.position.x) < 0.48 && abs(state.position.y) < 0.48)
    #expect(state.velocity.length < 5)
  }
  // Left alone, everything comes to rest apart.
  world.arm.target = world.arm.q
  for _ in 0..<600 { world.step() }
  #expect(world.deepestOverlap < 0.0005)
}
