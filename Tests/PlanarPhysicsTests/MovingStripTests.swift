// A strip of the table that moves: it carries what lies on it, and nothing else.

import PlanarCore
import PlanarPhysics
import Testing

private func table(_ strip: MovingStrip?, bodies: [(BodyModel, BodyState)], walls: [Wall] = []) -> World {
  var world = World(walls: walls)
  world.strip = strip
  for (model, state) in bodies { world.addBody(model, at: state) }
  return world
}

private func model(_ shape: BodyShape = .disc(radius: 0.03), friction: Double = 0.35) -> BodyModel {
  BodyModel(shape: shape, mass: 0.2, contactFriction: 0.3, supportFriction: friction)
}

private let belt = MovingStrip(min: Vec2(-1, -0.1), max: Vec2(1, 0.1), velocity: Vec2(-0.1, 0))

@Suite struct MovingStripTests {
  @Test func whatLiesOnItIsCarriedAlongAndWhatLiesBesideStays() {
    var world = table(
      belt,
      bodies: [
        (model(), BodyState(position: Vec2(0.5, 0), angle: 0)),
        (model(.box(halfWidth: 0.03, halfHeight: 0.02)), BodyState(position: Vec2(0.3, 0.05), angle: 0.4)),
        (model(), BodyState(position: Vec2(0.5, 0.2), angle: 0)),
        (model(friction: 0), BodyState(position: Vec2(0, 0), angle: 0)),
      ])
    for _ in 0..<400 { world.step() }
    // v/(μ·g) seconds of sliding cost half of that times v.
    for body in 0..<2 {
      #expect((world.states[body].velocity - belt.velocity).length < 1e-9)
      #expect(abs(world.states[body].position.x - (body == 0 ? 0.3 : 0.1) - 0.1 * 0.1 / (2 * 0.35 * 9.81)) < 5e-4)
      #expect(world.states[body].spin == 0)
    }
    #expect(world.states[2].position == Vec2(0.5, 0.2) && world.states[3].position == .zero)
  }

  @Test func whatSlidesOffComesToRest() {
    var world = table(
      belt,
      bodies: [(model(), BodyState(position: Vec2(0.3, 0.08), angle: 0, velocity: Vec2(-0.1, 0.4)))])
    for _ in 0..<400 { world.step() }
    #expect(world.states[0].velocity == .zero)
    #expect(world.states[0].position.y > 0.1 && world.states[0].position.x > 0.25)
  }

  @Test func aWallHoldsWhatTheStripPressesAgainstIt() {
    var world = table(
      belt,
      bodies: [
        (model(), BodyState(position: Vec2(0.1, 0), angle: 0)),
        (model(.box(halfWidth: 0.03, halfHeight: 0.03)), BodyState(position: Vec2(0.3, 0.01), angle: 0)),
      ],
      walls: [Wall(point: .zero, normal: Vec2(1, 0), friction: 0.2)])
    for _ in 0..<1200 { world.step() }
    // One behind the other or side by side, but not in one another nor in the wall.
    #expect(abs(world.states[0].position.x - 0.03) < 1e-3)
    #expect(world.states[1].position.x > 0.0295)
    #expect((world.states[0].position - world.states[1].position).length > 0.0595)
    #expect(world.states.allSatisfy { $0.velocity.length < 0.01 })
  }

  @Test func aStillStripChangesNothing() {
    // Relative to a surface at rest, to the last bit.
    var plain = sweepScene()
    var strip = plain
    strip.strip = MovingStrip(min: Vec2(-1, -1), max: Vec2(1, 1), velocity: .zero)
    for _ in 0..<600 {
      commandSweep(&plain)
      commandSweep(&strip)
      plain.step()
      strip.step()
    }
    #expect(plain.states == strip.states)
  }

  @Test func forksGoOnAsTheWorldDoes() {
    var world = table(
      belt, bodies: [(model(), BodyState(position: Vec2(0.5, 0), angle: 0))])
    var fork = table(nil, bodies: [(model(), BodyState(position: .zero, angle: 0))])
    for _ in 0..<20 { world.step() }
    world.fork(into: &fork)
    for _ in 0..<50 {
      world.step()
      fork.step()
    }
    #expect(world.stateHash == fork.stateHash && world.states == fork.states)
  }

  @Test func nothingFallsAsleepOnIt() {
    var settings = PhysicsSettings()
    settings.sleepDelay = 0.1
    var world = World(walls: [Wall(point: .zero, normal: Vec2(1, 0), friction: 0.2)], settings: settings)
    world.strip = belt
    world.addBody(model(), at: BodyState(position: Vec2(0.031, 0), angle: 0))
    for _ in 0..<400 { world.step() }
    // Against the wall it stands still; once the strip turns around it is carried off.
    world.strip?.velocity = Vec2(0.1, 0)
    for _ in 0..<100 { world.step() }
    #expect(world.states[0].velocity.x > 0.09)
  }
}
