// Whether what a file describes can be: everything on the table, within reach, and with room.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// Checks of an environment's file that look at several keys at once. Each complaint names the key to change.
struct SpecificationChecks {
  let specification: EnvironmentSpecification
  let top: SpecReader

  private var table: WorldRectangle { specification.table }
  private var robot: RobotSpecification { specification.robot }

  /// - Throws: `UserError` naming file, line and key.
  func run() throws {
    try checkTable()
    try checkTipStart()
    try checkZones()
    try checkObstacles()
    try checkSpawn()
  }

  // MARK: Table and robot

  private func checkTable() throws {
    let section = try top.section("table")
    for (key, side) in [("x", table.width), ("y", table.height)] {
      guard side > 2 * robot.tipRadius else {
        throw section.error(
          at: key,
          "is \(metres(side)) wide, too little for the robot's tip, which is \(metres(2 * robot.tipRadius)) wide")
      }
    }
  }

  private func checkTipStart() throws {
    let section = try top.section("robot")
    let r = robot.tipRadius
    for (key, range, least, greatest) in [
      ("start_x", robot.startX, table.min.x, table.max.x), ("start_y", robot.startY, table.min.y, table.max.y),
    ] where !(least + r...greatest - r).contains(range) {
      throw section.error(
        at: key,
        "is \(list(range)), but the whole tip is on the table only from \(metres(least + r)) to \(metres(greatest - r))"
      )
    }
    for corner in corners(robot.startX, robot.startY) {
      try requireReach(of: corner, what: "a tip start at \(place(corner))", in: section, at: "start_x")
    }
  }

  /// Refuses a place that the arm's tip cannot get to.
  private func requireReach(of point: Vec2, what: String, in section: SpecReader, at key: String) throws {
    guard case .arm(let arm) = robot.body else { return }
    let distance = (point - arm.base).length
    let nearest = max(0, 2 * arm.lengths.max()! - arm.lengths.reduce(0, +))
    // A stretched arm is at a singularity: it can hardly steer.
    let farthest = arm.lengths.reduce(0, +) * 0.99
    guard distance <= farthest else {
      throw section.error(
        at: key,
        "is out of reach: \(what) is \(metres(distance)) from the robot's base, but its arm reaches \(metres(farthest))"
      )
    }
    guard distance >= nearest else {
      throw section.error(
        at: key,
        "is out of reach: \(what) is \(metres(distance)) from the robot's base, but its arm cannot fold nearer than \(metres(nearest))"
      )
    }
  }

  // MARK: Zones and obstacles

  private func checkZones() throws {
    guard top.has("zones") else { return }
    let section = try top.section("zones")
    let centers = try section.section("centers")
    guard !specification.zones.isEmpty else { throw section.error(at: "centers", "has no zones; name at least one") }
    for zone in specification.zones {
      guard zone.radius >= robot.tipRadius else {
        throw section.error(
          at: "radius",
          "is \(metres(zone.radius)), smaller than the robot's tip (\(metres(robot.tipRadius))): nothing could be brought into it"
        )
      }
      guard table.min.x + zone.radius <= zone.center.x + 1e-9, zone.center.x - 1e-9 <= table.max.x - zone.radius,
        table.min.y + zone.radius <= zone.center.y + 1e-9, zone.center.y - 1e-9 <= table.max.y - zone.radius
      else {
        throw centers.error(
          at: zone.name,
          "puts the zone of radius \(metres(zone.radius)) over the table's edge; the table is x \(list(table.min.x...table.max.x)), y \(list(table.min.y...table.max.y))"
        )
      }
      try requireReach(of: zone.center, what: "the zone's centre", in: centers, at: zone.name)
      if let index = specification.obstacles.firstIndex(where: { $0.distance(to: zone.center) <= 0 }) {
        throw centers.error(at: zone.name, "lies under obstacles[\(index)]; move one of them")
      }
    }
  }

  private func checkObstacles() throws {
    guard top.has("obstacles") else { return }
    for (obstacle, section) in zip(specification.obstacles, try top.sections("obstacles")) {
      let r = obstacle.shape.circumradius
      let center = obstacle.position
      guard center.x + r > table.min.x, center.x - r < table.max.x, center.y + r > table.min.y,
        center.y - r < table.max.y
      else {
        throw section.error(at: "center", "puts the obstacle beside the table; remove it, or move it onto the table")
      }
      let starts = grid(robot.startX, robot.startY)
      guard starts.allSatisfy({ obstacle.distance(to: $0) > robot.tipRadius }) else {
        throw section.error(
          at: "center",
          "puts the obstacle where the tip can begin (start_x \(list(robot.startX)), start_y \(list(robot.startY))); move one of them"
        )
      }
    }
  }

  // MARK: Objects

  /// The largest that an object can be at any level.
  private var largest: Double {
    let size = specification.levels.map { $0["size"].upperBound }.max() ?? 1
    return (specification.objects.shapes.map(\.circumradius).max() ?? 0) * size
  }

  private func checkSpawn() throws {
    let objects = specification.objects
    guard top.has("objects") else { return }
    let section = try top.section("objects")
    let r = largest
    for (key, range, least, greatest) in [
      ("spawn_x", objects.spawnX, table.min.x, table.max.x), ("spawn_y", objects.spawnY, table.min.y, table.max.y),
    ] {
      guard least <= range.lowerBound, range.upperBound <= greatest else {
        throw section.error(
          at: key, "is \(list(range)), which is not all on the table, \(list(least...greatest))")
      }
      guard least + r <= range.lowerBound + 1e-9, range.upperBound - 1e-9 <= greatest - r else {
        throw section.error(
          at: key,
          "is \(list(range)), but objects of up to \(metres(r)) from centre to rim (the largest shape at the level with the largest 'size') are wholly on the table only from \(metres(least + r)) to \(metres(greatest - r))"
        )
      }
    }
    for corner in corners(objects.spawnX, objects.spawnY) {
      try requireReach(of: corner, what: "an object at \(place(corner))", in: section, at: "spawn_x")
    }
    guard hasRoom else {
      throw section.error(
        at: "spawn_x",
        "has no room: \(objects.count.upperBound) objects of up to \(metres(nominalRadius)) from centre to rim, \(metres(objects.clearance)) apart, found no place in x \(list(objects.spawnX)), y \(list(objects.spawnY)) in \(Self.layouts) tries; give them a larger area, less clearance, or make them fewer"
      )
    }
  }

  private var nominalRadius: Double { specification.objects.shapes.map(\.circumradius).max() ?? 0 }

  private static let layouts = 200

  /// Whether the most objects of the largest shape find places, with full clearance, in any of many layouts.
  private var hasRoom: Bool {
    let objects = specification.objects
    let r = nominalRadius
    var random = RandomStream(seed: 0, purpose: "room")
    func draw(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> Vec2 {
      Vec2(random.uniform(in: x), random.uniform(in: y))
    }
    for _ in 0..<Self.layouts {
      let tip = draw(robot.startX, robot.startY)
      var placed: [Vec2] = []
      for _ in 0..<100 * objects.count.upperBound where placed.count < objects.count.upperBound {
        let position = draw(objects.spawnX, objects.spawnY)
        if placed.allSatisfy({ ($0 - position).length > 2 * r + objects.clearance }),
          (position - tip).length > r + robot.tipRadius + objects.clearance,
          specification.obstacles.allSatisfy({ $0.distance(to: position) > r + objects.clearance })
        {
          placed.append(position)
        }
      }
      if placed.count == objects.count.upperBound { return true }
    }
    return false
  }

  // MARK: Words

  private func metres(_ length: Double) -> String { "\(rounded(length)) m" }
  private func list(_ range: ClosedRange<Double>) -> String {
    "[\(rounded(range.lowerBound)), \(rounded(range.upperBound))]"
  }
  private func place(_ point: Vec2) -> String { "(\(rounded(point.x)), \(rounded(point.y)))" }
  private func rounded(_ length: Double) -> String { ((length * 1e4).rounded() / 1e4).plain }

  private func corners(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> [Vec2] {
    [x.lowerBound, x.upperBound].flatMap { x in [y.lowerBound, y.upperBound].map { Vec2(x, $0) } }
  }

  private func grid(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> [Vec2] {
    let steps = 8
    return (0...steps).flatMap { i in
      (0...steps).map { j in
        Vec2(
          x.lowerBound + (x.upperBound - x.lowerBound) * Double(i) / Double(steps),
          y.lowerBound + (y.upperBound - y.lowerBound) * Double(j) / Double(steps))
      }
    }
  }
}

extension ClosedRange where Bound == Double {
  fileprivate func contains(_ other: ClosedRange<Double>) -> Bool {
    lowerBound <= other.lowerBound + 1e-9 && other.upperBound <= upperBound + 1e-9
  }
}

extension ArmSpecification {
  /// Of each link, m.
  var lengths: [Double] { links.map(\.length) }
}

extension EnvironmentSpecification {
  /// Refuses a level at which objects are so large that there is no place for them on the table.
  ///
  /// - Throws: `UserError` that names the size.
  func requireRoom(at level: RandomizationLevel) throws {
    let radius = (objects.shapes.map(\.circumradius).max() ?? 0) * level["size"].upperBound
    for (range, least, greatest) in [
      (objects.spawnX, table.min.x, table.max.x), (objects.spawnY, table.min.y, table.max.y),
    ] where radius > 0 && (range.lowerBound - radius < least - 1e-9 || range.upperBound + radius > greatest + 1e-9) {
      throw UserError(
        "size = \(level["size"].upperBound.plain) makes objects of up to \(radius.plain) m from centre to rim, for which 'objects.spawn_x' and 'objects.spawn_y' of '\(name)' leave no place on the table"
      )
    }
  }

  /// Refuses a colour, shape or zone that commands.yaml has no name for, where it names others.
  ///
  /// - Throws: `UserError` naming the file.
  func requireNames(in grammar: CommandGrammar) throws {
    for (slot, values) in [
      ("color", objects.colors.map(\.name)), ("shape", objects.shapes.map(\.shape.rawValue)),
      ("zone", zones.map(\.name)),
    ] {
      let named = grammar.values(of: slot)
      guard !named.isEmpty, let value = values.first(where: { !named.contains($0) }) else { continue }
      let hint =
        nearestName(to: value, among: named).map { "did you mean '\($0)'?" }
        ?? "add its names there, such as \(value): {en: [\(value)]}"
      throw UserError(
        "\(grammar.file): 'slots.\(slot)' has no names for '\(value)' of environment.yaml; \(hint)")
    }
  }
}
