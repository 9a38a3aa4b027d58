// One random scene: the world as it starts, who moves in it, and what must hold for it.

import PlanarCore
import PlanarPhysics

/// A scene drawn from a seed and a number: everything in it follows from these two.
struct FuzzScene {
  var world: World
  /// Half of the room's width, m; nil without walls.
  var room: Double?
  /// Whether nothing in it can do work: no motors, nothing kinematic.
  var isPassive: Bool
  /// Whether fast motion cuts its steps, which the guarantee against tunnelling needs.
  var isCut: Bool { world.settings.maximumSubsteps > 1 }
  /// Whether masses are up to a million times apart: more than sequential impulses can settle.
  var isExtreme: Bool
  /// Whether bodies may start, or be put, into one another.
  var mayOverlap: Bool
  /// Whether everything can come apart: nothing was put into a shape that can hold it fast, and steps are cut.
  var separates: Bool
  /// The greatest restitution of bodies and walls.
  var restitution: Double
  /// Bodies that move as they are told.
  var kinematic: [Int]
  /// What the arm's links are, for their outlines.
  var links: [ArmLink]
  /// Speed of kinematic bodies and of thrown bodies, m/s.
  var pace: Double
  /// Whether it is a heap or a crowd of many bodies, which shivers a little longer than a few do.
  var isCrowd = false
  /// Acceleration of a table that is shaken, m/s².
  var shake = 0.0
  /// Drawn from while stepping.
  var random: RandomStream

  init(seed: UInt64, index: Int) {
    var random = RandomStream(seed: seed, purpose: "fuzz", index: index)
    var draw = FuzzDraw(random: RandomStream(seed: random.next(), purpose: "scene"))
    isPassive = draw.chance(0.45)
    restitution = 0
    mayOverlap = draw.chance(0.3)
    separates = true
    isExtreme = draw.chance(0.1)
    let masses = draw.massRange(isExtreme: isExtreme)
    pace = draw.logarithmic(0.01...40)
    room = draw.chance(0.8) ? draw.uniform(0.3...1.5) : nil

    let hasArm = draw.chance(0.6)
    let settings = draw.settings(isPassive: isPassive, hasArm: hasArm)
    let bouncy = draw.chance(0.4)
    var walls = room.map { draw.walls(halfWidth: $0) } ?? []
    if bouncy { for i in walls.indices { walls[i].restitution = draw.uniform(0...1) } }
    let (arm, links) =
      hasArm
      ? draw.arm(
        room: room, masses: masses, isPassive: isPassive, isSmooth: isPassive && bouncy, pace: pace)
      : (Arm.none, [])
    self.links = links
    world = World(arm: arm, walls: walls, settings: settings)
    kinematic = []
    self.random = random
    addBodies(&draw, masses: masses, bouncy: bouncy)
    separates = isCut && !(mayOverlap && world.models.contains { $0.shape.isCompound })
    restitution = max(
      world.models.reduce(0) { max($0, $1.restitution) },
      walls.reduce(0) { max($0, $1.restitution) })
  }

  /// Up to twelve bodies, at random positions, so many that they fit in the room.
  private mutating func addBodies(
    _ draw: inout FuzzDraw, masses: ClosedRange<Double>, bouncy: Bool
  ) {
    let floats = draw.chance(0.3)
    let field = room ?? 0.6
    let largest = min(0.15, field / 3)
    let count = draw.integer(13)
    var area = 0.0
    var placed: [(center: Vec2, radius: Double)] = []
    for _ in 0..<count {
      let size = draw.logarithmic(0.006...largest)
      let shape = draw.shape(size: size)
      let radius = shape.circumradius
      area += 4 * radius * radius
      guard area < 0.4 * 4 * field * field else { break }
      var center: Vec2?
      for _ in 0..<40 where center == nil {
        let reach = field - radius * 1.02
        let candidate = Vec2(draw.uniform(-reach...reach), draw.uniform(-reach...reach))
        let isClear = placed.allSatisfy { ($0.center - candidate).length > $0.radius + radius }
        if mayOverlap || isClear { center = candidate }
      }
      guard let center else { continue }
      placed.append((center, radius))
      let isKinematic = !isPassive && draw.chance(0.1)
      var model: BodyModel
      if isKinematic {
        model = .kinematic(shape: shape, contactFriction: draw.uniform(0...2))
        kinematic.append(world.models.count)
      } else {
        model = BodyModel(
          shape: shape, mass: draw.logarithmic(masses), contactFriction: draw.friction(),
          supportFriction: floats ? 0 : draw.friction(),
          restitution: bouncy ? draw.uniform(0...1) : 0)
      }
      if isKinematic { model.restitution = 0 }
      var state = BodyState(position: draw.turn * center, angle: draw.uniform(-4...4))
      if !draw.chance(0.2) {
        state.velocity = draw.direction() * (pace * draw.uniform(0...1))
        state.spin = pace / radius * draw.uniform(-1...1) * (draw.chance(0.5) ? 1 : 0.1)
      }
      world.addBody(model, at: state)
    }
  }

  /// New commands, kinematic velocities and, now and then, a body put elsewhere: what a step begins with.
  mutating func act() {
    if shake > 0, random.integer(below: 100) == 0 {
      let rests = random.integer(below: 3) == 0
      world.tableAcceleration = rests ? .zero : Rotation(angle: random.uniform(in: 0...6.3)).direction * shake
    }
    guard !isPassive else { return }
    if world.arm.jointCount > 0, random.integer(below: 40) == 0 {
      for i in 0..<world.arm.jointCount {
        world.arm.target[i] = random.uniform(in: -4...4) * (random.integer(below: 10) == 0 ? 10 : 1)
      }
      world.arm.jaw.target = random.uniform(in: -0.02...0.15)
    }
    for body in kinematic {
      if random.integer(below: 60) == 0 {
        let speed = min(pace, 3) * random.uniform()
        let heading = Rotation(angle: random.uniform(in: 0...6.3)).direction
        world.states[body].velocity = heading * speed
        world.states[body].spin = speed * random.uniform(in: -10...10)
      }
      turnBack(body)
    }
    if mayOverlap, random.integer(below: 200) == 0, !world.models.isEmpty {
      let body = random.integer(below: world.models.count)
      let reach = max(0, (room ?? 0.6) / 2.0.squareRoot() - world.models[body].shape.circumradius)
      world.states[body].position = Vec2(
        random.uniform(in: -reach...reach), random.uniform(in: -reach...reach))
      // What is at rest sleeps, overlapping or not.
      if world.models[body].mass.isFinite {
        world.states[body].velocity = Vec2(random.uniform(in: -0.1...0.1), 0.1)
      }
    }
  }

  /// Kinematic bodies turn back before they could press another body through a wall.
  private mutating func turnBack(_ body: Int) {
    guard room != nil else { return }
    let largest = world.models.reduce(0) { max($0, $1.shape.circumradius) }
    let clearance = world.models[body].shape.circumradius + 2.2 * largest
    for wall in world.walls {
      let height = (world.states[body].position - wall.point).dot(wall.normal)
      let speed = world.states[body].velocity.dot(wall.normal)
      if height < clearance, speed < 0 { world.states[body].velocity -= wall.normal * speed }
    }
  }
}

extension BodyShape {
  /// Whether it has several parts.
  fileprivate var isCompound: Bool {
    if case .compound = self { true } else { false }
  }
}
