// One episode's scene: everything that reset draws from the seed, before physics begins.

import Foundation
import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// An object as it was drawn for an episode.
public struct SceneObject: Equatable, Sendable {
  public var colorName: String
  public var shape: ObjectShape
  public var color: Color
  /// Distance of the farthest point from the centre, m.
  public var circumradius: Double
  public var body: BodyModel
  public var start: BodyState
}

/// The draws of one episode.
public struct Scene: Sendable {
  public var objects: [SceneObject]
  public var zones: [Zone]
  public var obstacles: [Obstacle]
  /// The way to follow, where the task has one: its centre line, m.
  public var corridor: Corridor?
  /// Where the tip begins, m.
  public var tipStart: Vec2
  public var robot: RobotDraws
  public var table: TableDraws
  public var appearance: Appearance
  public var instruction: Instruction
  /// Another instruction that makes sense in the same scene.
  public var swappedInstruction: Instruction
  public var command: String
  public var swappedCommand: String
  /// Everything drawn, by name, for the record.
  public var draws: [String: Double]

  /// What words can name.
  var visibleObjects: [VisibleObject] {
    objects.map {
      VisibleObject(
        colorName: $0.colorName, shapeName: $0.shape.rawValue, position: $0.start.position)
    }
  }

  /// Draws a scene. The same seed gives the same layout of colours, shapes and goals at every level.
  ///
  /// A layout in which no instruction belongs to the wanted split is drawn again.
  ///
  /// - Throws: `UserError` where objects find no room, or no layout has a command.
  init(
    _ specification: EnvironmentSpecification, _ level: RandomizationLevel,
    _ commands: CommandDrawing, seed: UInt64
  ) throws {
    for attempt in 0..<2000 {
      if let scene = try Scene(specification, level, commands, seed: seed, attempt: attempt) {
        self = scene
        return
      }
    }
    throw UserError(
      "environment '\(specification.name)' has nothing to ask for with seed \(seed): in none of 2000 layouts is there a command of the split '\(commands.split.rawValue)' that does not hold already"
    )
  }

  private init?(
    _ specification: EnvironmentSpecification, _ level: RandomizationLevel,
    _ commands: CommandDrawing, seed: UInt64, attempt: Int
  ) throws {
    var layout = RandomStream(seed: seed, purpose: "layout", index: attempt)
    var physics = RandomStream(seed: seed, purpose: "physics")
    var look = RandomStream(seed: seed, purpose: "appearance")
    var words = RandomStream(seed: seed, purpose: "wording")
    var draws: [String: Double] = [:]

    let settings = specification.objects
    let kinds = Scene.kinds(settings, using: &layout)
    robot = RobotDraws(level, seed: seed, physics: &physics)
    objects = kinds.enumerated().map { index, kind in
      Scene.object(
        kind, at: index, settings, level, seed: seed, physics: &physics, look: &look, draws: &draws)
    }
    for (index, object) in objects.enumerated() {
      draws["object\(index).red"] = Double(object.color.red)
      draws["object\(index).green"] = Double(object.color.green)
      draws["object\(index).blue"] = Double(object.color.blue)
    }
    appearance = Appearance(
      level, table: specification.table, palette: settings.colors.map(\.color), seed: seed, look: &look)
    table = TableDraws(level, seed: seed)
    zones = specification.zones
    obstacles = specification.obstacles
    tipStart = Vec2(
      layout.uniform(in: specification.robot.startX), layout.uniform(in: specification.robot.startY))
    self.draws = draws
    instruction = Instruction(requests: [])
    swappedInstruction = instruction
    command = ""
    swappedCommand = ""
    try place(specification, using: &layout)

    let possible = specification.task.instructions(in: self, of: specification)
    let instructions = possible.filter { commands.admits($0) }
    guard !instructions.isEmpty else { return nil }
    instruction = instructions[layout.integer(below: instructions.count)]
    let others = Scene.others(than: instruction, among: possible)
    swappedInstruction =
      others.isEmpty ? instruction : others[layout.integer(below: others.count)]
    command = commands.sample(instruction, in: self, using: &words)
    swappedCommand = commands.sample(swappedInstruction, in: self, using: &words)
    specification.task.furnish(&self, of: specification, seed: seed)
    self.draws.merge(robot.record) { own, _ in own }
    self.draws.merge(table.record) { own, _ in own }
    self.draws.merge(appearance.record) { own, _ in own }
  }

  /// The colour (remainder) and shape (quotient by the number of colours) of each object.
  private static func kinds(
    _ settings: ObjectSpecification, using layout: inout RandomStream
  ) -> [Int] {
    let all = settings.colors.count * settings.shapes.count
    guard all > 0 else { return [] }
    let count =
      settings.count.count == 1
      ? settings.count.lowerBound : settings.count.lowerBound + layout.integer(below: settings.count.count)
    guard settings.allowsTwins else { return Array(layout.permutation(all).prefix(count)) }
    return (0..<count).map { _ in layout.integer(below: all) }
  }

  private static func object(
    _ kind: Int, at index: Int, _ settings: ObjectSpecification, _ level: RandomizationLevel,
    seed: UInt64, physics: inout RandomStream, look: inout RandomStream, draws: inout [String: Double]
  ) -> SceneObject {
    let color = settings.colors[kind % settings.colors.count]
    let (shape, nominal) = settings.shapes[kind / settings.colors.count]
    func draw(_ item: RandomizationItem, _ random: inout RandomStream) -> Double {
      let value = level.draw(item, object: index, using: &random)
      draws["object\(index).\(item.rawValue)"] = value
      return value
    }
    let size = draw(.size, &physics)
    let mass = draw(.mass, &physics)
    let contact = draw(.contactFriction, &physics)
    let support = draw(.supportFriction, &physics)
    var bounce = RandomStream(seed: seed, purpose: "restitution", index: index)
    let restitution = level.draw(.restitution, object: index, using: &bounce)
    if restitution != 0 { draws["object\(index).restitution"] = restitution }
    let circumradius = nominal * size
    return SceneObject(
      colorName: color.name, shape: shape,
      color: color.color.varied(
        by: level.most(.color), among: settings.colors.map(\.color), using: &look),
      circumradius: circumradius,
      body: BodyModel(
        shape: shape.outline(circumradius: circumradius), mass: settings.mass * mass,
        contactFriction: settings.contactFriction * contact,
        supportFriction: settings.supportFriction * support, restitution: restitution),
      start: BodyState(position: .zero, angle: 0))
  }

  /// Places the objects clear of each other, of obstacles and of the tip. A layout in which nothing fits after many
  /// tries is started afresh with a little less clearance, so that every seed has a scene.
  private mutating func place(
    _ specification: EnvironmentSpecification, using random: inout RandomStream
  ) throws {
    let settings = specification.objects
    var clearance = settings.clearance
    for _ in 0..<200 {
      var placed: [SceneObject] = []
      for var object in objects {
        for _ in 0..<100 {
          let position = Vec2(
            random.uniform(in: settings.spawnX), random.uniform(in: settings.spawnY))
          let clear =
            placed.allSatisfy {
              ($0.start.position - position).length
                > $0.circumradius + object.circumradius + clearance
            }
            && (position - tipStart).length
              > object.circumradius + specification.robot.tipRadius + clearance
            && obstacles.allSatisfy {
              $0.distance(to: position) > object.circumradius + clearance
            }
          guard clear else { continue }
          object.start = BodyState(
            position: position, angle: random.uniform(in: -Double.pi...Double.pi))
          placed.append(object)
          break
        }
      }
      if placed.count == objects.count {
        objects = placed
        return
      }
      clearance *= 0.8
    }
    let sizes = objects.map { String(format: "%.3f", $0.circumradius) }.joined(separator: ", ")
    throw UserError(
      "environment '\(specification.name)' has no room for objects of \(sizes) m from centre to rim in 'objects.spawn_x' and 'objects.spawn_y'; make the area larger or the objects smaller"
    )
  }

  /// The instructions that differ from one as far as they can: in what is moved and in where it goes. The order of
  /// requests is no difference.
  private static func others(
    than first: Instruction, among instructions: [Instruction]
  ) -> [Instruction] {
    let requests = Set(first.requests)
    let different = instructions.filter { Set($0.requests) != requests }
    let thorough = different.filter { other in
      zip(first.requests, other.requests).allSatisfy {
        $0.subject != $1.subject && $0.target != $1.target
      }
    }
    return thorough.isEmpty ? different : thorough
  }
}

extension Color {
  /// This colour moved by at most `amount` per channel, and still nearest to its own among a palette.
  fileprivate func varied(
    by amount: Double, among palette: [Color], using random: inout RandomStream
  ) -> Color {
    while true {
      let candidate = shifted(by: amount, using: &random)
      let own = candidate.squaredDistance(to: self)
      if palette.allSatisfy({ $0 == self || candidate.squaredDistance(to: $0) > own }) {
        return candidate
      }
    }
  }

  /// Each channel moved by at most `amount`.
  func shifted(by amount: Double, using random: inout RandomStream) -> Color {
    func move(_ channel: Float) -> Float {
      min(max(channel + Float(random.uniform(in: -amount...amount)), 0), 1)
    }
    return Color(red: move(red), green: move(green), blue: move(blue))
  }

  private func squaredDistance(to other: Color) -> Float {
    let r = red - other.red
    let g = green - other.green
    let b = blue - other.blue
    return r * r + g * g + b * b
  }
}
