// Scenes of many bodies: pyramids, heaps that are dropped, and crowds on a table that is shaken.

import PlanarCore
import PlanarPhysics

extension FuzzScene {
  /// One scene in so many is one of many bodies.
  static let scenesPerCrowd = 40

  /// A scene of 17 to 100 bodies, drawn from a seed and a number.
  init(crowdOf seed: UInt64, index: Int) {
    var draw = FuzzDraw(random: RandomStream(seed: seed, purpose: "fuzz crowd", index: index))
    let kind = draw.integer(3)
    let count = 17 + draw.integer(84)
    let size = draw.logarithmic(0.02...0.06)
    let friction = draw.uniform(0.3...1)
    var settings = PhysicsSettings()
    settings.timeStep = draw.uniform(0.002...0.006)
    let isShaken = kind == 2
    if !isShaken { settings.inPlaneGravity = Vec2(0, -9.81) }
    if draw.chance(0.3) { settings.sleepDelay = draw.uniform(0.2...1) }
    // Neighbours stand so far apart that no two shapes overlap at the start.
    let columns = Int(Double(count).squareRoot().rounded(.up))
    let spacing = 3 * size
    let half = Double(columns) * spacing / 2 + size
    var walls = [Wall(point: Vec2(0, -half), normal: Vec2(0, 1), friction: friction)]
    if kind != 0 {
      walls += [Vec2(1, 0), Vec2(-1, 0), Vec2(0, -1)].filter { isShaken || $0.y == 0 }.map {
        Wall(point: $0 * -half, normal: $0, friction: friction)
      }
    }
    room = nil
    isPassive = !isShaken
    isExtreme = false
    mayOverlap = false
    separates = true
    restitution = 0
    kinematic = []
    links = []
    pace = 1
    random = RandomStream(seed: seed, purpose: "fuzz crowd moves", index: index)
    world = World(walls: walls, settings: settings)
    isCrowd = true
    shake = isShaken ? draw.uniform(1...8) : 0
    let masses = draw.logarithmic(0.01...1)
    func model(_ shape: BodyShape, _ mass: Double) -> BodyModel {
      BodyModel(shape: shape, mass: mass, contactFriction: friction, supportFriction: isShaken ? 0.3 : 0)
    }
    if kind == 0 {
      let box = model(.box(halfWidth: size, halfHeight: size), masses)
      var rows = 0
      while rows * (rows + 1) / 2 < count { rows += 1 }
      for row in 0..<rows {
        for column in 0..<(rows - row) {
          let x = (Double(column) - Double(rows - row - 1) / 2) * 2.05 * size
          world.addBody(box, at: BodyState(position: Vec2(x, -half + size * Double(2 * row + 1)), angle: 0))
        }
      }
      return
    }
    for i in 0..<count {
      let place = Vec2(
        (Double(i % columns) + 0.5) * spacing - half + size, (Double(i / columns) + 0.5) * spacing - half + size)
      let shape = draw.shape(size: size * draw.uniform(0.4...1))
      world.addBody(
        model(shape, masses * draw.logarithmic(1...10)), at: BodyState(position: place, angle: draw.uniform(-3...3)))
    }
  }
}
